"""A session for the observer, which keeps answers and asks for them again conditionally.

The answers are kept in the user's cache folder (`kept`). Each is asked for again with
`If-None-Match`, and GitHub does not count a 304 against the token's limit (docs.github.com: best
practices for the REST API). Entity tags are valid for one token, so another token starts anew. No
answer is taken from the cache without asking GitHub. The files contain names, rules and the values
of variables, and only the user can read them. They never contain the value of a secret, which
GitHub does not tell, nor the token.
"""

import os
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from components.model.github_host import GITHUB_COM, GitHubHost
from operations.live.github.api import CONNECTIONS, GitHub, retries
from operations.live.github.cache.kept import Answers, Kept


class _Conditional(HTTPAdapter):
    """Sends the entity tag of an earlier answer, and answers with that one if it still is so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(max_retries=retries(), pool_maxsize=CONNECTIONS)
        self._file = folder / "answers.sqlite"
        self._by_token: dict[str, Answers] = {}

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        token = request.headers.get("Authorization")
        if request.method != "GET" or not token or not request.url:
            return super().send(request, *args, **kwargs)
        if token not in self._by_token:
            self._by_token[token] = Answers(self._file, token)
        answers = self._by_token[token]
        accept = request.headers.get("Accept", "")
        earlier = answers.find(request.url, accept)
        if earlier:
            request.headers["If-None-Match"] = earlier.tag
        answer = super().send(request, *args, **kwargs)
        if earlier and answer.status_code == requests.codes.not_modified:
            return _again(answer, earlier)
        if answer.status_code == requests.codes.ok and (tag := answer.headers.get("ETag")):
            link = answer.headers.get("Link", "")
            answers.keep(request.url, accept, Kept(tag, link, answer.content))
        return answer


def _again(answer: requests.Response, earlier: Kept) -> requests.Response:
    """The earlier answer, with the headers of the present one."""
    answer.content  # noqa: B018 - reads to the end, so that the connection is free
    answer.status_code, answer.reason = requests.codes.ok, "OK"
    answer._content = earlier.body  # noqa: SLF001 - requests has no other way to set a body
    answer.headers.pop("Link", None)
    if earlier.link:
        answer.headers["Link"] = earlier.link
    return answer


def observing(owner: str, github: GitHubHost = GITHUB_COM, *, cache: bool) -> GitHub:
    """A session for an owner's repositories.

    Args:
        owner: the stack's owner.
        github: where GitHub is, as declared.
        cache: whether answers are kept for the next run.

    Raises:
        ConfigurationError: as `GitHub.for_owner`.
    """
    if not cache:
        return GitHub.for_owner(owner, github)
    # XDG Base Directory Specification.
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "slipway" / "answers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # `mode` is not that of a folder that exists.
    folder.chmod(0o700)
    return GitHub.for_owner(owner, github, _Conditional(folder))
