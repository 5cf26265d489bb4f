"""Pull requests: list, create, get, update; their commits and files."""

from typing import Literal

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.patch import changes
from sandbox.github.permissions import Permission
from sandbox.github.pull_requests import followers, opening
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.render import commits as render_commits
from sandbox.github.render import pull_requests as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("pulls", REPOSITORY)

_STATES = ("open", "closed", "all")


class NewPull(Body):
    """A new pull request. `head` may name the owner: `acme:branch`."""

    head: str
    base: str
    title: str | None = None
    body: str | None = None
    draft: bool = False


class ChangedPull(Body):
    """Members of a pull request to change."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    base: str | None = None
    maintainer_can_modify: bool | None = None


@routes.get("/pulls")
def list_pull_requests() -> Response:
    """List pull requests: by default open ones, newest first; `head` is `OWNER:BRANCH`.

    docs.github.com/rest/pulls/pulls#list-pull-requests
    """
    repository = access.repository()
    given = request.args
    state, base = given.get("state", "open"), given.get("base")
    if state not in _STATES:
        raise errors.validation_failed("PullRequest", "state", "invalid")
    owner, colon, head = given.get("head", "").partition(":")
    found = [
        each
        for each in repository.pull_requests.values()
        if state in {each.state, "all"}
        and base in {None, each.base}
        and (not colon or (owner.lower(), head) == (repository.owner.login.lower(), each.head))
    ]
    direction = given.get(
        "direction", "desc" if given.get("sort", "created") == "created" else "asc"
    )
    if given.get("sort") == "updated":
        found.sort(key=lambda each: (each.updated_at, each.number))
    if direction == "desc":
        found.reverse()
    return answer([render.listed(repository, each) for each in page(found)])


@routes.post("/pulls")
def create_pull_request() -> Response:
    """Create a pull request between two branches of this repository.

    `maintainer_can_modify` is about forks: it is ignored, and false in every answer.

    docs.github.com/rest/pulls/pulls#create-a-pull-request
    """
    repository = access.repository(Permission.PUSH)
    body = read(NewPull)
    if body.title is None or not body.title.strip():
        raise errors.validation_failed("PullRequest", "title", "missing_field")
    found = opening.opened(
        access.actor(),
        access.caller(),
        repository,
        opening.Wanted(body.head, body.base, body.title, body.body, body.draft),
    )
    shown = render.full(access.store(), repository, found)
    return answer(shown, 201, {"Location": shown["url"]})


@routes.get("/pulls/<int:pull_number>")
def get_pull_request(pull_number: int) -> Response:
    """Get a pull request.

    docs.github.com/rest/pulls/pulls#get-a-pull-request
    """
    repository, found = numbered(pull_number)
    return answer(render.full(access.store(), repository, found))


@routes.patch("/pulls/<int:pull_number>")
def update_pull_request(pull_number: int) -> Response:
    """Update a pull request; its author may, and users with the permission to push.

    docs.github.com/rest/pulls/pulls#update-a-pull-request
    """
    repository, found = numbered(pull_number)
    caller = access.caller()
    if found.user is not caller and access.permission(repository) < Permission.PUSH:
        raise access.refusal()
    body = read(ChangedPull)
    if body.title is not None and not body.title.strip():
        raise errors.validation_failed("PullRequest", "title", "missing_field")
    if body.maintainer_can_modify:
        # github.com/JuliaPackaging/BinaryBuilder.jl/pull/1448
        words = "fork_collab Fork collab can only be enabled on cross-repo pull requests"
        raise errors.validation_failed("PullRequest", "fork_collab", "custom", words)
    actor, moment = access.actor(), now()
    if body.base is not None and body.base != found.base:
        opening.rebase_onto(repository, found, body.base)
    if body.state == "open" and found.state == "closed":
        opening.reopen(actor, repository, found)
    elif body.state == "closed" and found.state == "open":
        followers.close(actor, repository, found, moment)
    found.title = found.title if body.title is None else body.title
    if "body" in body.model_fields_set:
        found.body = body.body
    found.updated_at = moment
    return answer(render.full(access.store(), repository, found))


@routes.get("/pulls/<int:pull_number>/commits")
def list_commits(pull_number: int) -> Response:
    """List commits on a pull request, oldest first.

    docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request
    """
    repository, found = numbered(pull_number)
    git, store = repository.git, access.store()
    shas = git.new_commits(found.head_sha, [found.base_sha])
    commits = [(sha, git.commit(sha)) for sha in page(shas)]
    return answer(
        [render_commits.commit(store, repository, sha, each) for sha, each in commits if each]
    )


@routes.get("/pulls/<int:pull_number>/files")
def list_files(pull_number: int) -> Response:
    """List pull requests files: what the head changes since it left the base branch.

    docs.github.com/rest/pulls/pulls#list-pull-requests-files
    """
    repository, found = numbered(pull_number)
    git = repository.git
    base, head = git.commit(opening.fork_point(repository, found)), git.commit(found.head_sha)
    assert base is not None
    assert head is not None
    changed = changes(git.repo.object_store, base.tree, head.tree)
    return answer(
        [render_commits.diff_entry(repository, found.head_sha, each) for each in page(changed)]
    )


def numbered(number: int, need: Permission = Permission.PULL) -> tuple[Repository, PullRequest]:
    """A pull request with its repository.

    Raises:
        GitHubError: as `access.repository`, and 404 if the pull request does not exist.
    """
    repository = access.repository(need)
    found = repository.pull_requests.get(number)
    if found is None:
        raise errors.not_found()
    return repository, found
