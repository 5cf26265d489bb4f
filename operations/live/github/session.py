"""A session of HTTP that authenticates with the given token and with nothing else.

By default requests prefers a `.netrc` entry for the host to the session's own header, also after a
redirect, with which GitHub answers for a renamed repository. Then slipway would read with another
account than the provider writes with. Proxies and certificates still come from the environment.
"""

from collections.abc import Mapping

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
