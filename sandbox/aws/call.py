"""A request to AWS: its service, action, parameters and signer."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from moto.iam.models import get_account_id_from

from sandbox.aws.partitions import partition_of

Environ = dict[str, Any]

_SIGNED: Final = re.compile(
    r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)


@dataclass(frozen=True)
class Call:
    """One request."""

    #: For example `iam`, and the access key of the signature; None for an unsigned request.
    service: str | None
    key: str | None
    #: For example `CreateRole`; method and path for a service without actions.
    action: str
    parameters: Mapping[str, str]
    #: Whether the service uses AWS's JSON protocol, also for errors.
    is_json: bool
    body: bytes = b""
    #: The region of the signature; empty for an unsigned request.
    region: str = ""

    @property
    def account(self) -> str:
        """The id of the calling account; empty for an unsigned request."""
        return get_account_id_from(self.key) if self.key else ""

    @property
    def partition(self) -> str:
        """The partition of the signature's region, in whose endpoint the request arrives."""
        return partition_of(self.region)

    @property
    def is_countable(self) -> bool:
        """Whether this is a request to AWS, not for one of moto's own pages."""
        return self.service is not None or "Action" in self.parameters

    @classmethod
    def of(cls, environ: Environ, body: bytes) -> "Call":
        """Parse a request."""
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        parameters = _parameters(environ, body)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        other = f"{environ.get('REQUEST_METHOD', '')} {environ.get('PATH_INFO', '')}"
        action = parameters.get("Action") or target.rpartition(".")[2] or other
        return cls(
            signed["service"] if signed else None,
            signed["key"] if signed else None,
            action,
            parameters,
            bool(target),
            body,
            signed["region"] if signed else "",
        )


def body_of(environ: Environ) -> bytes:
    """The request's body, which moto can still read afterwards."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _parameters(environ: Environ, body: bytes) -> dict[str, str]:
    """The parameters from the body and from the address: AWS's query protocol accepts both."""
    query = environ.get("QUERY_STRING", "")
    pairs = [*parse_qsl(query, keep_blank_values=True)]
    pairs += parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return dict(pairs)
