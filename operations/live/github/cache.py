"""A session for the observer, which keeps answers and asks for them again conditionally.

The answers are kept in the user's cache folder. Each is asked for again with `If-None-Match`, and
GitHub does not count a 304 against the token's limit (docs.github.com: best practices for the REST
API). Entity tags are valid for one token, so another token starts anew. No answer is taken from the
cache without asking GitHub. The files contain names, rules and the values of variables, and only
the user can read them. They never contain the value of a secret, which GitHub does not tell, nor
the token.
"""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cachecontrol import CacheControlAdapter
from cachecontrol.caches.file_cache import FileCache
from cachecontrol.serialize import Serializer
from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from components.model.github_host import GITHUB_COM, GitHubHost
from operations.live.github.api import CONNECTIONS, GitHub, retries


class _WithoutToken(Serializer):
    """Keeps answers for one token, of which it stores a digest.

    GitHub's answers vary by `Authorization`, so CacheControl would store the value of that header:
    the token itself, in clear text.
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
    """The request for the cache. A token is long and random: the digest does not reveal it."""
    copied = request.copy()
    if token := copied.headers.get("Authorization"):
        copied.headers["Authorization"] = sha256(token.encode()).hexdigest()
    return copied


def observing(owner: str, github: GitHubHost = GITHUB_COM, *, cache: bool) -> GitHub:
    """A session for an owner's repositories.

    Args:
        owner: the stack's owner.
        github: where GitHub is, as declared.
        cache: whether answers are kept for the next run.

    Raises:
        ConfigurationError: as `GitHub.for_owner`.
    """
    adapter: HTTPAdapter
    if cache:
        # XDG Base Directory Specification.
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(base) / "slipway" / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        # FileCache sets its mode for the innermost folders only.
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
    # By GitHub's headers an answer is valid for a minute. Here it must be asked for each time.
    return GitHub.for_owner(owner, github, adapter, {"Cache-Control": "no-cache"})
