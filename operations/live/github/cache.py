"""GitHub for the observer: every page of a list, and questions asked again conditionally.

Answers are kept in the user's cache folder and each is asked for again with `If-None-Match`: what
has not changed is 304, which GitHub does not count against the token's limit (docs.github.com: best
practices for the REST API). Entity tags hold for one token, so another one starts anew. An answer
is never taken from the cache without asking. Kept are names, rules and the values of variables, in
files that only the user can read; never a secret's value, which GitHub does not tell, and never the
token.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

from cachecontrol import CacheControlAdapter
from cachecontrol.caches.file_cache import FileCache
from cachecontrol.serialize import Serializer
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.live.github.api import GitHub, retries

#: Connections at once; GitHub allows 100 (docs.github.com: rate limits).
CONNECTIONS: Final = 16
#: At a list that somebody changes meanwhile.
_LOOKS: Final = 4


def cache_folder() -> Path:
    """Where answers are kept (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "slipway" / "answers"


class _WithoutToken(Serializer):
    """Keeps answers for whoever asked, told by a digest.

    GitHub's answers vary by `Authorization`, so CacheControl would store that header's value: the
    token itself, in clear.
    """

    def dumps(
        self, request: PreparedRequest, response: HTTPResponse, body: bytes | None = None
    ) -> bytes:
        return super().dumps(_with_digest(request), response, body)

    def prepare_response(
        self,
        request: PreparedRequest,
        cached: Mapping[str, Any],
        body_file: IO[bytes] | None = None,
    ) -> HTTPResponse | None:
        return super().prepare_response(_with_digest(request), cached, body_file)


def _with_digest(request: PreparedRequest) -> PreparedRequest:
    """The request as the cache may see it. A token is long and random: no digest tells it."""
    copied = request.copy()
    if token := copied.headers.get("Authorization"):
        copied.headers["Authorization"] = sha256(token.encode()).hexdigest()
    return copied


def observing(owner: str, *, cache: bool) -> GitHub:
    """A session for an owner's repositories.

    Args:
        owner: the stack's owner.
        cache: whether answers are kept for the next run.

    Raises:
        ConfigurationError: as `GitHub.for_owner`.
    """
    adapter: HTTPAdapter
    if cache:
        folder = cache_folder()
        # Where the token lay in clear, until it was seen.
        shutil.rmtree(folder.with_name("http"), ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        # FileCache's own mode is for the innermost folders alone.
        folder.chmod(0o700)
        store = FileCache(folder, filemode=0o600, dirmode=0o700)
        adapter = CacheControlAdapter(
            cache=store,
            serializer=_WithoutToken(),
            max_retries=retries(),
            pool_maxsize=CONNECTIONS,
            cacheable_methods=("GET",),
        )
    else:
        adapter = HTTPAdapter(max_retries=retries(), pool_maxsize=CONNECTIONS)
    # GitHub lets answers live for a minute: nothing may be believed that long here.
    return GitHub.for_owner(owner, adapter, {"Cache-Control": "no-cache"})


def every(github: GitHub, path: str, key: str, per_page: int = 100) -> Iterator[Any]:
    """Every item of a list, page by page.

    Args:
        github: the session.
        path: of the list, without paging.
        key: the member of each answer that holds the items.
        per_page: GitHub's most for this list.

    Raises:
        ConfigurationError: GitHub shows no such list, or refuses. An empty list is 200; a 404 may
            as well mean that the token may not see it (docs.github.com: troubleshooting the REST
            API), and must not pass for nothing being there.
    """
    before: list[Any] | None = None
    for _ in range(_LOOKS):
        found, settled = _pages(github, path, key, per_page)
        if settled or found == before:
            return iter(found)
        before = found
    text = f"tells another list at each look at {path}: somebody is changing it, try again"
    raise ConfigurationError([Problem(github.url, 0, "", text)], ExitCode.ERROR)


def _pages(github: GitHub, path: str, key: str, per_page: int) -> tuple[list[Any], bool]:
    """All items of one look, and whether all its pages told one count and it is theirs.

    What is deleted between two pages moves another to a page that was read already.
    """
    found: list[Any] = []
    counts: set[int] = set()
    for answer in github.pages(f"{path}?per_page={per_page}"):
        if answer is None:
            text = f"does not show {path}: it was just deleted, or the token may not see it"
            raise ConfigurationError([Problem(github.url, 0, "", text)], ExitCode.ERROR)
        counts.add(answer["total_count"])
        found += answer[key]
    return found, counts == {len(found)}
