"""Serves a GitHub in this process, with settings that GitHub's own API cannot change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.github import Store, serve
from sandbox.github.planting import plant
from sandbox.github.seed import Seed

TOKEN = "token-of-the-observer"
PROD = {
    "name": "Prod",
    "wait_timer": 10,
    "prevent_self_review": True,
    "can_admins_bypass": False,
    "reviewers": {"users": ["Octocat"], "teams": ["platform"]},
    "branches": ["main", "release/*"],
    "tags": ["v*"],
    "variables": {f"V{number}": str(number) for number in range(35)},
    "secrets": {"TOKEN": "x"},
}
OTHER = "name: other\non: push\njobs: {}\n"
WORLD: dict[str, Any] = {
    "users": [{"login": "boss"}, {"login": "Octocat"}],
    "organizations": [
        {
            "login": "acme",
            "admins": ["boss"],
            "teams": [{"slug": "platform", "repositories": {"billing": "pull"}}],
            "members": ["Octocat"],
        }
    ],
    "tokens": [{"token": TOKEN, "login": "boss"}],
    "repositories": [
        {
            "owner": "acme",
            "name": "billing",
            "created_at": "2024-01-01T00:00:00Z",
            "files": {".github/workflows/other.yml": OTHER, ".github/workflows/notes.txt": "x"},
            "branches": {"develop": {".github/workflows/second.yaml": "name: second\n"}},
            "environments": [
                PROD,
                {"name": "dev", "protected_branches": True},
                {"name": "test"},
                *({"name": f"review-{number}"} for number in range(120)),
            ],
        },
        {"owner": "acme", "name": "bare", "files": {"README.md": "x"}},
        {"owner": "acme", "name": "empty"},
        {
            "owner": "acme",
            "name": "customised",
            "files": {"README.md": "x"},
            "archived": True,
            "oidc": {"use_default": False, "include_claim_keys": ["repo", "actor"]},
        },
    ],
}


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Serve the emulated GitHub; the environment points at it, and the cache is the test's own."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    server = serve(store)
    monkeypatch.setenv("GITHUB_BASE_URL", server.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.delenv("GITHUB_OWNER", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield store
    server.stop()
