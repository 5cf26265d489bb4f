"""The provider's settings: which ones are supported, and the session that they open."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.aws.plugin.session import Credentials, Session, SessionError, endpoint
from sandbox.aws.plugin.values import has_unknown

#: The supported settings of pulumi_aws.Provider, with their Python types. The last four have no
#: effect: this plugin never does the checks that they skip.
KNOWN: Final[Mapping[str, type]] = {
    "accessKey": str,
    "allowedAccountIds": list,
    "assumeRoles": list,
    "defaultTags": dict,
    "forbiddenAccountIds": list,
    "region": str,
    "secretKey": str,
    "token": str,
    "skipCredentialsValidation": bool,
    "skipMetadataApiCheck": bool,
    "skipRegionValidation": bool,
    "skipRequestingAccountId": bool,
}
#: The supported members of an item of `assumeRoles`, and of `defaultTags`.
ROLE: Final = {"roleArn", "sessionName", "externalId"}
TAGS: Final = {"tags"}
#: Settings that the engine adds for itself.
_ENGINE: Final = {"version", "pluginDownloadURL"}


@dataclass(frozen=True)
class Provider:
    """A configured provider."""

    session: Session
    default_tags: Mapping[str, str] = field(default_factory=dict)


def decode(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as values: the engine sends all values but texts as JSON."""
    decoded = {}
    for name, value in settings.items():
        kind = KNOWN.get(name, str)
        if isinstance(value, str) and kind is not str:
            try:
                decoded[name] = json.loads(value)
            except ValueError:
                decoded[name] = value
        else:
            decoded[name] = value
    return {name: value for name, value in decoded.items() if name not in _ENGINE}


def problems(settings: Mapping[str, Any]) -> dict[str, str]:
    """The problems of unsupported settings, by name."""
    found: dict[str, str] = {}
    for name, value in decode(settings).items():
        kind = KNOWN.get(name)
        if kind is None:
            found[name] = _unsupported(name, KNOWN)
        elif has_unknown(value):
            continue
        elif not isinstance(value, kind):
            found[name] = f"expected {kind.__name__}, got {type(value).__name__}"
        elif isinstance(value, list) and name == "assumeRoles":
            for role in value:
                found |= _nested(name, role, ROLE)
                if isinstance(role, Mapping) and not role.get("roleArn"):
                    found[name] = "roleArn is missing"
        elif name == "defaultTags":
            found |= _nested(name, value, TAGS)
    return found


def _nested(name: str, value: Any, known: set[str]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {name: f"expected an object, got {type(value).__name__}"}
    return {
        f"{name}.{key}": _unsupported(key, known)
        for key, given in value.items()
        if key not in known and given is not None
    }


def _unsupported(name: str, known: Any) -> str:
    return (
        f"{name!r} is not supported by the sandbox's pulumi-resource-aws; it knows "
        f"{', '.join(sorted(known))}"
    )


def open_provider(settings: Mapping[str, Any]) -> Provider:
    """Open the session that the settings describe, and check its account.

    Raises:
        SessionError: no sandbox runs, a setting is not supported, or the account is not allowed.
    """
    url = endpoint()
    if found := problems(settings):
        raise SessionError("; ".join(f"{name}: {problem}" for name, problem in found.items()))
    given = decode(settings)
    region = given.get("region") or os.environ.get("AWS_REGION", "")
    if not region:
        raise SessionError("no region: set aws:region, the provider's region or AWS_REGION")
    session = Session(url, region, Credentials.of(given))
    for role in given.get("assumeRoles", []):
        session = session.assume(role)
    _check_account(session, given)
    return Provider(session, given.get("defaultTags", {}).get("tags") or {})


def _check_account(session: Session, settings: Mapping[str, Any]) -> None:
    allowed = settings.get("allowedAccountIds")
    forbidden = settings.get("forbiddenAccountIds")
    if not allowed and not forbidden:
        return
    account = session.client("sts").get_caller_identity()["Account"]
    if (allowed and account not in allowed) or (forbidden and account in forbidden):
        raise SessionError(f"AWS account ID not allowed: {account}")
