"""Which demands of classic branch protection refuse a change that slipway makes.

Administrators are exempt unless the protection includes them, and an App is no administrator
(docs.github.com: about protected branches). A lock, and that no branch may be deleted, bind
everybody.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from operations.live.github.api import GitHub
from operations.live.github.rules.changes import Change

#: GitHub signs the commits that an App makes by REST (docs.github.com: signature verification).
_SIGNATURES: Final = "required_signatures"
_REVIEWS: Final = "required_pull_request_reviews"
_CHECKS: Final = "required_status_checks"
_RESTRICTIONS: Final = "restrictions"
_LOCK: Final = "lock_branch"


def refusing_demands(
    github: GitHub, full_name: str, found: Mapping[str, Any] | None, change: Change
) -> Iterator[str]:
    """Names of what refuses the change, in GitHub's words.

    Args:
        github: the session: its user or App may be exempt from a demand.
        full_name: `OWNER/NAME`.
        found: GitHub's answer about the protection of the change's branch; None: it has none.
        change: commits, or the deletion of the branch.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    if found is None:
        return
    # Whether a lock exempts administrators can be read both ways: "no commits can be made".
    if _on(found, _LOCK):
        yield _LOCK
    if change.kind == "delete":
        if not _on(found, "allow_deletions"):
            yield "allow_deletions"
        return
    if not github.is_app and not _on(found, "enforce_admins"):
        return
    if (reviews := found.get(_REVIEWS)) and not _among(
        github, full_name, reviews.get("bypass_pull_request_allowances")
    ):
        yield _REVIEWS
    checks = found.get(_CHECKS)
    if checks and (checks.get("contexts") or checks.get("checks")):
        yield _CHECKS
    if (only := found.get(_RESTRICTIONS)) and not _among(github, full_name, only):
        yield _RESTRICTIONS
    if _on(found, _SIGNATURES) and not github.is_app:
        yield _SIGNATURES


def _on(found: Mapping[str, Any], switch: str) -> bool:
    return bool((found.get(switch) or {}).get("enabled"))


def _among(github: GitHub, full_name: str, actors: Mapping[str, Any] | None) -> bool:
    """Whether users, teams and Apps include the token's.

    GitHub does not tell an installation which App it is of, so an App counts as left out.
    """
    if not actors or github.is_app:
        return False
    login = str((github.get("user") or {}).get("login") or "").lower()
    if login in {str(user["login"]).lower() for user in actors.get("users") or ()}:
        return True
    owner = full_name.partition("/")[0]
    return any(
        (github.get(f"orgs/{owner}/teams/{team['slug']}/memberships/{login}") or {}).get("state")
        == "active"
        for team in actors.get("teams") or ()
    )
