"""Look at the repositories of the world in conftest, and count the requests."""

from collections import Counter
from typing import Any

from operations.live.github.graphql import Question
from operations.live.observed import ObservedRepository
from operations.live.observer import observe_repositories
from sandbox.github import Store

INSIDE = "/repos/{owner}/{repo}/environments/{environment_name}"
BILLING = Question("billing", ("develop", "main"))


def observe(*names: str, **options: Any) -> dict[str, ObservedRepository | None]:
    """Observe repositories with the usual branches."""
    questions = [Question(name, ("develop", "main")) for name in names]
    return observe_repositories("acme", questions, **options)


def billing() -> ObservedRepository:
    """Observe billing."""
    found = observe("billing")["billing"]
    assert found is not None
    return found


def routes(server: Store) -> Counter[str]:
    """Return how often each route was requested."""
    return Counter({line["route"]: line["count"] for line in server.log.report()["routes"]})
