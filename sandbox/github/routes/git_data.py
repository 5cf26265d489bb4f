"""Git objects: blobs, trees and commits. Read only."""

from dataclasses import replace

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.git import Entry
from sandbox.github.paging import answer
from sandbox.github.render import commits, contents
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("git_data", REPOSITORY)


@routes.get("/git/blobs/<file_sha>")
def get_blob(file_sha: str) -> Response:
    """Get a blob.

    docs.github.com/rest/git/blobs#get-a-blob
    """
    repository = _with_commits()
    data = repository.git.blob(file_sha)
    if data is None:
        raise errors.not_found()
    return answer(contents.blob(repository, file_sha, data))


@routes.get("/git/trees/<path:tree_sha>")
def get_tree(tree_sha: str) -> Response:
    """Get a tree by its id, or by a name or id of a commit.

    docs.github.com/rest/git/trees#get-a-tree
    """
    repository = _with_commits()
    sha = repository.git.resolve(tree_sha) or tree_sha
    commit = repository.git.commit(sha)
    if commit is not None:
        sha = commit.tree.decode()
    entries = repository.git.tree(sha)
    if entries is None:
        raise errors.not_found()
    if "recursive" in request.args:
        entries = _descended(repository, entries)
    return answer(contents.tree(repository, sha, entries))


@routes.get("/git/commits/<commit_sha>")
def get_git_commit(commit_sha: str) -> Response:
    """Get a commit object.

    docs.github.com/rest/git/commits#get-a-commit-object
    """
    repository = _with_commits()
    commit = repository.git.commit(commit_sha)
    if commit is None:
        raise errors.not_found()
    return answer(commits.git_commit(repository, commit_sha, commit))


def _with_commits() -> Repository:
    repository = access.repository()
    if not repository.git.refs():
        raise errors.empty_repository()
    return repository


def _descended(repository: Repository, entries: list[Entry]) -> list[Entry]:
    """The entries and all entries below them."""
    found: list[Entry] = []
    for entry in entries:
        found.append(entry)
        below = repository.git.tree(entry.sha) if entry.is_tree else None
        found += [
            replace(line, path=f"{entry.path}/{line.path}")
            for line in _descended(repository, below or [])
        ]
    return found
