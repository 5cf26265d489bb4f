"""AWS's limits for names, descriptions, tags and durations (IAM User Guide: quotas).

Pure functions that raise `RefusedError`. The server applies them to requests, the plugin to inputs
before it sends a request.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from sandbox.aws.refusal import RefusedError, invalid

ROLE_NAME: Final = 64
POLICY_NAME: Final = 128
DESCRIPTION: Final = 1000
PATH: Final = 512
TAGS: Final = 50
TAG_KEY: Final = 128
TAG_VALUE: Final = 256
SESSION: Final = range(3600, 43200 + 1)
CLIENT_IDS: Final = 100
CLIENT_ID: Final = 255
THUMBPRINTS: Final = 5
THUMBPRINT: Final = 40
ATTACHED_POLICIES: Final = 10

_NAME = re.compile(r"[\w+=,.@-]+", re.ASCII)
_PATH = re.compile(r"/|/[\x21-\x7e]+/")
_DESCRIPTION = re.compile(r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*")
#: Letters, digits and spaces of any script, and a few signs (`\p{L}\p{Z}\p{N}_.:/=+\-@`).
_TAG = re.compile(r"[\w\s.:/=+@-]*")
_AT_MOST = "Member must have length less than or equal to "


def check_role_name(name: str) -> None:
    """Refuse an invalid role name."""
    _check_name(name, "roleName", ROLE_NAME)


def check_policy_name(name: str) -> None:
    """Refuse an invalid name of an inline or managed policy."""
    _check_name(name, "policyName", POLICY_NAME)


def check_path(path: str) -> None:
    """Refuse a path that does not begin and end with a slash."""
    if len(path) > PATH:
        raise invalid(path, "path", f"{_AT_MOST}{PATH}")
    if not _PATH.fullmatch(path):
        raise RefusedError(
            "ValidationError",
            "The specified value for path is invalid. It must begin and end with / and contain "
            "only alphanumeric characters and/or / characters.",
        )


def check_description(description: str) -> None:
    """Refuse a description that is too long or has characters outside Latin-1."""
    if len(description) > DESCRIPTION:
        raise invalid(description, "description", f"{_AT_MOST}{DESCRIPTION}")
    if not _DESCRIPTION.fullmatch(description):
        raise invalid(
            description,
            "description",
            "Member must satisfy regular expression pattern: "
            r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
        )


def check_session_duration(seconds: int) -> None:
    """Refuse a session shorter than one hour or longer than twelve hours."""
    if seconds < SESSION.start:
        bound = f"greater than or equal to {SESSION.start}"
    elif seconds >= SESSION.stop:
        bound = f"less than or equal to {SESSION.stop - 1}"
    else:
        return
    raise invalid(seconds, "maxSessionDuration", f"Member must have value {bound}")


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuse too many tags, and tags that are too long, reserved or have invalid characters."""
    if len(tags) > TAGS:
        raise RefusedError("LimitExceeded", f"Cannot exceed quota for TagsPerRole: {TAGS}")
    if len({key.lower() for key in tags}) < len(tags):
        raise RefusedError(
            "InvalidInput",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        )
    for key, value in tags.items():
        _check_tag(key, "tags.1.member.key", TAG_KEY)
        _check_tag(value, "tags.1.member.value", TAG_VALUE)
        if not key:
            raise invalid(
                key, "tags.1.member.key", "Member must have length greater than or equal to 1"
            )
        if key.lower().startswith("aws:"):
            raise RefusedError(
                "InvalidInput",
                "Invalid tag key. System tags with 'aws:' prefix are reserved for AWS use.",
            )


def check_issuer(url: str) -> None:
    """Refuse an issuer that is not an https address."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.netloc or parts.query:
        raise RefusedError("ValidationError", "Invalid Open ID Connect Provider URL")
    if len(url) > CLIENT_ID:
        raise invalid(url, "url", f"{_AT_MOST}{CLIENT_ID}")


def check_client_ids(client_ids: list[str]) -> None:
    """Refuse too many audiences for a provider, or an audience of invalid length."""
    if len(client_ids) > CLIENT_IDS:
        raise RefusedError(
            "LimitExceeded",
            f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {CLIENT_IDS}",
        )
    for client_id in client_ids:
        if not 1 <= len(client_id) <= CLIENT_ID:
            raise invalid(client_id, "clientIDList", f"{_AT_MOST}{CLIENT_ID}")


def check_thumbprints(thumbprints: list[str]) -> None:
    """Refuse too many thumbprints for a provider, or one that is not a SHA-1 hash."""
    if len(thumbprints) > THUMBPRINTS:
        raise RefusedError("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
    for thumbprint in thumbprints:
        if len(thumbprint) != THUMBPRINT:
            raise invalid(thumbprint, "thumbprintList", f"Member must have length {THUMBPRINT}")


def _check_name(name: str, parameter: str, longest: int) -> None:
    if not name:
        raise invalid(name, parameter, "Member must have length greater than or equal to 1")
    if len(name) > longest:
        raise invalid(name, parameter, f"{_AT_MOST}{longest}")
    if not _NAME.fullmatch(name):
        raise RefusedError(
            "ValidationError",
            f"The specified value for {parameter} is invalid. It must contain only alphanumeric "
            "characters and/or the following: +=,.@_-",
        )


def _check_tag(text: str, parameter: str, longest: int) -> None:
    if len(text) > longest:
        raise invalid(text, parameter, f"{_AT_MOST}{longest}")
    if not _TAG.fullmatch(text):
        raise invalid(
            text,
            parameter,
            r"Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*",
        )
