"""Git's smart HTTP next to the API: `git clone http://127.0.0.1:PORT/OWNER/REPO.git`, and push.

Cloning a public repository needs no credential. Everything else needs a token as the password.
"""

import io
import re
from typing import TYPE_CHECKING, Any, Final

from dulwich.errors import NotGitRepository
from dulwich.repo import MemoryRepo
from dulwich.server import Backend
from dulwich.web import GunzipFilter, HTTPGitApplication
from werkzeug.wrappers import Request, Response

from sandbox.github.clock import now
from sandbox.github.permissions import Permission
from sandbox.github.repositories import Repository
from sandbox.github.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PATH: Final = re.compile(r"/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)\.git/(?P<service>.*)")


class _Repositories(Backend):
    """A dulwich backend with one repository, the one in the request's path."""

    def __init__(self, repository: MemoryRepo) -> None:
        self._repository = repository

    def open_repository(self, path: Any) -> Any:
        if path is None:
            raise NotGitRepository
        return self._repository


def with_git(application: "WSGIApplication", store: Store) -> "WSGIApplication":
    """A WSGI application that answers git's paths and passes all others to `application`."""

    def git(environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        found = _PATH.fullmatch(str(environ.get("PATH_INFO", "")))
        if found is None:
            return application(environ, start_response)
        request = Request(environ)
        writes = "git-receive-pack" in (found["service"] + request.query_string.decode())
        with store.lock:
            repository = store.repository(found["owner"], found["name"])
            refusal = _refusal(store, repository, request, writes=writes)
            if refusal is not None or repository is None:
                answer = refusal or Response("Repository not found.\n", 404)
                return answer(environ, start_response)
            return _served(repository, request, start_response, writes=writes)

    return git


def _served(
    repository: Repository, request: Request, start_response: "StartResponse", *, writes: bool
) -> list[bytes]:
    """Run dulwich to the end of its answer here, under the lock, so that no object changes."""
    body = request.get_data()
    environ = dict(request.environ)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    written: list[bytes] = []

    def start(status: str, headers: Any, exc_info: Any = None) -> Any:
        start_response(status, headers, exc_info)
        return written.append

    first = not repository.git.branches()
    handler = GunzipFilter(HTTPGitApplication(_Repositories(repository.git.repo)))
    chunks = list(handler(environ, start))
    if writes and request.method == "POST":
        repository.pushed_at = repository.updated_at = now()
        if first:
            _choose_default_branch(repository)
    return written + chunks


def _choose_default_branch(repository: Repository) -> None:
    """The default branch after the first push to an empty repository.

    The configured one if it was pushed, else the first by name of those that were pushed (seen on
    GitHub: gist.github.com/ugultopu/b06d1a837c98ce786faa9d886e4a4670).
    """
    pushed = repository.git.branches()
    if pushed and repository.default_branch not in pushed:
        repository.default_branch = min(pushed)
        repository.git.set_head(repository.default_branch)


def _refusal(
    store: Store, repository: Repository | None, request: Request, *, writes: bool
) -> Response | None:
    """The answer that refuses the request; None if it is allowed."""
    if repository is not None and not repository.private and not writes:
        return None
    authorization = request.authorization
    password = authorization.password if authorization else None
    token = store.tokens.get(password or "")
    if token is None:
        return Response(
            "Invalid username or token.\n", 401, {"WWW-Authenticate": 'Basic realm="GitHub"'}
        )
    if repository is None:
        return Response("Repository not found.\n", 404)
    granted = min(store.permission(token.login, repository), token.cap(repository.full_name))
    if granted is Permission.NONE:
        return Response("Repository not found.\n", 404)
    if writes and (granted < Permission.PUSH or repository.archived):
        return Response("Write access to repository not granted.\n", 403)
    return None
