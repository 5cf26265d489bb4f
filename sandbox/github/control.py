"""The sandbox's own routes below /_sandbox: seed, state, faults, request counts, secrets, renames.

GitHub has no such routes. They need no token, are not counted, and faults do not strike them.
Deliberately absent: changes that GitHub's public API offers.
"""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Literal

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.github.accounts import Account
from sandbox.github.faults import Fault, Kind
from sandbox.github.planting import SeedError, plant, reviewers
from sandbox.github.repositories import Repository
from sandbox.github.seed import ReviewersSeed, Seed
from sandbox.github.snapshot import snapshot
from sandbox.github.store import Store

routes = Blueprint("control", __name__)


class FaultBody(BaseModel):
    """A fault to add; see `faults.Fault`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    method: str = ".*"
    path: str = ".*"
    after: bool = False
    skip: int = Field(0, ge=0)
    count: int | None = Field(1, ge=1)
    status: int = Field(0, ge=0, le=599)
    seconds: float = Field(0, ge=0)
    retry_after: int | None = None


class RepositoryBody(BaseModel):
    """Properties of a repository that a test may change: name (old one redirects), owner, age."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    owner: str | None = None
    created_at: datetime | None = None


class AccountBody(BaseModel):
    """The plan of an account."""

    model_config = ConfigDict(extra="forbid")

    plan: Literal["free", "pro", "team", "enterprise"]


@routes.post("/seed")
def seed() -> Response:
    """Put a seed document into the store; the answer has the ids of all objects."""
    try:
        document = Seed.model_validate_json(request.get_data())
        plant(_store(), document)
    except (ValidationError, SeedError) as error:
        return _refused(str(error))
    store = _store()
    return _answer(
        {
            "accounts": {account.login: account.id for account in store.accounts.values()},
            "repositories": {r.full_name: r.id for r in store.repositories.values()},
            "apps": {app.slug: app.id for app in store.apps.values()},
        }
    )


@routes.post("/reset")
def reset() -> Response:
    """Delete everything in the store."""
    _store().reset()
    return Response(status=204)


@routes.get("/state")
def state() -> Response:
    """Everything in the store; see `snapshot`."""
    store = _store()
    with store.lock:
        return _answer(snapshot(store))


@routes.get("/requests")
def requests() -> Response:
    """The numbers of requests by method and route."""
    return _answer(_store().log.report())


@routes.post("/requests/reset")
def reset_requests() -> Response:
    """Set all counts to zero."""
    _store().log.clear()
    return Response(status=204)


@routes.get("/faults")
def list_faults() -> Response:
    """The active faults, and how often each one struck."""
    return _answer([asdict(fault) for fault in _store().faults.all()])


@routes.post("/faults")
def add_fault() -> Response:
    """Add a fault."""
    try:
        body = FaultBody.model_validate_json(request.get_data())
    except ValidationError as error:
        return _refused(str(error))
    status = body.status or (500 if body.kind is Kind.STATUS else 403)
    fault = Fault(**(body.model_dump() | {"status": status}))
    return _answer(asdict(_store().faults.add(fault)))


@routes.delete("/faults")
def clear_faults() -> Response:
    """Remove all faults."""
    _store().faults.clear()
    return Response(status=204)


@routes.get("/secrets/<owner>/<name>/<environment>")
def plaintexts(owner: str, name: str, environment: str) -> Response:
    """The plaintexts of an environment's secrets by name, for assertions in tests."""
    repository = _store().repository(owner, name)
    found = repository.environments.get(environment.lower()) if repository else None
    if found is None:
        return _refused(f"no environment {owner}/{name}/{environment}", 404)
    return _answer({secret.name: secret.plaintext for secret in found.secrets.values()})


@routes.put("/reviewers/<owner>/<name>/<environment>")
def set_reviewers(owner: str, name: str, environment: str) -> Response:
    """Set reviewers of any kind; GitHub's REST API accepts users and teams only."""
    repository = _store().repository(owner, name)
    found = repository.environments.get(environment.lower()) if repository else None
    if repository is None or found is None:
        return _refused(f"no environment {owner}/{name}/{environment}", 404)
    try:
        body = ReviewersSeed.model_validate_json(request.get_data())
        found.protection.reviewers = tuple(reviewers(_store(), repository, body))
    except (ValidationError, SeedError) as error:
        return _refused(str(error))
    return Response(status=204)


@routes.patch("/repositories/<owner>/<name>")
def tamper(owner: str, name: str) -> Response:
    """Rename or transfer a repository, or change its time of creation."""
    store = _store()
    repository = store.repository(owner, name)
    if repository is None:
        return _refused(f"no repository {owner}/{name}", 404)
    try:
        body = RepositoryBody.model_validate_json(request.get_data())
    except ValidationError as error:
        return _refused(str(error))
    target = store.account(body.owner) if body.owner else repository.owner
    if target is None:
        return _refused(f"no account {body.owner}", 404)
    _tamper(store, repository, target, body)
    return _answer({"full_name": repository.full_name})


@routes.patch("/accounts/<login>")
def change_account(login: str) -> Response:
    """Change the plan of an organisation or a user."""
    account = _store().account(login)
    if account is None:
        return _refused(f"no account {login}", 404)
    try:
        account.plan = AccountBody.model_validate_json(request.get_data()).plan
    except ValidationError as error:
        return _refused(str(error))
    return _answer({"login": account.login, "plan": account.plan})


def _tamper(store: Store, repository: Repository, target: Account, body: RepositoryBody) -> None:
    if body.name or body.owner:
        store.move_repository(repository, target, body.name or repository.name)
    if body.created_at is not None:
        repository.created_at = body.created_at


def _store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def _answer(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def _refused(message: str, status: int = 422) -> Response:
    return _answer({"message": message}, status)
