"""The few writes that `slipway drift --issue` needs: the one client here that changes GitHub.

It knows issues of one repository and nothing else. A request that makes something is sent once:
after a lost answer nobody knows whether it was done, and the next run finds out.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from components.config.github_api import TIMEOUT, rest_url
from components.config.problems import ConfigurationError, ExitCode, Problem

_PER_PAGE: Final = 100
_REFUSED: Final = {requests.codes.unauthorized, requests.codes.forbidden}


class Issues:
    """Issues of one repository.

    The token is that of SLIPWAY_ISSUE_TOKEN, or GITHUB_TOKEN; it needs the right to write issues.
    """

    def __init__(self, repository: str) -> None:
        """Take address and token from the environment.

        Args:
            repository: `OWNER/NAME`.

        Raises:
            ConfigurationError: no such form (2), or no token (3).
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
        self._base = f"{rest_url(os.environ.get('GITHUB_BASE_URL'))}repos/{repository}"
        self._session = requests.Session()
        self._session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {token}",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )
        again = Retry(
            total=3,
            backoff_factor=0.5,
            status_forcelist={429, 500, 502, 503, 504},
            allowed_methods={"GET", "PATCH"},
            raise_on_status=False,
        )
        self._session.mount("http://", HTTPAdapter(max_retries=again))
        self._session.mount("https://", HTTPAdapter(max_retries=again))

    def labelled(self, label: str) -> Iterator[Mapping[str, Any]]:
        """Issues with a label, open and closed, the oldest first; no pull requests."""
        page = 1
        while True:
            query = f"labels={label}&state=all&direction=asc&per_page={_PER_PAGE}&page={page}"
            found = self._send("GET", f"?{query}")
            yield from (issue for issue in found if "pull_request" not in issue)
            if len(found) < _PER_PAGE:
                return
            page += 1

    def open(self, title: str, body: str, label: str) -> int:
        """Make an issue; its number."""
        made = self._send("POST", "", {"title": title, "body": body, "labels": [label]})
        number: int = made["number"]
        return number

    def change(self, number: int, **values: str) -> None:
        """Set members of an issue, such as `body`, `state` and `state_reason`."""
        self._send("PATCH", f"/{number}", values)

    def comment(self, number: int, body: str) -> None:
        """Say something below an issue."""
        self._send("POST", f"/{number}/comments", {"body": body})

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer's JSON.

        Raises:
            ConfigurationError: GitHub refuses the token (3), or does not do it (1).
        """
        try:
            answer = self._session.request(
                method, f"{self._base}/issues{path}", json=body, timeout=TIMEOUT
            )
        except requests.RequestException as error:
            text = f"cannot be reached: {type(error).__name__}"
            raise ConfigurationError([self._problem(text)], ExitCode.ERROR) from error
        if answer.ok:
            return answer.json()
        refused = answer.status_code in _REFUSED
        code = ExitCode.AUTHENTICATION if refused else ExitCode.ERROR
        text = f"answers {answer.status_code} to {method}: the token must be able to write issues"
        raise ConfigurationError([self._problem(text)], code)

    def _problem(self, text: str) -> Problem:
        return Problem(f"{self._base}/issues", 0, "", text)
