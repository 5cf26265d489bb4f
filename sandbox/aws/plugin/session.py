"""Clients of AWS services, all with the sandbox's endpoint.

An endpoint of the real AWS is refused: this plugin supports only a few types and must not replace
the official one.

botocore is imported when AWS is called: importing it takes longer than the rest of the plugin, and
from some plugins the engine only wants the schema.
"""

import functools
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import botocore.session
    from botocore.config import Config
    from botocore.loaders import Loader


#: The sandbox's own host, for which no table is read.
_LOCAL: Final = "127.0.0.1"


class SessionError(Exception):
    """The plugin cannot or must not use the endpoint; the text has the reason."""


def endpoint() -> str:
    """The sandbox's endpoint.

    Raises:
        SessionError: AWS_ENDPOINT_URL is missing, not a URL, or the real AWS.
    """
    url = os.environ.get("AWS_ENDPOINT_URL", "")
    if not url:
        raise SessionError(
            "this pulumi-resource-aws is slipway's own, for its sandbox only: set AWS_ENDPOINT_URL "
            '(eval "$(slipway sandbox env)"), or unset PULUMI_HOME to use the real plugin'
        )
    host = (urlsplit(url).hostname or "").lower()
    if not host:
        raise SessionError(f"AWS_ENDPOINT_URL={url} is no address such as http://127.0.0.1:5000")
    if host != _LOCAL and f".{host}".endswith(_amazons()):
        raise SessionError(
            f"AWS_ENDPOINT_URL={url}: this pulumi-resource-aws is slipway's own, for its sandbox "
            "only, and never talks to AWS; unset PULUMI_HOME to use the real plugin"
        )
    return url


def _amazons() -> tuple[str, ...]:
    """The ends of all of AWS's host names, in every partition."""
    known = _botocore().get_data("partitions")["partitions"]
    ends = ("dnsSuffix", "dualStackDnsSuffix")
    return tuple(f".{one['outputs'][end]}" for one in known for end in ends)


@dataclass(frozen=True)
class Credentials:
    """Access keys, and the session token of an assumed role."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @staticmethod
    def of(settings: Mapping[str, Any]) -> "Credentials":
        """The credentials in the provider's settings, else those in environment variables.

        Deliberately absent: files and instance metadata, which never have the sandbox's keys.

        Raises:
            SessionError: there are no credentials.
        """
        given = settings.get("accessKey"), settings.get("secretKey"), settings.get("token")
        if not (given[0] and given[1]):
            names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
            given = tuple(os.environ.get(name) for name in names)  # type: ignore[assignment] # three names
        key, secret, token = given
        if not (key and secret):
            raise SessionError(
                "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        return Credentials(key, secret, token)


class Session:
    """A session in one account as one principal; threads share its clients."""

    def __init__(self, url: str, region: str, credentials: Credentials) -> None:
        self._url = url
        self.region = region
        self._credentials = credentials
        self._making = threading.Lock()
        self._made: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str | None = None) -> Any:
        """The client of a service in a region, by default the session's region."""
        key = service, region or self.region
        with self._making:
            if key not in self._made:
                self._made[key] = _botocore().create_client(
                    service,
                    region_name=key[1],
                    endpoint_url=self._url,
                    aws_access_key_id=self._credentials.access_key,
                    aws_secret_access_key=self._credentials.secret_key,
                    aws_session_token=self._credentials.token,
                    config=_config(),
                )
        return self._made[key]

    @property
    def iam(self) -> Any:
        """The client of IAM, which has one endpoint for all regions of a partition."""
        return self.client("iam")

    @property
    def partition(self) -> tuple[str, str]:
        """Name of the region's partition, and the end of its services' host names."""
        known = _botocore().get_data("partitions")["partitions"]
        name = _botocore().get_partition_for_region(self.region)
        (domain,) = (one["outputs"]["dnsSuffix"] for one in known if one["id"] == name)
        return name, domain

    def assume(self, role: Mapping[str, Any]) -> "Session":
        """The session of an assumed role."""
        optional = {"ExternalId": role.get("externalId")}
        given = self.client("sts").assume_role(
            RoleArn=role["roleArn"],
            RoleSessionName=role.get("sessionName") or "pulumi-sandbox",
            **{name: value for name, value in optional.items() if value},
        )["Credentials"]
        credentials = Credentials(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
        )
        return Session(self._url, self.region, credentials)


def preload() -> None:
    """Import botocore, load the models of its services, and make a session: 0.3 s of CPU.

    The session that is left for the forks has no client yet. With its first client it reads the
    fork's environment, which an older one would not read again (`sandbox.preloaded`).
    """
    nowhere = Session("http://127.0.0.1:1", "eu-west-1", Credentials("none", "none"))
    for service in ("iam", "secretsmanager", "ssm", "sts"):
        nowhere.client(service)
    # For the first list of pages, botocore looks through the folders of all of AWS's services. A
    # refresh reads many lists at once, and each of its threads would look for itself.
    nowhere.iam.can_paginate("list_roles")
    _botocore.cache_clear()
    _botocore()


@functools.cache
def _botocore() -> "botocore.session.Session":
    """One botocore session for all clients.

    boto3 would cost 0.1 s more in each of the three or four processes of a run.
    """
    import botocore.session  # noqa: PLC0415

    session = botocore.session.Session()
    session.register_component("data_loader", _models())
    return session


@functools.cache
def _models() -> "Loader":
    """Botocore's own models, which do not depend on the environment."""
    from botocore.loaders import Loader  # noqa: PLC0415

    return Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@functools.cache
def _config() -> "Config":
    from botocore.config import Config  # noqa: PLC0415

    return Config(
        connect_timeout=5,
        read_timeout=60,
        max_pool_connections=16,
        retries={"mode": "standard", "total_max_attempts": 6},
    )
