"""Read the protection rules of an environment, and keep those of unknown types.

GitHub adds types of rules, reviewers and patterns before it documents them: an enterprise's team
reviews as `BusinessTeam`, which no description lists. A rule of an unknown type is in force, so it
must be reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.live.observed import BranchPolicy

#: The key of the name of each known type of reviewer, and the prefix of the name.
_NAMED: Final = {"User": ("login", ""), "Team": ("slug", "team ")}
_KNOWN_RULES: Final = {"branch_policy", "required_reviewers", "wait_timer"}


@dataclass(frozen=True)
class Protection:
    """An environment's `protection_rules`, by meaning."""

    users: frozenset[str]
    teams: frozenset[str]
    other_reviewers: frozenset[str]
    reviewer_ids: Mapping[str, int]
    wait_minutes: int
    prevent_self_review: bool
    other_rules: frozenset[str]


def read_protection(rules: Iterable[Mapping[str, Any]]) -> Protection:
    """The rules of an environment, as `ObservedEnvironment` has them."""
    by_type: dict[str, Mapping[str, Any]] = {str(rule.get("type")): rule for rule in rules}
    required = by_type.get("required_reviewers", {})
    names: dict[str, set[str]] = {"User": set(), "Team": set(), "": set()}
    ids: dict[str, int] = {}
    for who in required.get("reviewers") or ():
        kind, name, words = _reviewer(who)
        names[kind].add(name)
        if "id" in (who.get("reviewer") or {}):
            ids[words] = int(who["reviewer"]["id"])
    return Protection(
        users=frozenset(names["User"]),
        teams=frozenset(names["Team"]),
        other_reviewers=frozenset(names[""]),
        reviewer_ids=ids,
        wait_minutes=by_type.get("wait_timer", {}).get("wait_timer", 0),
        prevent_self_review=bool(required.get("prevent_self_review")),
        other_rules=frozenset(by_type.keys() - _KNOWN_RULES),
    )


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
