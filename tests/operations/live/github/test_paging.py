from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.config.problems import ConfigurationError
from operations.live.github.cache.observing import observing
from operations.live.github.environments import every
from sandbox.github import Store
from sandbox.github.environments import Environment

PATH = "repos/acme/billing/environments"


def environments_of(github: Store) -> dict[str, Environment]:
    """Return billing's environments, which need more than one page."""
    repository = github.repository("acme", "billing")
    assert repository is not None
    return repository.environments


def between_pages(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> Any:
    """Return a session that changes something after each page."""
    github = observing("acme", cache=False)
    pages = github.pages

    def changed(path: str) -> Iterator[Any]:
        for page in pages(path):
            yield page
            change()

    monkeypatch.setattr(github, "pages", changed)
    return github


def test_a_list_that_changes_between_pages_is_read_again(
    github: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the count changes between pages, the list is read again."""
    environments = environments_of(github)
    left = ["dev"]
    session = between_pages(
        monkeypatch, lambda: environments.pop(left.pop(), None) if left else None
    )
    found = [item["name"] for item in every(session, PATH, "environments")]
    assert sorted(found) == sorted(one.name for one in environments.values())


def test_a_list_that_always_changes_is_an_error(
    github: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that changes during every reading is an error."""
    environments = environments_of(github)
    session = between_pages(monkeypatch, lambda: environments.pop(next(iter(environments))))
    with pytest.raises(ConfigurationError, match="another client changes it"):
        list(every(session, PATH, "environments"))
