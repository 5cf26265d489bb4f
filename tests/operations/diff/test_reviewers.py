"""Reviewers are identified by id, since names can be taken over."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from operations.diff.finding import Direction, Finding
from operations.diff.last_up import Ids
from operations.diff.reviewers import Known, reviewer_findings
from operations.reports.remedies import remedy
from tests.operations.diff import worlds

GIVEN = Ids(users=frozenset({12}), teams=frozenset({31}))
ALL = {"octocat": 12, "team platform": 31}


def findings(
    ids: Mapping[str, int],
    given: Ids | None = GIVEN,
    meaning: Mapping[str, int | None] | None = None,
    outsiders: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Findings where octocat and platform are declared and these may approve."""
    prod = {"reviewers": {"users": ["Octocat"], "teams": ["platform"]}}
    stack = worlds.stack(environments={"prod": prod})
    (repository,) = stack.repositories
    teams = frozenset(name.removeprefix("team ") for name in ids if name.startswith("team "))
    users = frozenset(name for name in ids if not name.startswith("team "))
    live = replace(
        worlds.environment(stack, "prod"), users=users, teams=teams, reviewer_ids=dict(ids)
    )
    known = Known(given, meaning or {}, outsiders)
    return list(reviewer_findings(repository, "prod", live, known))


@pytest.mark.parametrize("given", [GIVEN, None, Ids()])
def test_given_reviewers_are_no_finding(given: Ids | None) -> None:
    """Reviewers with the ids that slipway gave are no finding, nor are those of a state without."""
    assert findings(ALL, given) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("team platform", "team platform: 31 -> team platform: 77"),
        ("octocat", "octocat: 12 -> octocat: 77"),
    ],
)
def test_another_of_the_same_name_is_weaker(name: str, text: str) -> None:
    """Another account or team with a declared reviewer's name is weaker."""
    (found,) = findings(ALL | {name: 77})
    assert (found.rule, found.field) == ("environment/other_reviewer", "reviewer ids")
    assert f"{found.declared} -> {found.live}" == text
    assert (found.direction.value, found.repair.value) == ("weaker", "by hand")


def test_a_renamed_reviewer_and_another_of_its_name_are_two_findings() -> None:
    """A reviewer's new name and another with its former name are two findings."""
    other, more = findings(ALL | {"team platform": 77, "team former": 31})
    assert (other.rule, more.rule) == ("environment/other_reviewer", "environment/reviewers")


def test_a_declared_reviewer_that_was_added_by_hand_is_no_finding() -> None:
    """A declared reviewer that was added by hand took no other reviewer's name: no finding."""
    assert findings(ALL, Ids(users=frozenset(), teams=frozenset({31}))) == []


def test_a_renamed_reviewer_is_neutral_and_repaired_by_hand() -> None:
    """A reviewer's new name is a neutral finding for the declaration if its old name is free."""
    ids = {"octocat": 12, "team former": 31}
    (found,) = findings(ids, meaning={"team platform": None})
    assert (found.rule, found.declared) == ("environment/renamed_reviewer", "team platform")
    assert (found.live, found.direction.value) == ("team former", "neutral")
    assert found.repair.value == "by hand"


@pytest.mark.parametrize(
    ("ids", "meaning", "said"),
    [
        (
            {"octocat-2": 12, "team platform": 31},
            {"octocat": 77},
            "octocat (another account, id 77), team platform",
        ),
        (
            {"octocat": 12, "team former": 31},
            {"team platform": 77},
            "octocat, team platform (another team, id 77)",
        ),
    ],
)
def test_a_declared_name_that_is_anothers_now_is_named_so(
    ids: dict[str, int], meaning: dict[str, int], said: str
) -> None:
    """If a declared name is another's now, the finding says so and the repair needs consent."""
    (found,) = findings(ids, meaning=meaning)
    assert (found.rule, found.declared) == ("environment/reviewers", said)
    assert (found.direction, found.repaired) == (Direction.WEAKER, Direction.WEAKER)


@pytest.mark.parametrize(
    ("ids", "given"),
    [
        # slipway never gave this reviewer.
        ({"octocat": 12, "team former": 99}, GIVEN),
        # A user in place of a team.
        ({"octocat": 12, "hubot": 31}, GIVEN),
        # The state does not tell whom slipway gave.
        ({"octocat": 12, "team former": 31}, None),
    ],
)
def test_another_id_is_not_a_renamed_reviewer(ids: dict[str, int], given: Any) -> None:
    """A reviewer counts as renamed only if slipway gave the same id of the same kind."""
    (found,) = findings(ids, given, {"team platform": None})
    assert (found.rule, found.direction.value) == ("environment/reviewers", "weaker")


@pytest.mark.parametrize(
    ("ids", "outsiders", "said", "direction"),
    [
        ({}, {"team platform"}, "octocat, team platform (no access) -> ", "weaker"),
        (
            {"octocat": 12},
            {"team platform"},
            "octocat, team platform (no access) -> octocat",
            "stronger",
        ),
        (
            {"team platform": 31},
            {"octocat"},
            "octocat (no access), team platform -> team platform",
            "stronger",
        ),
    ],
    ids=["nobody is left", "a team", "a user"],
)
def test_a_dropped_reviewer_without_access_is_repaired_by_hand(
    ids: dict[str, int], outsiders: set[str], said: str, direction: str
) -> None:
    """A missing reviewer without access is repaired by hand: GitHub would drop it again."""
    (found,) = findings(ids, outsiders=frozenset(outsiders))
    assert (found.rule, found.repair.value) == ("environment/reviewer_access", "by hand")
    assert (f"{found.declared} -> {found.live}", found.direction.value) == (said, direction)
    assert remedy(found, "acme").startswith("by hand: give the team access to the repository")


def test_a_required_reviewer_without_access_is_reported() -> None:
    """A required reviewer without access is a neutral finding: GitHub's next write drops it."""
    (found,) = findings(ALL, outsiders=frozenset({"team platform", "hubot"}))
    assert (found.rule, found.field) == ("environment/reviewer_access", "reviewers' access")
    assert (found.live, found.direction.value) == ("team platform: none", "neutral")
    assert found.repair.value == "by hand"


def test_a_missing_reviewer_with_access_is_repaired_by_up() -> None:
    """A missing reviewer with access is repaired by `up`."""
    (found,) = findings({"octocat": 12}, outsiders=frozenset({"hubot"}))
    assert (found.rule, found.repair.value) == ("environment/reviewers", "up")
