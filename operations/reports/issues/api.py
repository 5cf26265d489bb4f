"""Send the few writes that `slipway drift --issue` needs; no other client here changes GitHub.

It handles only the issues of one repository. A request that creates something is sent once: if the
answer is lost, GitHub may have carried it out, and the next run sees whether it did.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from components.config.github_address import rest_url
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.sanitize import visible
from components.model.github_host import GITHUB_COM, GitHubHost
from operations.live.github.api import TIMEOUT, message_of
from operations.live.github.session import github_session

_PER_PAGE: Final = 100
#: The remedy by the status of an answer.
_ADVICE: Final = {
    requests.codes.unauthorized: "GitHub refuses the token: is it expired or revoked?",
    requests.codes.forbidden: "the token must have the right to write issues and labels there",
    requests.codes.not_found: "the repository does not exist, or the token may not see it",
    requests.codes.gone: "issues are disabled there: enable them, or name another repository",
}
_REFUSED: Final = {requests.codes.unauthorized, requests.codes.forbidden, requests.codes.not_found}


class Issues:
    """Issues of one repository.

    The token comes from SLIPWAY_ISSUE_TOKEN, else from GITHUB_TOKEN; it must be allowed to write
    issues.
    """

    def __init__(self, repository: str, github: GitHubHost = GITHUB_COM) -> None:
        """Read the token, and the sandbox's address, from the environment.

        Args:
            repository: `OWNER/NAME`.
            github: where the repository is: beside those of the stack.

        Raises:
            ConfigurationError: the name has another form (2), or there is no token (3).
        """
        if [bool(part) for part in repository.split("/")] != [True, True]:
            text = f"is {repository!r}: give OWNER/REPO"
            raise ConfigurationError([Problem("--issue", 0, "", text)])
        token = os.environ.get("SLIPWAY_ISSUE_TOKEN") or os.environ.get("GITHUB_TOKEN")
        if not token:
            text = "is not set: export a token that may write issues"
            raise ConfigurationError(
                [Problem("GITHUB_TOKEN", 0, "", text)], ExitCode.AUTHENTICATION
            )
        root = rest_url(github, os.environ.get("GITHUB_BASE_URL"))
        self._base = f"{root}repos/{repository}"
        again = Retry(
            total=3,
            backoff_factor=0.5,
            status_forcelist={429, 500, 502, 503, 504},
            allowed_methods={"GET", "PATCH"},
            raise_on_status=False,
        )
        self._session = github_session(token, HTTPAdapter(max_retries=again))

    def labelled(self, label: str) -> Iterator[Mapping[str, Any]]:
        """Issues with a label, open and closed, the oldest first; no pull requests."""
        for page in count(1):
            query = f"labels={label}&state=all&direction=asc&per_page={_PER_PAGE}&page={page}"
            found = self._send("GET", f"/issues?{query}")
            yield from (issue for issue in found if "pull_request" not in issue)
            if len(found) < _PER_PAGE:
                return

    def make_label(self, name: str, description: str) -> None:
        """Create a label unless it exists.

        If the token may not set labels, GitHub creates an issue without its label and reports no
        error, and the issue could never be found again. This request fails for such a token.
        """
        self._send("POST", "/labels", {"name": name, "description": description}, known=True)

    def open(self, title: str, body: str, label: str) -> int:
        """Create an issue and return its number."""
        made = self._send("POST", "/issues", {"title": title, "body": body, "labels": [label]})
        number: int = made["number"]
        return number

    def change(self, number: int, **values: str) -> None:
        """Set members of an issue, such as `body`, `state` and `state_reason`."""
        self._send("PATCH", f"/issues/{number}", values)

    def comment(self, number: int, body: str) -> None:
        """Add a comment to an issue."""
        self._send("POST", f"/issues/{number}/comments", {"body": body})

    def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        known: bool = False,
    ) -> Any:
        """The answer's JSON; with `known`, the answer that an object exists already is no error.

        Raises:
            ConfigurationError: GitHub refuses the token (3), or the request fails (1).
        """
        try:
            answer = self._session.request(
                method, f"{self._base}{path}", json=body, timeout=TIMEOUT
            )
        except requests.RequestException as error:
            text = f"cannot be reached: {type(error).__name__}"
            raise ConfigurationError([self._problem(text)], ExitCode.ERROR) from error
        if answer.ok or (known and _is_there(answer)):
            return answer.json()
        raise self._refusal(answer, method)

    def _refusal(self, answer: requests.Response, method: str) -> ConfigurationError:
        wait = answer.headers.get("Retry-After")
        limited = wait or answer.headers.get("X-RateLimit-Remaining") == "0"
        advice = _ADVICE.get(answer.status_code, "try again later")
        if limited:
            advice = f"the token's rate is limited, try again in {wait or 3600} seconds"
        refused = answer.status_code in _REFUSED and not limited
        code = ExitCode.AUTHENTICATION if refused else ExitCode.ERROR
        text = f"answers {answer.status_code} to {method} ({visible(message_of(answer))}): {advice}"
        return ConfigurationError([self._problem(text)], code)

    def _problem(self, text: str) -> Problem:
        return Problem(f"{self._base}/issues", 0, "", text)


def _is_there(answer: requests.Response) -> bool:
    """True if the answer says that the object exists already (docs.github.com: client errors)."""
    if answer.status_code != requests.codes.unprocessable_entity:
        return False
    return any(error.get("code") == "already_exists" for error in answer.json().get("errors", ()))
