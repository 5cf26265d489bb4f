"""The request to STS: the token's claims, the role, and the session.

Deliberately absent: the token itself, which is not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Claims = Mapping[str, str | None]
"""Claims of an id-token by name: None for one that is not known; an absent one is not there."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a token, in seconds since the epoch; None if the token has none."""

    begins: float | None
    ends: float | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One AssumeRoleWithWebIdentity that a job sends, sent, or would send."""

    claims: Claims = field(repr=False)
    """The token's claims by name; None for one that is not known."""
    audiences: Sequence[str]
    """The token's audiences; a token of GitHub has one. Empty: not known."""
    role: str = ""
    """ARN of the role; empty: the declared one."""
    session_name: str | None = None
    """None if it is not known."""
    seconds: str = ""
    """The session's length as it was written; empty: not known."""
    issuer: str = ""
    """The token's issuer; empty: the one that is declared."""
    times: Times | None = None
    """None if there is no token."""
    outcome: Mapping[str, str] | None = None
    """AWS's answer then: `when`, `code` and `message`, empty after a success."""
