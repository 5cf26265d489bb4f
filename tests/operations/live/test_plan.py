"""The owner's plan is read only with repositories that it makes a difference to."""

from collections.abc import Sequence

import pytest

from components.model.plan import Plan
from operations.live.github.graphql import Question
from operations.live.observed import Observed, ObservedRepository, offers
from operations.live.observer import observe_repositories
from sandbox.github import Store

pytestmark = pytest.mark.usefixtures("github")


def observe(
    names: Sequence[str], stated: Plan | None = None
) -> dict[str, ObservedRepository | None]:
    """Observe repositories of the organisation."""
    return observe_repositories(
        "acme", [Question(name, ("main",)) for name in names], stated=stated
    )


def hide(store: Store, *names: str, plan: str) -> None:
    """Make repositories private, and set their owner's plan."""
    for name in names:
        repository = store.repository("acme", name)
        assert repository is not None
        repository.private = True
    owner = store.organization("acme")
    assert owner is not None
    owner.plan = plan


def questions(store: Store) -> int:
    """Return how often the organisation was requested."""
    rows = store.log.report()["routes"]
    return sum(row["count"] for row in rows if row["route"].endswith("/orgs/{org}"))


def test_the_plan_is_requested_once_and_for_private_repositories_alone(github: Store) -> None:
    """The plan is requested once, and only for private repositories."""
    hide(github, "bare", "empty", plan="team")
    found = observe(["billing", "bare", "empty"])
    assert {name: live and live.plan for name, live in found.items()} == {
        "billing": None,
        "bare": "team",
        "empty": "team",
    }
    offered = offers(Observed(found, {}))
    assert {name for name, offer in offered.items() if offer.rules} == {"billing"}
    assert questions(github) == 1
    observe(["billing"])
    assert questions(github) == 1


def test_on_free_a_private_repository_is_seen_without_environments(github: Store) -> None:
    """On Free a private repository is read without environments, instead of GitHub's 404."""
    hide(github, "billing", plan="free")
    live = observe(["billing"])["billing"]
    assert live is not None
    assert (live.environments, live.offered.environments) == ({}, False)
    assert live.workflows["main"].keys() == {"other.yml"}


def test_a_stated_plan_counts_where_github_tells_none(github: Store) -> None:
    """A stated plan counts only if GitHub does not tell it."""
    hide(github, "bare", plan="team")
    told = observe(["bare"], "enterprise")["bare"]
    (token,) = github.tokens.values()
    token.scopes = frozenset({"repo"})
    stated, unknown = observe(["bare"], "pro")["bare"], observe(["bare"])["bare"]
    assert [live and live.plan for live in (told, stated, unknown)] == ["team", "pro", None]
