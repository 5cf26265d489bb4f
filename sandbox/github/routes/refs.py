"""Git references."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.git import GitError
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.references import move
from sandbox.github.render import commits as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.rules.refusal import REFERENCE
from sandbox.github.rules.update import RefUpdate

routes = Family("refs", REPOSITORY)


class NewReference(Body):
    """A full reference name and the id of an object."""

    ref: str
    sha: str


class MovedReference(Body):
    """The new target of a reference; with `force` it may lose commits."""

    sha: str
    force: bool = False


@routes.get("/git/ref/<path:ref>")
def get_reference(ref: str) -> Response:
    """Get a reference.

    docs.github.com/rest/git/refs#get-a-reference
    """
    repository = _with_commits(Permission.PULL)
    full = f"refs/{ref}"
    sha = repository.git.ref(full)
    if sha is None:
        raise errors.not_found()
    return answer(render.reference(repository, full, sha))


@routes.get("/git/matching-refs/<path:ref>")
def list_matching_references(ref: str) -> Response:
    """List matching references: all names that begin with `ref`. The list may be empty.

    docs.github.com/rest/git/refs#list-matching-references
    """
    repository = _with_commits(Permission.PULL)
    found = repository.git.refs(f"refs/{ref}")
    return answer([render.reference(repository, full, sha) for full, sha in found.items()])


@routes.post("/git/refs")
def create_reference() -> Response:
    """Create a reference.

    docs.github.com/rest/git/refs#create-a-reference
    """
    repository = _with_commits(Permission.PUSH)
    body = read(NewReference)
    if not body.ref.startswith("refs/") or body.ref.count("/") < 2:  # noqa: PLR2004 - refs/KIND/NAME
        raise errors.unprocessable("Reference name must start with 'refs/' and have two slashes")
    if repository.git.ref(body.ref) is not None:
        raise errors.unprocessable("Reference already exists")
    _point(repository, body.ref, None, body.sha)
    return answer(
        render.reference(repository, body.ref, body.sha),
        201,
        {"Location": render.reference(repository, body.ref, body.sha)["url"]},
    )


@routes.patch("/git/refs/<path:ref>")
def update_reference(ref: str) -> Response:
    """Update a reference.

    docs.github.com/rest/git/refs#update-a-reference
    """
    repository = _with_commits(Permission.PUSH)
    body = read(MovedReference)
    full = f"refs/{ref}"
    old = repository.git.ref(full)
    if old is None:
        raise errors.unprocessable("Reference does not exist")
    if repository.git.kind(body.sha) is None:
        raise errors.unprocessable("Object does not exist")
    if not body.force and not repository.git.is_ancestor(old, body.sha):
        raise errors.unprocessable("Update is not a fast forward")
    _point(repository, full, old, body.sha)
    return answer(render.reference(repository, full, body.sha))


@routes.delete("/git/refs/<path:ref>")
def delete_reference(ref: str) -> Response:
    """Delete a reference.

    docs.github.com/rest/git/refs#delete-a-reference
    """
    repository = _with_commits(Permission.PUSH)
    full = f"refs/{ref}"
    old = repository.git.ref(full)
    if old is None:
        raise errors.unprocessable("Reference does not exist")
    if full == f"refs/heads/{repository.default_branch}":
        raise errors.unprocessable("Cannot delete the default branch")
    move(access.actor(), RefUpdate(repository, full, old, None), REFERENCE)
    return Response(status=204)


def _with_commits(need: Permission) -> Repository:
    repository = access.repository(need)
    if not repository.git.refs():
        raise errors.empty_repository()
    return repository


def _point(repository: Repository, ref: str, old: str | None, sha: str) -> None:
    kind = repository.git.kind(sha)
    if kind is None or (ref.startswith("refs/heads/") and kind != "commit"):
        raise errors.unprocessable("Object does not exist")
    try:
        move(access.actor(), RefUpdate(repository, ref, old, sha), REFERENCE)
    except GitError as error:
        raise errors.unprocessable(str(error)) from error
