"""Read the environments of one repository: dev, test and prod with everything in them.

For three environments these are ten requests: the list of environments, and three lists for each.
GitHub has no list of secrets, variables or branch policies across environments, neither in REST
(docs.github.com/rest/actions, docs.github.com/rest/deployments) nor in GraphQL.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.plan import Offered, Plan
from components.model.types import ENVIRONMENTS
from operations.live.answers import told_time
from operations.live.github.api import GitHub
from operations.live.github.environment_rules import read_branch_policy, read_protection
from operations.live.github.reviewers import outsiders
from operations.live.observed import ObservedEnvironment, ObservedRepository, RepositoryDetails

#: GitHub's most items of one page (docs.github.com/rest/actions/variables).
_VARIABLES_A_PAGE: Final = 30
#: How often a list is read that changes meanwhile.
_LOOKS: Final = 4


def with_environments(
    github: GitHub,
    owner: str,
    details: RepositoryDetails,
    plan: Plan | None,
    checked: frozenset[str],
) -> ObservedRepository:
    """The repository with its environments, and with the access of the reviewers they require.

    Args:
        github: the session.
        owner: the stack's owner.
        details: the part that was read already.
        plan: the owner's plan, if it is known.
        checked: reviewers whose access the details tell.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    place = f"repos/{details.full_name}"
    offered = Offered(plan=plan, public=details.public)
    # If the plan has no environments, GitHub answers 404, which must not mean "none" otherwise.
    names, others = _environments(github, place) if offered.environments else ({}, [])
    environments = {
        name: _environment(github, f"{place}/environments/{quote(found['name'], safe='')}", found)
        for name, found in names.items()
    }
    required = frozenset().union(*(one.known_reviewers for one in environments.values()))
    without_access = outsiders(github, owner, details, required - checked)
    return ObservedRepository(
        **{**vars(details), "outsiders": details.outsiders | without_access},
        plan=None if details.public else plan,
        environments=environments,
        other_environments=tuple(others),
    )


def _environments(github: GitHub, place: str) -> tuple[dict[str, Any], list[str]]:
    """Ours by name in lower case, and the names of all others."""
    ours: dict[str, Any] = {}
    others = []
    for found in every(github, f"{place}/environments", "environments"):
        name = found["name"]
        if name.lower() in ENVIRONMENTS:
            ours[name.lower()] = found
        else:
            others.append(name)
    return ours, others


def _environment(github: GitHub, place: str, found: Mapping[str, Any]) -> ObservedEnvironment:
    policy = read_branch_policy(found.get("deployment_branch_policy"))
    patterns: dict[str, dict[str, int]] = {"branch": {}, "tag": {}}
    if policy == "custom":
        path = f"{place}/deployment-branch-policies"
        for pattern in every(github, path, "branch_policies"):
            of_type = patterns.setdefault(str(pattern.get("type") or "branch"), {})
            of_type[pattern["name"]] = pattern["id"]
    variables = every(github, f"{place}/variables", "variables", _VARIABLES_A_PAGE)
    secrets = every(github, f"{place}/secrets", "secrets")
    protection = read_protection(found.get("protection_rules") or ())
    return ObservedEnvironment(
        name=found["name"],
        admin_bypass=found.get("can_admins_bypass", True),
        branch_policy=policy,
        branches=patterns.pop("branch"),
        tags=patterns.pop("tag"),
        variables={variable["name"].upper(): variable["value"] for variable in variables},
        secrets={secret["name"].upper(): told_time(secret["updated_at"]) for secret in secrets},
        created=told_time(found["created_at"]),
        other_patterns=frozenset(
            (kind, pattern) for kind, several in patterns.items() for pattern in several
        ),
        users=protection.users,
        teams=protection.teams,
        other_reviewers=protection.other_reviewers,
        reviewer_ids=protection.reviewer_ids,
        wait_minutes=protection.wait_minutes,
        prevent_self_review=protection.prevent_self_review,
        other_rules=protection.other_rules,
    )


def every(github: GitHub, path: str, key: str, per_page: int = 100) -> Iterator[Any]:
    """Every item of a list, page by page.

    Args:
        github: the session.
        path: of the list, without paging.
        key: the member of each answer that holds the items.
        per_page: GitHub's most for this list.

    Raises:
        ConfigurationError: GitHub shows no such list, or refuses. GitHub answers 200 for an empty
            list. A 404 may mean that the token may not see it (docs.github.com: troubleshooting
            the REST API), so it is not taken for an empty list.
    """
    before: list[Any] | None = None
    for _ in range(_LOOKS):
        found, settled = _pages(github, path, key, per_page)
        if settled or found == before:
            return iter(found)
        before = found
    text = f"tells another list at each look at {path}: somebody is changing it, try again"
    raise ConfigurationError([Problem(github.url, 0, "", text)], ExitCode.ERROR)


def _pages(github: GitHub, path: str, key: str, per_page: int) -> tuple[list[Any], bool]:
    """All items of one look, and whether every page told the number of them.

    If an item is deleted between two pages, a later item moves to a page that was read already.
    """
    found: list[Any] = []
    counts: set[int] = set()
    for answer in github.pages(f"{path}?per_page={per_page}"):
        if answer is None:
            text = f"does not show {path}: it was just deleted, or the token may not see it"
            raise ConfigurationError([Problem(github.url, 0, "", text)], ExitCode.ERROR)
        counts.add(answer["total_count"])
        found += answer[key]
    return found, counts == {len(found)}
