"""The sandbox's own routes about one repository: actions of people on GitHub's pages, and events.

They stand for a person who approves, merges or closes a pull request, and for a service that
reports a status check. The rules of the repository bind this person as well.
"""

from typing import Literal

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError

from sandbox.github.accounts import Account, Organization
from sandbox.github.clock import now
from sandbox.github.paging import answer
from sandbox.github.pull_requests import followers
from sandbox.github.pull_requests.merging import Merge, merge
from sandbox.github.pull_requests.pull_request import PullRequest, Review
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.protection import (
    Actors,
    BranchProtection,
    RequiredChecks,
    RequiredReviews,
)
from sandbox.github.runs.filters import UnknownFilterError
from sandbox.github.runs.started import outcomes
from sandbox.github.store import Store

routes = Blueprint("control_repositories", __name__)


class RefusedError(Exception):
    """The request names an object that does not exist."""


class PersonBody(BaseModel):
    """The login of the person; by default the owner, or the first owner of the organisation."""

    model_config = ConfigDict(extra="forbid")

    login: str | None = None


class MergeBody(PersonBody):
    """The merge method whose button the person presses."""

    method: Literal["merge", "squash", "rebase"] = "merge"


class CheckBody(BaseModel):
    """A result of a status check; `ref` is a branch or a commit."""

    model_config = ConfigDict(extra="forbid")

    ref: str
    context: str
    result: Literal["success", "failure", "pending", "neutral", "skipped"] = "success"


class PatternBody(BaseModel):
    """Classic protection for all branches that match a pattern; it lists no user, team or App."""

    model_config = ConfigDict(extra="forbid")

    pattern: str
    enforce_admins: bool = False
    contexts: list[str] = []
    reviews: bool = False
    restricted: bool = False
    signatures: bool = False
    block_creations: bool = False
    locked: bool = False


@routes.post("/pulls/<owner>/<name>/<int:number>/approve")
def approve(owner: str, name: str, number: int) -> Response:
    """Approve the present head of a pull request."""
    repository, found = _pull_request(owner, name, number)
    user = _person(repository, PersonBody.model_validate_json(request.get_data() or b"{}"))
    key = _store().next_id()
    found.reviews.append(Review(key, user, "APPROVED", "", found.head_sha, now()))
    return Response(status=204)


@routes.post("/pulls/<owner>/<name>/<int:number>/merge")
def merge_pull_request(owner: str, name: str, number: int) -> Response:
    """Merge a pull request; GitHub's refusal is the answer if a rule forbids it."""
    repository, found = _pull_request(owner, name, number)
    body = MergeBody.model_validate_json(request.get_data() or b"{}")
    actor = Actor(_store(), _person(repository, body).login)
    return answer({"sha": merge(Merge(actor, repository, found, body.method))})


@routes.post("/pulls/<owner>/<name>/<int:number>/close")
def close(owner: str, name: str, number: int) -> Response:
    """Close a pull request without merging it."""
    repository, found = _pull_request(owner, name, number)
    body = PersonBody.model_validate_json(request.get_data() or b"{}")
    if found.state == "open":
        actor = Actor(_store(), _person(repository, body).login)
        followers.close(actor, repository, found, now())
    return Response(status=204)


@routes.put("/checks/<owner>/<name>")
def set_check(owner: str, name: str) -> Response:
    """Report the result of a status check of a commit."""
    repository = _repository(owner, name)
    body = CheckBody.model_validate_json(request.get_data())
    sha = repository.git.resolve(body.ref)
    if sha is None:
        raise RefusedError(f"{owner}/{name}: no commit {body.ref}")
    repository.checks.setdefault(sha, {})[body.context] = body.result
    return answer({"sha": sha})


@routes.put("/protection/<owner>/<name>")
def protect(owner: str, name: str) -> Response:
    """Write classic protection for a pattern, as a person does on the settings page.

    REST writes it for a branch only (docs.github.com: REST API endpoints for protected branches).
    """
    body = PatternBody.model_validate_json(request.get_data())
    _repository(owner, name).protection[body.pattern] = BranchProtection(
        enforce_admins=body.enforce_admins,
        checks=RequiredChecks(strict=False, contexts=body.contexts) if body.contexts else None,
        reviews=RequiredReviews() if body.reviews else None,
        restrictions=Actors() if body.restricted else None,
        signatures=body.signatures,
        block_creations=body.block_creations,
        locked=body.locked,
    )
    return Response(status=204)


@routes.get("/events/<owner>/<name>")
def list_events(owner: str, name: str) -> Response:
    """The events since the last clearing, each with the workflow files that it starts."""
    found = [
        {
            "event": each.event.name,
            "action": each.event.action,
            "ref": each.event.ref,
            "head_branch": each.event.head,
            "sha": each.event.sha,
            "skipped": each.skipped,
            "runs": each.paths,
        }
        for each in outcomes(_repository(owner, name))
    ]
    return answer(found)


@routes.delete("/events/<owner>/<name>")
def clear_events(owner: str, name: str) -> Response:
    """Forget the events."""
    _repository(owner, name).events.clear()
    return Response(status=204)


@routes.errorhandler(RefusedError)
@routes.errorhandler(ValidationError)
@routes.errorhandler(UnknownFilterError)
def _refused(error: Exception) -> Response:
    return answer({"message": str(error)}, 404 if isinstance(error, RefusedError) else 422)


def _store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def _repository(owner: str, name: str) -> Repository:
    found = _store().repository(owner, name)
    if found is None:
        raise RefusedError(f"no repository {owner}/{name}")
    return found


def _pull_request(owner: str, name: str, number: int) -> tuple[Repository, PullRequest]:
    repository = _repository(owner, name)
    found = repository.pull_requests.get(number)
    if found is None:
        raise RefusedError(f"{owner}/{name}: no pull request {number}")
    return repository, found


def _person(repository: Repository, body: PersonBody) -> Account:
    owner, login = repository.owner, body.login
    if login is None and isinstance(owner, Organization):
        login = next((key for key, role in owner.members.items() if role == "admin"), "")
    found = _store().account(owner.login if login is None else login)
    if found is None:
        raise RefusedError(f"no account {login}")
    return found
