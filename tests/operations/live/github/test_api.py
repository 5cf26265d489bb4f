import time
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from components.config.problems import ConfigurationError, ExitCode
from components.model.github_host import GitHubHost
from operations.live.github.api import GitHub, in_path
from sandbox.github import Store, serve
from sandbox.github.faults import Fault, Kind
from sandbox.github.planting import plant
from sandbox.github.seed import Seed


@pytest.fixture
def store() -> Iterator[Store]:
    """A GitHub with one user."""
    store = Store()
    seed = {"users": [{"login": "me"}], "tokens": [{"token": "t", "login": "me"}]}
    plant(store, Seed.model_validate(seed))
    server = serve(store)
    store.url = server.url  # type: ignore[attr-defined]  # where the test finds it
    yield store
    server.stop()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the seconds of each wait, without waiting."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


LIMITS = {
    "secondary, with a time": (Fault(kind=Kind.SECONDARY_LIMIT, status=403, retry_after=7), 7),
    "secondary, without": (Fault(kind=Kind.SECONDARY_LIMIT, status=403), 60),
    "too many, without": (Fault(kind=Kind.SECONDARY_LIMIT, status=429), 60),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_that_ends_soon_is_waited_for(
    name: str, store: Store, slept: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """A short rate limit is waited for, by default a minute, and the user is told."""
    fault, seconds = LIMITS[name]
    store.faults.add(Fault(kind=fault.kind, status=fault.status, retry_after=fault.retry_after))
    client = GitHub(store.url, "t")  # type: ignore[attr-defined]  # set by the fixture
    assert (client.get("users/me") or {})["login"] == "me"
    assert slept == [seconds]
    assert f"going on in {seconds} seconds" in caplog.text


@pytest.mark.parametrize("seconds", [121, 3000])
def test_a_limit_that_lasts_is_an_error_with_its_end(
    seconds: int, store: Store, slept: list[float]
) -> None:
    """A long rate limit is an error that names its length; the client does not wait."""
    limit = Fault(kind=Kind.SECONDARY_LIMIT, status=429, retry_after=seconds, count=None)
    store.faults.add(limit)
    client = GitHub(store.url, "t")  # type: ignore[attr-defined]  # set by the fixture
    with pytest.raises(ConfigurationError, match=f"try again in {seconds} seconds") as caught:
        client.get("users/me")
    assert caught.value.exit_code is ExitCode.ERROR
    assert slept == []


def test_the_hours_limit_ends_at_its_reset(store: Store, slept: list[float]) -> None:
    """The primary limit is waited for until GitHub's reset time."""
    store.faults.add(Fault(kind=Kind.PRIMARY_LIMIT, retry_after=30, count=1))
    client = GitHub(store.url, "t")  # type: ignore[attr-defined]  # set by the fixture
    assert client.query("query { rateLimit { cost } }")["rateLimit"]["cost"] == 1
    (seconds,) = slept
    assert 29 <= seconds <= 31


def test_a_rate_limit_is_waited_for_three_times(store: Store, slept: list[float]) -> None:
    """After three waits a rate limit is an error."""
    limit = Fault(kind=Kind.SECONDARY_LIMIT, status=403, retry_after=1, count=None)
    store.faults.add(limit)
    client = GitHub(store.url, "t")  # type: ignore[attr-defined]  # set by the fixture
    with pytest.raises(ConfigurationError, match="limits the rate of this token"):
        client.get("users/me")
    assert slept == [1, 1, 1]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, b"<html>Log in</html>", "not JSON"),
        (409, b'{"message": "Git Repository is empty."}', "empty"),
    ],
)
def test_an_unexpected_answer_is_an_error(
    monkeypatch: pytest.MonkeyPatch, status: int, body: bytes, words: str
) -> None:
    """An unexpected answer, such as a proxy's page, is an error without a traceback."""
    answer = requests.Response()
    answer.status_code, answer._content = status, body
    monkeypatch.setattr(requests.Session, "request", lambda *_a, **_k: answer)
    with pytest.raises(ConfigurationError, match=words):
        GitHub("http://127.0.0.1:1/", "t").get("repos/acme/odd/git/matching-refs/heads/x")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("FORBIDDEN", ExitCode.AUTHENTICATION),
        ("INSUFFICIENT_SCOPES", ExitCode.AUTHENTICATION),
        ("INTERNAL", ExitCode.ERROR),
    ],
)
def test_a_refusal_by_graphql_has_the_exit_code_of_rest(
    monkeypatch: pytest.MonkeyPatch, kind: str, code: ExitCode
) -> None:
    """A refusal by GraphQL, with status 200, has the same exit code as one by REST."""
    answer = requests.Response()
    error = f'{{"type": "{kind}", "message": "protected by SAML"}}'
    answer.status_code = 200
    answer._content = f'{{"data": {{"r0": null}}, "errors": [{error}]}}'.encode()
    answer.headers["X-OAuth-Scopes"] = "repo, workflow"
    monkeypatch.setattr(requests.Session, "request", lambda *_a, **_k: answer)
    client = GitHub("http://127.0.0.1:1/", "t")
    with pytest.raises(ConfigurationError, match="protected by SAML") as caught:
        client.query("query { x }")
    assert caught.value.exit_code is code
    assert client.scopes == frozenset({"repo", "workflow"})


