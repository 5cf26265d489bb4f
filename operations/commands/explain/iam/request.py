"""The request that a trust policy is judged for: who asks, and the keys that conditions compare.

For an id-token of GitHub, STS has the condition keys `aud` and `sub`, and ten more claims since
January 2026 (Service Authorization Reference: AWS Security Token Service). An Enterprise Server's
tokens have the two alone. Deliberately absent: what a condition makes of a value.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

ACTION: Final = "sts:AssumeRoleWithWebIdentity"
#: Claims of GitHub's id-tokens that are condition keys besides `aud` and `sub`.
CLAIMS: Final = (
    *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref"),
    *("repository", "repository_id", "repository_owner_id", "workflow"),
)
_OF_EVERY_ISSUER: Final = ("aud", "sub")
#: Issuers whose further claims STS knows: github.com's, also with an enterprise's slug, and those
#: of ghe.com. The reference has none for an issuer of ghe.com with a slug.
_KNOWN_ISSUER: Final = re.compile(
    r"token\.actions\.(?:githubusercontent\.com(?:/[^/]+)?|[a-z0-9-]+\.ghe\.com)"
    r"|github\.com/enterprises/[^/]+"
)
_SESSION_NAME: Final = "sts:rolesessionname"


class Missing(Enum):
    """Why a condition key has no value here."""

    ABSENT = "the token has none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One AssumeRoleWithWebIdentity."""

    provider: str
    """ARN of the OIDC provider that vouches for the token."""
    issuer: str
    """The provider's URL without scheme; condition keys begin with it."""
    claims: Mapping[str, str | None] = field(repr=False)
    """The token's claims by name. None: not known here. A claim that is missing is absent."""
    session_name: str | None = None
    """The session's name, if it is known."""


def condition_claims(issuer: str) -> tuple[str, ...]:
    """The claims of an issuer's tokens that are condition keys."""
    known = _KNOWN_ISSUER.fullmatch(issuer.lower())
    return (*_OF_EVERY_ISSUER, *CLAIMS) if known else _OF_EVERY_ISSUER


def value_of(key: str, request: Request) -> str | Missing:
    """The value of a condition key, whose name ignores case.

    Keys of services, such as `aws:SourceIp`, exist but are not known here. Those that begin with a
    host belong to an issuer: of another one they are absent, as are claims that AWS does not know.
    """
    wanted = key.lower()
    if wanted == _SESSION_NAME:
        return request.session_name or Missing.UNKNOWN
    host, colon, claim = wanted.rpartition(":")
    if not colon or "." not in wanted.partition(":")[0]:
        return Missing.UNKNOWN
    if host != request.issuer.lower() or claim not in condition_claims(request.issuer):
        return Missing.ABSENT
    value = request.claims.get(claim, Missing.ABSENT)
    return Missing.UNKNOWN if value is None else value
