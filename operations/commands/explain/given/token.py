"""Read the claims of an id-token (RFC 7519), without checking its signature.

The token is a credential: it is not kept, and no error, however it is printed, has a part of it.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from operations.commands.explain.asked import Asked, Times
from operations.commands.explain.given.source import problem, read_given
from operations.commands.explain.job import Job

OPTION: Final = "--token"
_PARTS: Final = 3
#: The claims that tell which job it is.
_OF_A_JOB: Final = ("event_name", "ref", "workflow_ref")


def read_claims(name: str) -> Mapping[str, Any]:
    """All claims of the token in a file, or in standard input for `-`.

    Raises:
        ConfigurationError: it cannot be read, or is no token.
    """
    parts = read_given(OPTION, name).strip().split(".")
    if len(parts) != _PARTS:
        raise problem(OPTION, f"{name} has no id-token: expected three parts joined by dots")
    payload = parts[1]
    del parts
    try:
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        claims = None
    if not isinstance(claims, Mapping):
        raise problem(OPTION, f"{name} has no id-token: its second part is no JSON object")
    return claims


def job_of(claims: Mapping[str, Any]) -> Job:
    """The job that got the token.

    Raises:
        ConfigurationError: a claim is missing that every token of GitHub's jobs has.
    """
    event, ref, workflow = (claims.get(name) for name in _OF_A_JOB)
    if not all(isinstance(one, str) and one for one in (event, ref, workflow)):
        text = f"it has not all of {', '.join(_OF_A_JOB)}: it is no token of a job of GitHub"
        raise problem(OPTION, text)
    # OWNER/REPOSITORY/PATH@REF
    path = str(workflow).partition("@")[0].split("/", 2)[-1]
    return Job(event=str(event), ref=str(ref), path=path)


def asked_with(claims: Mapping[str, Any]) -> Asked:
    """The request to STS of a job with the token."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    return Asked(
        claims={
            name: str(value)
            for name, value in claims.items()
            if isinstance(value, str | int | float) and not isinstance(value, bool)
        },
        audiences=[str(one) for one in audiences if one],
        issuer=str(claims.get("iss", "")),
        times=Times(begins=_seconds(claims.get("nbf")), ends=_seconds(claims.get("exp"))),
    )


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
