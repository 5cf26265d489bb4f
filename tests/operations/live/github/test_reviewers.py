"""Names of declared reviewers are requested only if others may approve instead."""

from dataclasses import replace

import pytest

from components.model.repository import Repository
from components.model.stack import Stack
from operations.live.github.api import GitHub
from operations.live.github.reviewers import read_reviewers
from operations.live.observer import observe_repositories
from sandbox.github import Store
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.operations.diff.worlds import SETTINGS
from tests.operations.live.observing import BILLING


def meaning(**reviewers: list[str]) -> dict[str, int | None]:
    """Return the ids of the names of reviewers that are declared for billing's prod."""
    repository = Repository.model_validate(
        {"repository": "billing", "environments": {"prod": {"reviewers": reviewers}}}
    )
    stack = Stack(name="acme", settings=SETTINGS, repositories=(repository,))
    return read_reviewers(GitHub(), stack, observe_repositories("acme", [BILLING]))


def test_declared_live_reviewers_need_no_request(github: Store) -> None:
    """Names are not requested if the live reviewers are all declared."""
    github.log.clear()
    assert meaning(users=["octocat"], teams=["platform"]) == {}
    assert meaning(users=["octocat", "boss"], teams=["platform"]) == {}
    asked = {line["route"] for line in github.log.report()["routes"]}
    assert not {route for route in asked if route.endswith("{team_slug}") or "users" in route}


def test_reviewers_without_access_are_reported(github: Store) -> None:
    """Declared and required reviewers that lost access are reported; unknown ones are not."""
    (platform,) = (github.organization("acme") or pytest.fail("no acme")).teams.values()
    question = replace(BILLING, reviewers=frozenset({"octocat", "hubot", "team none"}))
    seen = observe_repositories("acme", [question], cache=False)["billing"]
    assert seen is not None
    assert seen.outsiders == frozenset()
    platform.grants.clear()
    repository = github.repository("acme", "billing")
    assert repository is not None
    repository.private = True
    plant(github, Seed.model_validate({"users": [{"login": "hubot"}]}))
    seen = observe_repositories("acme", [question], cache=False)["billing"]
    assert seen is not None
    assert seen.outsiders == {"hubot", "team platform"}


def test_the_name_of_a_missing_reviewer_is_requested(github: Store) -> None:
    """A missing reviewer's name is requested: it has another account's id, or None."""
    boss = github.account("boss")
    assert boss is not None
    wanted = {"boss": boss.id, "team gone": None}
    assert meaning(users=["boss"], teams=["gone"]) == wanted
