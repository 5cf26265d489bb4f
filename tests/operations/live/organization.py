"""An organisation that the sandbox serves, with an administrator's token."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.github import Server, Store, serve

TOKEN = "admin"


KEYS = {"include_claim_keys": ["repo", "ref"]}


@pytest.fixture
def github() -> Iterator[Server]:
    """An organisation with a few repositories."""
    server = serve(Store(), port=0)
    old, new = "2024-01-01T00:00:00Z", "2026-10-01T00:00:00Z"
    files = {"README.md": "# x\n"}
    named = {"owner": "acme", "files": files, "created_at": old}
    control(
        server,
        "seed",
        {
            "users": [
                {"login": "admin", "id": 1},
                {"login": "Octocat", "id": 7},
                {"login": "Stranger", "id": 8},
            ],
            "organizations": [
                {
                    "login": "acme",
                    "id": 9,
                    "admins": ["admin"],
                    "members": ["Octocat"],
                    "teams": [
                        {"slug": "platform", "id": 3, "repositories": {"a": "pull", "b": "pull"}},
                        {"slug": "others", "id": 4},
                    ],
                }
            ],
            "repositories": [
                named | {"name": "a", "id": 11, "branches": ["develop"]},
                named | {"name": "b", "id": 12},
                named | {"name": "fresh", "id": 13, "created_at": new},
                named | {"name": "trunk", "id": 14, "default_branch": "trunk"},
                named | {"name": "flow", "default_branch": "develop", "branches": ["main"]},
                named | {"name": "custom", "oidc": {"use_default": False, **KEYS}},
                named | {"name": "plain", "oidc": {"use_default": False}},
                named | {"name": "moved"},
                named | {"name": "vault", "private": True},
                named | {"name": "odd", "branches": ["100%23"]},
            ],
            "tokens": [{"token": TOKEN, "login": "admin"}],
        },
    )
    yield server
    server.stop()


def control(server: Server, path: str, body: object = None, method: str = "POST") -> None:
    """Send one writing request to the emulator's own routes."""
    url = f"{server.url}_sandbox/{path}"
    requests.request(method, url, json=body, timeout=10).raise_for_status()


def asked(server: Server) -> dict[str, Any]:
    """Return the requests since the last reset."""
    answer: dict[str, Any] = requests.get(f"{server.url}_sandbox/requests", timeout=10).json()
    return answer
