"""A seeded emulator, and a client that compares every answer with GitHub's description."""

import re
from base64 import b64decode, b64encode
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from nacl.public import PublicKey, SealedBox
from werkzeug.test import TestResponse

from sandbox.github import Store, create_app
from sandbox.github.planting import plant
from sandbox.github.route_template import API, route_template
from sandbox.github.seed import Seed
from tests.sandbox.github.description import problems

ADMIN, MEMBER, OUTSIDER = "admin-token", "member-token", "outsider-token"
WORLD = {
    "users": [
        {"login": "boss", "id": 11, "name": "The Boss"},
        {"login": "octocat", "id": 12},
        {"login": "stranger", "id": 13},
    ],
    "organizations": [
        {
            "login": "acme",
            "id": 21,
            "admins": ["boss"],
            "members": ["octocat"],
            "teams": [
                {"slug": "platform", "id": 31, "members": ["octocat"]},
                {"slug": "payments", "id": 32, "repositories": {"billing": "push"}},
            ],
        },
        {"login": "thrifty", "id": 22, "plan": "team", "admins": ["boss"]},
    ],
    "repositories": [
        {
            "owner": "acme",
            "name": "billing",
            "id": 41,
            "created_at": "2025-01-01T00:00:00Z",
            "files": {"README.md": "# billing\n", "src/app.py": "print()\n"},
            "branches": {"develop": {"src/new.py": "1\n"}},
            "topics": ["python"],
            "environments": [
                {
                    "name": "prod",
                    "wait_timer": 10,
                    "prevent_self_review": True,
                    "reviewers": {"users": ["octocat"], "teams": ["platform"]},
                    "branches": ["main"],
                    "tags": ["v*"],
                    "variables": {"REGION": "eu-west-1"},
                    "secrets": {"TOKEN": "planted"},
                },
                {"name": "open"},
            ],
        },
        {"owner": "acme", "name": "empty", "id": 42},
        {
            "owner": "acme",
            "name": "hidden",
            "id": 43,
            "private": True,
            "files": {"a": "1"},
            "environments": [{"name": "gated"}],
        },
        {"owner": "acme", "name": "old", "id": 44, "archived": True, "files": {"a": "1"}},
        {"owner": "thrifty", "name": "secret", "id": 45, "private": True, "files": {"a": "1"}},
    ],
    "apps": [
        {"slug": "change-gate", "id": 51, "installed_on": ["acme"]},
        {"slug": "datadog-ci-gate", "id": 52, "installed_on": ["acme/billing", "thrifty/secret"]},
        {"slug": "elsewhere", "id": 53},
    ],
    "tokens": [
        {"token": ADMIN, "login": "boss"},
        {"token": MEMBER, "login": "octocat", "kind": "fine-grained"},
        {"token": OUTSIDER, "login": "stranger"},
    ],
}


class Api:
    """A client of the REST API; it checks every answer against GitHub's description."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = ADMIN,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """Send one request; fail if the answer is not as described."""
        headers = dict(headers or {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.client.open(API + path, method=method, json=body, headers=headers)
        route = answer.headers["X-Test-Route"]
        if route != "unserved" and answer.status_code != 304:
            content = answer.get_json() if answer.data else None
            found = problems(method, route, answer.status_code, content)
            assert not found, f"{method} {path}: {answer.status_code} {found}"
        return answer

    def seal(self, environment: str, text: str, repository: str = "billing") -> dict[str, str]:
        """The body to PUT a secret."""
        path = f"/repos/acme/{repository}/environments/{environment}/secrets/public-key"
        return sealed(self("GET", path).get_json(), text)

    def enable(self, environment: str, app_id: int, repository: str = "acme/billing") -> Any:
        """Give an environment the App's deployment protection rule, as an administrator does."""
        path = f"/repos/{repository}/environments/{environment}/deployment_protection_rules"
        answer = self("POST", path, {"integration_id": app_id})
        assert answer.status_code == 201, answer.text
        return answer.get_json()


def sealed(public_key: dict[str, Any], text: str) -> dict[str, str]:
    """The body that a client sends for a secret, given the answer with the public key."""
    box = SealedBox(PublicKey(b64decode(public_key["key"])))
    return {
        "encrypted_value": b64encode(box.encrypt(text.encode())).decode(),
        "key_id": public_key["key_id"],
    }


@pytest.fixture(scope="session")
def app() -> Flask:
    """One application for all tests, which is slow to make; a header names the route."""
    application = create_app(Store())

    @application.after_request
    def tell_route(response: Response) -> Response:
        response.headers["X-Test-Route"] = normal(route_template())
        return response

    return application


@pytest.fixture
def store(app: Flask) -> Store:
    """The store of the application, seeded anew for each test."""
    world: Store = app.extensions["store"]
    world.reset()
    plant(world, Seed.model_validate(WORLD))
    return world


@pytest.fixture
def api(app: Flask, store: Store) -> Api:
    """A client of the seeded emulator."""
    assert store.tokens
    return Api(app)


def normal(route: str) -> str:
    """The route as GitHub's description writes it: by name and slug, folders as files."""
    route = route.replace("/repositories/{repository_id}", "/repos/{owner}/{repo}")
    route = route.replace("/organizations/{org_id}/team/{team_id}", "/orgs/{org}/teams/{team_slug}")
    return re.sub(r"/contents/?$", "/contents/{path}", route)