def is_possible(name: str) -> bool:
    """Exclude names that git forbids (git-check-ref-format) and `.` and `..`, which URLs drop."""
    return not any(part.startswith(".") for part in name.split("/"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(is_possible))
def test_a_name_in_a_path_reaches_github_unchanged(name: str) -> None:
    """Any name in a path reaches GitHub unchanged, without becoming a query or fragment."""
    url = f"https://api.github.com/repos/acme/x/git/ref/heads/{in_path(name)}"
    sent = requests.Request("GET", url).prepare().url
    assert sent is not None
    parts = urlsplit(sent)
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote(parts.path).removeprefix("/repos/acme/x/git/ref/heads/") == name


def linked(next_url: str, body: bytes) -> requests.Response:
    """An answer with a Link header to the next page."""
    answer = requests.Response()
    answer.status_code = 200
    answer._content = body
    if next_url:
        answer.headers["Link"] = f'<{next_url}>; rel="next", <{next_url}&last>; rel="last"'
    return answer


def test_the_next_page_is_the_one_that_github_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client follows the Link header, since some lists use cursors instead of numbers."""
    answers = {
        "https://api.github.com/x?per_page=1": linked("https://api.github.com/x?after=Y3", b"[1]"),
        "https://api.github.com/x?after=Y3": linked("", b"[2]"),
    }
    client = GitHub("https://github.com", "t")
    monkeypatch.setattr(client._session, "request", lambda _, url, **__: answers[url])
    assert list(client.pages("x?per_page=1")) == [[1], [2]]


@pytest.mark.parametrize("place", ["https://api.github.com.acme.com/x", "http://api.github.com/x"])
def test_no_page_is_requested_from_another_address(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client does not follow a link to another address: it would send the token there."""
    client = GitHub("https://github.com", "t")
    monkeypatch.setattr(client._session, "request", lambda *_, **__: linked(place, b"[1]"))
    pages = client.pages("x")
    assert next(pages) == [1]
    with pytest.raises(ConfigurationError, match="continues x at another place"):
        next(pages)


@pytest.mark.parametrize(
    ("host", "rest", "graphql"),
    [
        ("github.com", "https://api.github.com/x", "https://api.github.com/graphql"),
        ("a.ghe.com", "https://api.a.ghe.com/x", "https://api.a.ghe.com/graphql"),
        (
            "git.example.com",
            "https://git.example.com/api/v3/x",
            "https://git.example.com/api/graphql",
        ),
    ],
)
def test_requests_go_to_the_declared_github(
    host: str, rest: str, graphql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For each host, REST and GraphQL have the addresses that GitHub documents."""
    monkeypatch.delenv("GITHUB_BASE_URL", raising=False)
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    client, asked = GitHub.for_owner("acme", GitHubHost(host=host)), []

    def answered(_method: str, url: str, **_: object) -> requests.Response:
        asked.append(url)
        return linked("", b'{"data": {}}')

    monkeypatch.setattr(client._session, "request", answered)
    client.get("x")
    client.query("query { x }")
    assert asked == [rest, graphql]
