from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from operations.live.github.api import GitHub
from operations.live.github.session import github_session
from sandbox.github import Server, Store, serve
from sandbox.github.planting import plant
from sandbox.github.seed import Seed

WORLD = {
    "users": [{"login": "me"}],
    "tokens": [{"token": "t", "login": "me"}],
    "repositories": [{"owner": "me", "name": "old"}],
}


@pytest.fixture
def store() -> Store:
    """A GitHub with one user and one repository."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    return store


@pytest.fixture
def server(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve the GitHub, with a `.netrc` that has another user for its host."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    served = serve(store)
    yield served
    served.stop()


def test_netrc_does_not_replace_the_token(server: Server) -> None:
    """The token is sent, although `.netrc` has another login for the host."""
    user = GitHub(server.url, "t").get("user")
    assert user is not None
    assert user["login"] == "me"


def test_a_renamed_repository_is_requested_with_the_same_token(
    store: Store, server: Server
) -> None:
    """GitHub's redirect of a renamed repository is followed with the same token."""
    repository = store.repository("me", "old")
    assert repository is not None
    store.move_repository(repository, repository.owner, "new")
    found = GitHub(server.url, "t").get("repos/me/old")
    assert found is not None
    assert found["name"] == "new"


def test_another_host_gets_no_token() -> None:
    """A redirect to another host is followed without the token."""
    session = github_session("t", HTTPAdapter())
    request = session.prepare_request(requests.Request("GET", "https://api.github.com/x"))
    answer = requests.Response()
    answer.request = request
    following = request.copy()
    following.url = "https://elsewhere.example/x"
    session.rebuild_auth(following, answer)  # type: ignore[no-untyped-call]  # no stub
    assert request.headers["Authorization"] == "Bearer t"
    assert "Authorization" not in following.headers
