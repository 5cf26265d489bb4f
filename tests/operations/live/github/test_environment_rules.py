"""Values that slipway does not know are kept, not filtered out."""

from typing import Any

import pytest

from operations.live.github.environments import read_branch_policy, read_protection
from operations.live.observed import ObservedEnvironment
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.accounts import EnterpriseTeam
from sandbox.github.environments import BranchPolicy
from tests.operations.live.observing import BILLING

USER = {"type": "User", "reviewer": {"login": "Octocat", "id": 5}}
TEAM = {"type": "Team", "reviewer": {"slug": "platform", "id": 7}}


def prod() -> ObservedEnvironment:
    """Look at billing's prod."""
    found = observe_repositories("acme", [BILLING])["billing"]
    assert found is not None
    return found.environments["prod"]


def test_rules_of_unknown_kinds_are_read(github: Store) -> None:
    """Reviewers, rules and patterns of unknown kinds are reported with the known ones."""
    repository = github.repository("acme", "billing")
    assert repository is not None
    environment = repository.environments["prod"]
    environment.protection.reviewers += (EnterpriseTeam("ent:xyz"),)
    environment.protection.further_rules = ("moon_phase",)
    environment.policies[99] = BranchPolicy(99, "abc*", "commit")
    found = prod()
    assert found.other_reviewers == {"BusinessTeam ent:xyz"}
    assert found.reviewers == {"octocat", "team platform", "BusinessTeam ent:xyz"}
    assert found.other_rules == {"moon_phase"}
    assert found.other_patterns == {("commit", "abc*")}
    assert (set(found.branches), set(found.tags)) == ({"main", "release/*"}, {"v*"})


def test_ids_of_reviewers_are_reported_by_name(github: Store) -> None:
    """GitHub's ids of users and teams are reported by name."""
    octocat, acme = github.account("Octocat"), github.organization("acme")
    assert octocat is not None
    assert acme is not None
    ids = {"octocat": octocat.id, "team platform": acme.teams["platform"].id}
    assert prod().reviewer_ids == ids


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"type": "BusinessTeam", "reviewer": {"slug": "ent:xyz"}}, "BusinessTeam ent:xyz"),
        ({"type": "Robot", "reviewer": {"id": 9}}, "Robot 9"),
        ({"type": "Robot", "reviewer": None}, "Robot without a name"),
        ({"type": "User", "reviewer": {"id": 9}}, "User 9"),
        ({"reviewer": {"login": "x"}}, "None x"),
    ],
)
def test_every_reviewer_is_reported(who: dict[str, Any], words: str) -> None:
    """A reviewer of any type and form is reported, since it may approve."""
    found = read_protection([{"type": "required_reviewers", "reviewers": [who, USER, TEAM]}])
    assert found["other_reviewers"] == {words}
    assert (set(found["users"]), set(found["teams"])) == ({"octocat"}, {"platform"})


@pytest.mark.parametrize(
    ("flags", "policy"),
    [
        (None, "any"),
        ({"custom_branch_policies": True, "protected_branches": False}, "custom"),
        ({"custom_branch_policies": False, "protected_branches": True}, "protected"),
        ({"custom_branch_policies": False, "protected_branches": False}, "unknown"),
        ({"some_other": True}, "unknown"),
    ],
)
def test_a_policy_is_one_of_three_or_unknown(flags: dict[str, bool] | None, policy: str) -> None:
    """The branch policy is any, custom or protected; other flags are unknown."""
    assert read_branch_policy(flags) == policy
