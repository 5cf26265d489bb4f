"""A client of GitHub that only reads.

The Pulumi provider makes every change. This client reads facts that the provider's data sources
cannot tell, or would send several requests for. It sends GET requests and GraphQL queries only.

The address and the token come from the same environment variables that the provider reads:
GITHUB_BASE_URL (default: the declared GitHub) and GITHUB_TOKEN.
"""

import logging
import os
import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from components.config.github_address import rest_url
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.github_host import GITHUB_COM, GitHubHost
from operations.live.answers import Once
from operations.live.github.session import github_session

#: Connections at once; GitHub allows 100 (docs.github.com: rate limits).
CONNECTIONS: Final = 16
#: Seconds to wait for the beginning of an answer; GitHub itself gives up after ten.
TIMEOUT: Final = 15
#: The longest wait for a rate limit, in seconds, and the number of waits.
PATIENCE: Final = 120
_WAITS: Final = 3
_MINUTE: Final = 60
_BEGINNING: Final = 1000
_HOUR: Final = 3600
#: How GitHub says that a plan has no protection for private repositories, for example.
_UPGRADE: Final = "Upgrade to GitHub "
#: Types of GraphQL's errors that REST answers with 403.
_REFUSALS: Final = {"FORBIDDEN", "INSUFFICIENT_SCOPES"}
_LOG: Final = logging.getLogger(__name__)


def in_path(name: str) -> str:
    """A name as part of a URL's path; its slashes stay.

    `%`, `#`, `&` and `"` are legal in the name of a branch (git-check-ref-format).
    """
    return quote(name, safe="/")


def retries() -> Retry:
    """Send a request again after an error of the server or a lost connection."""
    return Retry(
        total=3,
        backoff_factor=0.5,
        status_forcelist={500, 502, 503, 504},
        respect_retry_after_header=False,
        # Only GraphQL queries are posted.
        allowed_methods={"GET", "POST"},
        raise_on_status=False,
    )


