"""A GitHub of a test's own, at which the environment points."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from sandbox.github import Server, Store, serve
from sandbox.github.planting import plant
from sandbox.github.seed import Seed


@contextmanager
def github_served(
    monkeypatch: pytest.MonkeyPatch, world: Mapping[str, Any], token: str
) -> Iterator[tuple[Store, Server]]:
    """Serve the world while the block runs.

    Args:
        monkeypatch: of the test.
        world: as `Seed`.
        token: the user's.
    """
    store = Store()
    plant(store, Seed.model_validate(world))
    server = serve(store)
    monkeypatch.setenv("GITHUB_BASE_URL", server.url)
    monkeypatch.setenv("GITHUB_TOKEN", token)
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    try:
        yield store, server
    finally:
        server.stop()
