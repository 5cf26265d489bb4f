"""Files of a repository: read them, or write each one with a commit.

GitHub reads the head of the branch when a write arrives, and moves it a moment later. If two writes
overlap, the second one finds that the head has moved, and fails: "You must use these endpoints
serially" (docs.github.com/rest/repos/contents).
"""

import base64
import binascii
import time
from typing import Final

from flask import Response, g, request

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.creation import signature
from sandbox.github.git import Entry, Signature, Text
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.references import move
from sandbox.github.render import commits, contents
from sandbox.github.repositories import Repository
from sandbox.github.request_log import WRITES
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.rules.refusal import CREATE_FILE, DELETE_FILE, UPDATE_FILE, Way
from sandbox.github.rules.update import RefUpdate

routes = Family("contents", REPOSITORY)

#: Seconds between reading a branch's head and moving it. GitHub documents no number.
_OVERLAP: Final = 0.05


class Person(Body):
    """An author or committer."""

    name: str
    email: str


class FileBody(Body):
    """A file to write, or to delete if there is no content."""

    message: str
    content: str | None = None
    sha: str | None = None
    branch: str | None = None
    author: Person | None = None
    committer: Person | None = None


@routes.before_request
def _read_heads() -> None:
    """Remember the heads of all branches when a write arrives, then wait without the lock."""
    if request.method in WRITES:
        with access.store().lock:
            g.heads = access.repository(Permission.PUSH).git.branches()
        _pass_time()


def _pass_time() -> None:
    time.sleep(_OVERLAP)


@routes.get("/contents", defaults={"path": ""})
@routes.get("/contents/", defaults={"path": ""})
@routes.get("/contents/<path:path>")
def get_content(path: str) -> Response:
    """Get repository content: a file, or the entries of a folder.

    docs.github.com/rest/repos/contents#get-repository-content
    """
    repository = access.repository()
    if not repository.git.refs():
        raise errors.not_found("This repository is empty.")
    ref = request.args.get("ref") or repository.default_branch
    commit = repository.git.resolve(ref)
    if commit is None:
        raise errors.not_found(f"No commit found for the ref {ref}")
    path = path.strip("/")
    entry = repository.git.lookup(commit, path)
    if entry is None:
        raise errors.not_found()
    if not entry.is_tree:
        return answer(contents.file(repository, ref, entry))
    below = repository.git.tree(entry.sha) or []
    prefix = f"{path}/" if path else ""
    entries = [Entry(prefix + line.path, line.mode, line.sha) for line in below]
    return answer([contents.listed(repository, ref, line) for line in entries])


@routes.put("/contents/<path:path>")
def create_or_update_file(path: str) -> Response:
    """Create or update file contents.

    docs.github.com/rest/repos/contents#create-or-update-file-contents
    """
    repository = access.repository(Permission.PUSH)
    body = read(FileBody)
    if body.content is None:
        raise errors.invalid('"content" wasn\'t supplied.')
    try:
        data = base64.b64decode(body.content, validate=False)
    except (binascii.Error, ValueError) as error:
        raise errors.unprocessable("content is not valid Base64") from error
    branch, old = _target(repository, path, body)
    if old is not None:
        if body.sha is None:
            raise errors.invalid('"sha" wasn\'t supplied.')
        if old.is_tree:
            raise errors.unprocessable(f"{path} is a directory")
        _check_sha(path, old, body.sha)
    way = UPDATE_FILE if old else CREATE_FILE
    commit = _commit(repository, branch, {path: data}, body, way=way)
    entry = repository.git.lookup(commit, path)
    assert entry is not None
    written = contents.listed(repository, branch, entry)
    return answer(
        {"content": written, "commit": _file_commit(repository, commit)}, 200 if old else 201
    )


@routes.delete("/contents/<path:path>")
def delete_file(path: str) -> Response:
    """Delete a file.

    docs.github.com/rest/repos/contents#delete-a-file
    """
    repository = access.repository(Permission.PUSH)
    body = read(FileBody)
    branch, old = _target(repository, path, body)
    if old is None or old.is_tree:
        raise errors.not_found()
    if body.sha is None:
        raise errors.invalid('"sha" wasn\'t supplied.')
    _check_sha(path, old, body.sha)
    commit = _commit(repository, branch, {path: None}, body, way=DELETE_FILE)
    return answer({"content": None, "commit": _file_commit(repository, commit)})


def _target(repository: Repository, path: str, body: FileBody) -> tuple[str, Entry | None]:
    """The branch to write to, and the present entry at the path.

    In an empty repository the first commit creates the default branch; others must exist.
    """
    branch = (body.branch or repository.default_branch).removeprefix("refs/heads/")
    if path.startswith(".github/workflows/"):
        access.demand_workflows()
    head = repository.git.ref(f"refs/heads/{branch}")
    expected = g.heads.get(branch)
    if head != expected:
        raise errors.conflict(f"is at {head} but expected {expected}")
    if head is None:
        if repository.git.refs() or branch != repository.default_branch:
            raise errors.not_found(f"Branch {branch} not found")
        return branch, None
    return branch, repository.git.lookup(head, path)


def _check_sha(path: str, old: Entry, sha: str) -> None:
    if sha != old.sha:
        raise errors.conflict(f"{path} does not match {sha}")


def _commit(
    repository: Repository, branch: str, files: dict[str, bytes | None], body: FileBody, *, way: Way
) -> str:
    """Write the commit and move the branch.

    GitHub signs the commits of Apps that name no author and no committer of their own
    (docs.github.com: about commit signature verification, "Signature verification for bots").
    """
    git, actor = repository.git, access.actor()
    user = signature(access.caller())
    committer = _signature(body.committer, user)
    author = _signature(body.author, committer)
    signed = actor.is_app and body.author is None and body.committer is None
    ref = f"refs/heads/{branch}"
    head = git.ref(ref)
    tree = git.write_tree(head, files)
    parents = [head] if head else []
    sha = git.write_commit(tree, parents, Text(body.message, author, committer, signed))
    move(actor, RefUpdate(repository, ref, head, sha), way)
    return sha


def _signature(person: Person | None, otherwise: Signature) -> Signature:
    return otherwise if person is None else Signature(person.name, person.email, now())


def _file_commit(repository: Repository, sha: str) -> dict[str, object]:
    commit = repository.git.commit(sha)
    assert commit is not None
    return commits.git_commit(repository, sha, commit)