class GitHub:
    """One session with GitHub's REST API.

    Attributes:
        host: where GitHub is, as declared.
        url: the REST root, ending in a slash; the sandbox's if GITHUB_BASE_URL names it.
        is_app: True for the token of an App installation, by GitHub's prefix for those.
        scopes: of a classic token; None for other tokens, and before the first answer.
    """

    def __init__(
        self,
        base_url: str | None = None,
        token: str | None = None,
        adapter: HTTPAdapter | None = None,
        github: GitHubHost = GITHUB_COM,
    ) -> None:
        """Use the given address and token, by default those of the environment.

        Args:
            base_url: as the provider takes it.
            token: of a user or an App installation.
            adapter: sends the requests; by default one that retries.
            github: where GitHub is, as declared.
        """
        self.host = github
        self.url = rest_url(github, base_url or os.environ.get("GITHUB_BASE_URL"))
        token = token or os.environ.get("GITHUB_TOKEN")
        if not token:
            text = "is not set: export a token that may administer the stack's repositories"
            raise ConfigurationError(
                [Problem("GITHUB_TOKEN", 0, "", text)], ExitCode.AUTHENTICATION
            )
        self.is_app = token.startswith("ghs_")
        self.scopes: frozenset[str] | None = None
        adapter = adapter or HTTPAdapter(max_retries=retries(), pool_maxsize=CONNECTIONS)
        self._session = github_session(token, adapter)
        self._accounts = Once()

    @classmethod
    def for_owner(
        cls, owner: str, github: GitHubHost, adapter: HTTPAdapter | None = None
    ) -> "GitHub":
        """A session with the declared address, or the sandbox's, and the environment's token.

        Raises:
            ConfigurationError: GITHUB_OWNER names another owner. The provider prefers that
                variable to its own argument (pulumi-github 6.15) and would write elsewhere.
        """
        other = os.environ.get("GITHUB_OWNER")
        if other and other.lower() != owner.lower():
            text = f"is {other!r}, the stack's owner is {owner!r}: unset GITHUB_OWNER"
            raise ConfigurationError([Problem("GITHUB_OWNER", 0, "", text)])
        return cls(adapter=adapter, github=github)

    def get(self, path: str, media_type: str | None = None) -> Any | None:
        """The JSON at `path`; None if GitHub answers 404, or that the owner's plan lacks it.

        Args:
            path: below the REST root, with its query; names in it by `in_path`.
            media_type: of the answer, if GitHub has several for one path.

        Raises:
            ConfigurationError: GitHub is out of reach (1), or refuses the token (3).
        """
        found, _ = self._page(self.url + path, path, media_type)
        return found

    def account(self, path: str) -> Any | None:
        """As `get`, for what repositories and stacks share (users, teams): once in a session."""
        return self._accounts(path, partial(self.get, path))

    def pages(self, path: str) -> Iterator[Any | None]:
        """The JSON of each page of a list; None for a page as for `get`.

        GitHub tells the address of the next page (docs.github.com: using pagination in the REST
        API).

        Args:
            path: as for `get`, without a page.

        Raises:
            ConfigurationError: as `get`; or GitHub names a page on another server.
        """
        url: str | None = self.url + path
        while url:
            found, url = self._page(url, path)
            yield found

    def _page(
        self, url: str, path: str, media_type: str | None = None
    ) -> tuple[Any | None, str | None]:
        """The JSON at an address, and the address of the next page."""
        if not url.startswith(self.url):
            # The token would be sent there.
            raise self._failure(f"continues {path} at another place: {url}", ExitCode.ERROR)
        headers = {"Accept": media_type} if media_type else {}
        answer = self._answer("GET", url, headers=headers)
        if answer.status_code == requests.codes.not_found or _beyond_plan(answer):
            return None, None
        return self._checked(answer, path), answer.links.get("next", {}).get("url")

    def _answer(
        self,
        method: str,
        url: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer to one request. If GitHub limits the rate, wait for the end of a short limit.

        docs.github.com, rate limits: send no request before `retry-after`, or before the reset if
        nothing remains. If a secondary limit names neither, wait a minute at least.
        """
        for waits in range(_WAITS + 1):
            try:
                answer = self._session.request(
                    method, url, json=body, headers=headers, timeout=TIMEOUT
                )
            except requests.RequestException as error:
                text = f"cannot be reached: {_reason(error)}"
                raise self._failure(text, ExitCode.ERROR) from error
            if (scopes := answer.headers.get("X-OAuth-Scopes")) is not None:
                self.scopes = frozenset(scopes.replace(" ", "").split(","))
            seconds = _limited(answer)
            if seconds is None:
                return answer
            if seconds > PATIENCE or waits == _WAITS:
                break
            _LOG.warning("GitHub limits the rate of this token: going on in %s seconds", seconds)
            time.sleep(seconds)
        text = (
            f"limits the rate of this token ({message_of(answer)}): try again in {seconds} seconds"
        )
        raise self._failure(text, ExitCode.ERROR)

    def _checked(self, answer: requests.Response, path: str) -> Any:
        """The JSON of an answer, unless it is a refusal."""
        if answer.ok:
            try:
                return answer.json()
            except requests.JSONDecodeError as error:
                text = f"answers {path} with text that is not JSON: is there a proxy in between?"
                raise self._failure(text, ExitCode.ERROR) from error
        message = message_of(answer)
        if answer.status_code == requests.codes.unauthorized:
            text = f"refuses the token in GITHUB_TOKEN ({message}): is it expired or revoked?"
            raise self._failure(text, ExitCode.AUTHENTICATION)
        if answer.status_code == requests.codes.forbidden:
            needs = _accepted(answer) or "the right to"
            text = f"does not let this token read {path} ({message}): it needs {needs}"
            raise self._failure(text, ExitCode.AUTHENTICATION)
        text = f"answers {answer.status_code} to {path} ({message}): try again later"
        raise self._failure(text, ExitCode.ERROR)

    def query(self, text: str) -> Mapping[str, Any]:
        """The `data` of the answer to a GraphQL query; a repository that is not shown is null.

        Raises:
            ValueError: the text is no query: this client changes nothing.
            ConfigurationError: as `get`; or GitHub does not understand the query.
        """
        if not text.startswith("query"):
            raise ValueError("this client sends queries only")
        answer = self._answer("POST", _graphql_url(self.url), {"query": text})
        found = self._checked(answer, "graphql")
        errors = [e for e in found.get("errors", ()) if e.get("type") != "NOT_FOUND"]
        if refused := [e for e in errors if e.get("type") in _REFUSALS]:
            text = f"does not answer this token ({refused[0].get('message')}): use another"
            raise self._failure(text, ExitCode.AUTHENTICATION)
        if errors:
            text = f"does not answer a question ({errors[0].get('message')}): try again later"
            raise self._failure(text, ExitCode.ERROR)
        data: Mapping[str, Any] = found["data"]
        return data

    def _failure(self, text: str, code: ExitCode) -> ConfigurationError:
        return ConfigurationError([Problem(self.url, 0, "", text)], code)


def _limited(answer: requests.Response) -> int | None:
    """Seconds until the next request is allowed; None if the answer tells of no limit."""
    refused = {requests.codes.forbidden, requests.codes.too_many_requests}
    # GraphQL tells of a limit with status 200 (docs.github.com/graphql: rate limits).
    if answer.status_code not in refused and b'"RATE_LIMITED"' not in answer.content[:_BEGINNING]:
        return None
    if (wait := answer.headers.get("Retry-After", "")).isdigit():
        return int(wait)
    if answer.headers.get("X-RateLimit-Remaining") == "0":
        reset = answer.headers.get("X-RateLimit-Reset", "")
        return max(int(reset) - int(time.time()) + 1, 1) if reset.isdigit() else _HOUR
    secondary = "secondary rate limit" in message_of(answer).lower()
    limited = secondary or answer.status_code == requests.codes.too_many_requests
    return _MINUTE if limited else None


def _beyond_plan(answer: requests.Response) -> bool:
    """True if the owner's plan has no such feature, so that there is nothing to read."""
    forbidden = answer.status_code == requests.codes.forbidden
    return forbidden and message_of(answer).startswith(_UPGRADE)


def _graphql_url(rest: str) -> str:
    """The address of GraphQL, for a REST root (docs.github.com/graphql: forming calls)."""
    if rest.endswith("/api/v3/"):
        return rest.removesuffix("v3/") + "graphql"
    return rest + "graphql"


def _accepted(answer: requests.Response) -> str:
    """The permissions that suffice, as GitHub names them to fine-grained tokens and Apps.

    Each of several sets, separated by `;`, does (docs.github.com: troubleshooting the REST API).
    """
    told = answer.headers.get("X-Accepted-GitHub-Permissions", "")
    sets = [one.strip().replace("=", ": ").replace(",", ", ") for one in told.split(";")]
    return " or ".join(one for one in sets if ": " in one)


def message_of(answer: requests.Response) -> str:
    """GitHub's message in an error's answer, else the status in words."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.reason or "no reason given"


def _reason(error: requests.RequestException) -> str:
    """The innermost reason: the outer ones repeat the address."""
    cause: BaseException = error
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    return str(cause)
