"""Find the demands of classic branch protection that refuse a change of slipway's.

Administrators are exempt unless the protection includes them, and an App is no administrator
(docs.github.com: about protected branches). A lock and the ban on deletion bind administrators as
well.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from components.model.ref_patterns import admits
from operations.live.github.api import GitHub
from operations.live.github.rules.changes import Change

#: GitHub signs the commits that an App makes by REST (docs.github.com: signature verification).
_SIGNATURES: Final = "required_signatures"
_REVIEWS: Final = "required_pull_request_reviews"
_CHECKS: Final = "required_status_checks"
_RESTRICTIONS: Final = "restrictions"
_LOCK: Final = "lock_branch"
#: GraphQL's names of demands that refuse commits.
_SWITCHES: Final = {
    "requiresApprovingReviews": _REVIEWS,
    "requiredStatusCheckContexts": _CHECKS,
    "restrictsPushes": _RESTRICTIONS,
    "requiresDeployments": "required_deployments",
}
#: The most rules of one question; GitHub has no more of one page.
_MOST: Final = 100
_FIELDS: Final = " ".join(
    (
        *("pattern", "isAdminEnforced", "lockBranch", "blocksCreations"),
        *("requiresCommitSignatures", *_SWITCHES),
    )
)


def refusing_demands(
    github: GitHub, full_name: str, found: Mapping[str, Any] | None, change: Change
) -> Iterator[str]:
    """GitHub's names of the demands that refuse the change.

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

    An installation is the viewer `SLUG[bot]` of GraphQL; REST tells it nothing of its App.
    """
    if not actors:
        return False
    if github.is_app:
        viewer = github.query("query { viewer { login } }").get("viewer") or {}
        slugs = {f"{app['slug']}[bot]" for app in actors.get("apps") or ()}
        return viewer.get("login") in slugs
    login = str((github.account("user") or {}).get("login") or "").lower()
    if login in {str(user["login"]).lower() for user in actors.get("users") or ()}:
        return True
    teams = f"orgs/{full_name.partition('/')[0]}/teams"
    return any(
        (github.account(f"{teams}/{team['slug']}/memberships/{login}") or {}).get("state")
        == "active"
        for team in actors.get("teams") or ()
    )


def read_patterns(github: GitHub, full_name: str) -> tuple[Mapping[str, Any], ...]:
    """All classic protection of a repository, by pattern, as GraphQL tells it.

    REST tells the protection of a branch that exists, and nothing of one that will.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    owner, _, name = full_name.partition("/")
    place = f"repository(owner: {json.dumps(owner)}, name: {json.dumps(name)})"
    asked = f"branchProtectionRules(first: {_MOST}) {{ nodes {{ {_FIELDS} }} }}"
    answer = github.query(f"query {{ {place} {{ {asked} }} }}")
    found = (answer.get("repository") or {}).get("branchProtectionRules") or {}
    return tuple(found.get("nodes") or ())


def refusing_patterns(
    patterns: Iterable[Mapping[str, Any]], change: Change, *, is_app: bool
) -> Iterator[str]:
    """GitHub's names of the demands that refuse a change of a branch that does not exist yet.

    The people, teams and Apps that a restriction or an exception lists are not read, so slipway may
    refuse a change that GitHub would accept.

    Args:
        patterns: all classic protection of the repository; one of those that match is in force.
        change: commits, or the creation of the branch.
        is_app: True for the token of an App.
    """
    for one in patterns:
        if not admits(str(one["pattern"]), change.branch):
            continue
        if change.kind == "commit" and one["lockBranch"]:
            yield _LOCK
        if not is_app and not one["isAdminEnforced"]:
            continue
        if change.kind == "commit":
            yield from (demand for switch, demand in _SWITCHES.items() if one[switch])
            if one["requiresCommitSignatures"] and not is_app:
                yield _SIGNATURES
        elif one["restrictsPushes"] and one["blocksCreations"]:
            yield "block_creations"
