"""A session of HTTP that authenticates with the given token and with nothing else.

By default requests prefers a `.netrc` entry for the host to the session's own header, also after a
redirect, with which GitHub answers for a renamed repository. Then slipway would read with another
account than the provider writes with. Proxies and certificates still come from the environment.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter


class _Bearer(requests.auth.AuthBase):
    """Sends the token. A session that has an `auth` does not read `.netrc`."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self._settings: dict[str, Any] = {}

    def merge_environment_settings(
        self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any
    ) -> Any:
        """The proxies and certificates of the environment, looked up once for each host.

        requests reads all of the environment several times for each request.
        """
        origin = str(url).partition("://")[2].partition("/")[0]
        if origin not in self._settings:
            self._settings[origin] = super().merge_environment_settings(
                url, proxies, stream, verify, cert
            )
        return dict(self._settings[origin])

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Send the token to the same host after a redirect, and to no other host."""
        origin, target = response.request.url, prepared_request.url
        elsewhere = self.should_strip_auth(origin, target)  # type: ignore[no-untyped-call]  # no stub
        if elsewhere:
            prepared_request.headers.pop("Authorization", None)


def github_session(
    token: str, adapter: HTTPAdapter, headers: Mapping[str, str] | None = None
) -> requests.Session:
    """A session with GitHub's REST and GraphQL API.

    Args:
        token: of a user or an app installation.
        adapter: sends the requests.
        headers: sent with every request, besides GitHub's own.
    """
    session = _Session()
    session.auth = _Bearer(token)
    session.headers.update(
        {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            **(headers or {}),
        }
    )
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
