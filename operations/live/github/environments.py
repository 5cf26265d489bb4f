"""Read the environments of one repository: dev, test and prod with everything in them.

For three environments these are up to 13 requests: the list of environments, and four lists for
each. GitHub has no list of secrets, variables, branch policies or custom rules across environments,
neither in REST (docs.github.com/rest/actions, docs.github.com/rest/deployments) nor in GraphQL.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.plan import Offered, Plan
from components.model.types import ENVIRONMENTS
from operations.live.answers import told_time
from operations.live.github.api import GitHub
from operations.live.github.reviewers import outsiders
from operations.live.observed import (
    BranchPolicy,
    ObservedEnvironment,
    ObservedRepository,
    RepositoryDetails,
)

#: GitHub's most items of one page (docs.github.com/rest/actions/variables).
VARIABLES_A_PAGE: Final = 30
#: How often a list is read that changes meanwhile.
_LOOKS: Final = 4
#: The key of the name of each known type of reviewer, and the prefix of the name.
_NAMED: Final = {"User": ("login", ""), "Team": ("slug", "team ")}
_KNOWN_RULES: Final = {"branch_policy", "required_reviewers", "wait_timer"}


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
        name: _environment(
            github, f"{place}/environments/{quote(found['name'], safe='')}", found, offered
        )
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


def _environment(
    github: GitHub, place: str, found: Mapping[str, Any], offered: Offered
) -> ObservedEnvironment:
    policy = read_branch_policy(found.get("deployment_branch_policy"))
    patterns: dict[str, dict[str, int]] = {"branch": {}, "tag": {}}
    if policy == "custom":
        path = f"{place}/deployment-branch-policies"
        for pattern in every(github, path, "branch_policies"):
            of_type = patterns.setdefault(str(pattern.get("type") or "branch"), {})
            of_type[pattern["name"]] = pattern["id"]
    variables = every(github, f"{place}/variables", "variables", VARIABLES_A_PAGE)
    secrets = every(github, f"{place}/secrets", "secrets")
    return ObservedEnvironment(
        name=found["name"],
        id=found.get("id"),
        admin_bypass=found.get("can_admins_bypass", True),
        branch_policy=policy,
        branches=patterns.pop("branch"),
        tags=patterns.pop("tag"),
        variables={variable["name"].upper(): variable["value"] for variable in variables},
        secrets={secret["name"].upper(): told_time(secret["updated_at"]) for secret in secrets},
        created=told_time(found["created_at"]),
        custom_rules=frozenset(_custom_rules(github, place, offered)),
        other_patterns=frozenset(
            (kind, pattern) for kind, several in patterns.items() for pattern in several
        ),
        **read_protection(found.get("protection_rules") or ()),
    )


def _custom_rules(github: GitHub, place: str, offered: Offered) -> Iterator[str]:
    """Slugs of the GitHub Apps whose rule is enabled.

    If the plan may have none, GitHub is not asked; if it is unknown, a 404 means none.
    """
    if not offered.rules:
        return
    path, key = f"{place}/deployment_protection_rules", "custom_deployment_protection_rules"
    if offered.public or offered.plan is not None:
        rules = every(github, path, key)
    else:
        rules = iter((github.get(path) or {}).get(key, ()))
    yield from (rule["app"]["slug"] for rule in rules if rule["enabled"])


def read_protection(rules: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The rules of an environment, by fields of `ObservedEnvironment`.

    GitHub adds types of rules and reviewers before it documents them: an enterprise's team reviews
    as `BusinessTeam`. A rule of an unknown type is in force, so it must be reported.
    """
    by_type: dict[str, Mapping[str, Any]] = {str(rule.get("type")): rule for rule in rules}
    required = by_type.get("required_reviewers", {})
    names: dict[str, set[str]] = {"User": set(), "Team": set(), "": set()}
    ids: dict[str, int] = {}
    for who in required.get("reviewers") or ():
        kind, name, words = _reviewer(who)
        names[kind].add(name)
        if "id" in (who.get("reviewer") or {}):
            ids[words] = int(who["reviewer"]["id"])
    return {
        "users": frozenset(names["User"]),
        "teams": frozenset(names["Team"]),
        "other_reviewers": frozenset(names[""]),
        "reviewer_ids": ids,
        "wait_minutes": by_type.get("wait_timer", {}).get("wait_timer", 0),
        "prevent_self_review": bool(required.get("prevent_self_review")),
        "other_rules": frozenset(by_type.keys() - _KNOWN_RULES),
    }


def _reviewer(who: Mapping[str, Any]) -> tuple[str, str, str]:
    """Type, name and full spelling of a reviewer; the type is empty if it is unknown."""
    kind, found = str(who.get("type")), who.get("reviewer") or {}
    if kind in _NAMED and (name := found.get(_NAMED[kind][0])):
        name = name.lower() if kind == "User" else name
        return kind, name, f"{_NAMED[kind][1]}{name}"
    keys = ("slug", "login", "name", "id")
    name = next((str(found[key]) for key in keys if found.get(key)), "without a name")
    return "", f"{kind} {name}", f"{kind} {name}"


def read_branch_policy(found: Mapping[str, Any] | None) -> BranchPolicy:
    """The meaning of `deployment_branch_policy`; exactly one of its flags is true."""
    if found is None:
        return "any"
    custom = bool(found.get("custom_branch_policies"))
    if custom == bool(found.get("protected_branches")):
        return "unknown"
    return "custom" if custom else "protected"


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
    text = f"returns another list at each request of {path}: another client changes it, try again"
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
