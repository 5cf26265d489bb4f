"""A repository with a workflow, and a runner of its jobs."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.github import Store, create_app
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from sandbox.tokens import Issuer, runner_routes

WORKFLOW = ".github/workflows/ci.yml"
TEXT = """\
name: ci
on: [push, pull_request, workflow_run]
jobs:
  test:
    runs-on: ubuntu-latest
    steps: []
  plain:
    runs-on: ubuntu-latest
    permissions: {id-token: write}
  deploy:
    runs-on: [self-hosted]
    permissions: {id-token: write}
    environment: {name: prod}
  colon:
    permissions: write-all
    environment: "Production:V1"
  called:
    permissions: {id-token: write}
    uses: ./.github/workflows/other.yml
"""
WORLD: dict[str, Any] = {
    "tokens": [{"token": "reader", "login": "octocat"}],
    "users": [{"login": "octocat", "id": 12}],
    "organizations": [{"login": "acme", "id": 21, "members": ["octocat"]}],
    "repositories": [
        {
            "owner": "acme",
            "name": name,
            "id": number,
            "created_at": created,
            "files": {WORKFLOW: TEXT},
            "branches": {"develop": {"only-here": "1"}},
            "environments": [{"name": "prod", "branches": ["main"]}],
        }
        for name, number, created in (
            ("billing", 41, "2025-01-01T00:00:00Z"),
            ("fresh", 42, "2026-09-01T00:00:00Z"),
        )
    ],
}


class Runner:
    """Registers runs and requests tokens for their jobs, as a runner does."""

    def __init__(self, store: Store, client: FlaskClient) -> None:
        self.store, self._client = store, client

    def register(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Register a run, by default a push to main; returns status and answer."""
        body = {"repository": "acme/billing", "event": "push", "ref": "refs/heads/main"}
        body |= {"workflow": WORKFLOW, "actor": "octocat"} | changes
        name = body["repository"].removeprefix("acme/")
        repository = self.store.repository("acme", name)
        if "sha" not in body and repository is not None:
            body["sha"] = repository.git.resolve(body["ref"]) or repository.git.branches()["main"]
        answer = self._client.post("/_sandbox/runs", json=body)
        return answer.status_code, answer.get_json()

    def ask(self, job: str, run: dict[str, Any], token: str = "", audience: str = "") -> Any:
        """Request a token for a job; returns status and answer."""
        url = f"{run['request_url']}&job={job}" + (f"&audience={audience}" if audience else "")
        bearer = {"Authorization": f"bearer {token or run['request_token']}"}
        answer = self._client.get(url, headers=bearer)
        return answer.status_code, answer.get_json()

    def claims(self, job: str, *, audience: str = "", **changes: Any) -> dict[str, Any]:
        """The claims in the token of a new run's job."""
        status, run = self.register(**changes)
        assert status == 201, run
        status, answer = self.ask(job, run, audience=audience)
        assert status == 200, answer
        return read(answer["value"])


def read(token: str) -> dict[str, Any]:
    """The claims of a token, unverified."""
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    """One issuer for all tests, because its key is slow to make."""
    return Issuer()


@pytest.fixture
def runner(issuer: Issuer) -> Runner:
    """A runner with a new store."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    return Runner(store, create_app(store, blueprints=[runner_routes(issuer)]).test_client())
