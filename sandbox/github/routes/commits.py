"""Commits: list them backwards from a branch; get one with its changed files."""

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.paging import answer, link, window
from sandbox.github.render import commits as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("commits", REPOSITORY)


@routes.get("/commits")
def list_commits() -> Response:
    """List commits, filtered by `sha` (where to start) and `path`.

    docs.github.com/rest/commits/commits#list-commits
    """
    repository = _with_commits()
    wanted = request.args.get("sha") or repository.default_branch
    start = repository.git.resolve(wanted)
    if start is None:
        raise errors.not_found()
    number, size = window()
    path = request.args.get("path")
    skip = (number - 1) * size
    # One commit more than the page has: it shows whether there is a next page.
    found = list(repository.git.walk(start, path, skip=skip, count=size + 1))
    link(number, number + 1 if len(found) > size else number)
    store = access.store()
    return answer([render.commit(store, repository, *pair) for pair in found[:size]])


@routes.get("/commits/<path:ref>")
def get_commit(ref: str) -> Response:
    """Get a commit.

    docs.github.com/rest/commits/commits#get-a-commit
    """
    repository = _with_commits()
    sha = repository.git.resolve(ref)
    commit = repository.git.commit(sha) if sha else None
    if sha is None or commit is None:
        raise errors.unprocessable(f"No commit found for SHA: {ref}")
    return answer(render.commit_with_files(access.store(), repository, sha, commit))


def _with_commits() -> Repository:
    repository = access.repository()
    if not repository.git.refs():
        raise errors.empty_repository()
    return repository
