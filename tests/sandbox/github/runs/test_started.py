"""Workflow files that a push, a pull request or a merge starts, and messages that skip them."""

from typing import Any

import pytest

from sandbox.github.runs.filters import UnknownFilterError, starts
from sandbox.github.runs.skipping import skips
from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.pull_requests.world import branch, merged, opened, write

EVENTS = "/_sandbox/events/acme/billing"
TEST = ".github/workflows/python-test.yml"
TRAILER = "chore: standard\n\n\nskip-checks: true"


@pytest.mark.parametrize(
    ("message", "skipped"),
    [
        ("feat: a", False),
        ("chore: a [skip ci]", True),
        ("chore: a\n\nQuoted: [ci skip] in the middle\n\nmore", True),
        ("[no ci]", True),
        ("a [skip actions] b", True),
        ("a [actions skip] b", True),
        ("a [skip-ci] b", False),
        (TRAILER, True),
        ("chore: a\n\n\nskip-checks:true\n", True),
        ("chore: a\n\n\nSigned-off-by: me\nskip-checks: true", True),
        ("chore: a\n\nskip-checks: true", False),
        ("chore: a\n\n\nskip-checks: true\nSigned-off-by: me", False),
        (f"Squash (#1)\n\n* {TRAILER}\n\n* feat: b", False),
        (f"Squash (#1)\n\n* feat: b\n\n* {TRAILER}", True),
    ],
)
def test_a_message_skips_runs(message: str, skipped: bool) -> None:  # noqa: FBT001 - a column
    """The words count anywhere in a message, the trailer only at its end after two empty lines."""
    assert skips(message) is skipped


@pytest.mark.parametrize(
    ("triggers", "event", "ref", "started"),
    [
        ("push", "push", "refs/heads/main", True),
        (["push"], "pull_request", "refs/heads/main", False),
        ({"push": None}, "push", "refs/tags/v1", True),
        ({"push": {"branches": ["main"]}}, "push", "refs/heads/main", True),
        ({"push": {"branches": ["main"]}}, "push", "refs/heads/develop", False),
        ({"push": {"branches": ["main"]}}, "push", "refs/tags/main", False),
        ({"push": {"tags": ["v*"]}}, "push", "refs/heads/v1", False),
        ({"push": {"tags": ["v*"]}}, "push", "refs/tags/v1", True),
        ({"push": {"branches-ignore": ["main"]}}, "push", "refs/heads/main", False),
        ({"push": {"branches-ignore": ["main"]}}, "push", "refs/heads/develop", True),
        ({"push": {"paths": ["src/**"]}}, "push", "refs/heads/main", True),
        ({"push": {"paths": ["docs/**"]}}, "push", "refs/heads/main", False),
        ({"push": {"paths-ignore": ["src/**"]}}, "push", "refs/heads/main", False),
        ({"pull_request": None}, "pull_request", "refs/heads/main", True),
        ({"pull_request": {"types": ["closed"]}}, "pull_request", "refs/heads/main", False),
        ({"pull_request": {"branches": ["main"]}}, "pull_request", "refs/heads/main", True),
        ({"pull_request": {"branches": ["x"]}}, "pull_request", "refs/heads/main", False),
    ],
)
def test_filters(triggers: Any, event: str, ref: str, started: bool) -> None:  # noqa: FBT001
    """Filters for branches, tags, paths and types work as GitHub documents them."""
    assert starts(triggers, event, ref, changed=["src/app.py"], action="opened") is started


def test_an_unknown_filter_is_not_passed_over() -> None:
    """An unknown filter is an error; it is never ignored silently."""
    with pytest.raises(UnknownFilterError, match="colours"):
        starts({"push": {"colours": []}}, "push", "refs/heads/main", changed=[])


def events(api: Api) -> list[Any]:
    """The events, and what each one started."""
    found: list[Any] = api.client.get(EVENTS).get_json()
    return found


def with_workflows(api: Api) -> None:
    """Give main and develop a workflow that tests pushes and pull requests."""
    text = "on:\n  push:\n    branches: [main]\n  pull_request:\n    branches: [main]\n"
    for name in ("main", "develop"):
        write(api, name, TEST, text)
    api.client.delete(EVENTS)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
@pytest.mark.parametrize(
    ("messages", "skipped"),
    [
        (["chore: standard [skip ci]", "feat: b"], {"squash"}),
        (["feat: b", "chore: standard [skip ci]"], {"squash", "rebase"}),
        ([TRAILER, "feat: b"], set()),
        (["feat: b", TRAILER], {"squash", "rebase"}),
    ],
    ids=["word first", "word last", "trailer first", "trailer last"],
)
def test_a_merge_starts_what_its_head_commit_lets(
    api: Api, store: Store, method: str, messages: list[str], skipped: set[str]
) -> None:
    """A merge starts runs unless the message of its head commit skips them.

    A squash quotes the messages of the branch; a rebase ends with the branch's last commit.
    """
    with_workflows(api)
    branch(api, store, "topic")
    for number, message in enumerate(messages):
        write(api, "topic", f"{number}.txt", "x", message)
    opened(api, "topic")
    api.client.delete(EVENTS)
    assert merged(api, merge_method=method)[0] == 200
    (push,) = [each for each in events(api) if each["event"] == "push"]
    assert push["ref"] == "refs/heads/main"
    assert push["skipped"] is (method in skipped)
    assert push["runs"] == ([] if method in skipped else [TEST])


def test_the_head_of_a_pull_request_decides(api: Api) -> None:
    """The message of the head skips the runs of a pull request, until the next push."""
    with_workflows(api)
    write(api, "develop", "a.txt", "x", "chore: standard [skip ci]")
    opened(api)
    write(api, "develop", "b.txt", "x", "feat: b")
    found = [(e["action"], e["runs"]) for e in events(api) if e["event"] == "pull_request"]
    assert found == [("opened", []), ("synchronize", [TEST])]


def test_a_conflict_starts_nothing(api: Api, store: Store) -> None:
    """A pull request with conflicts has no merge commit to test."""
    with_workflows(api)
    branch(api, store, "topic")
    write(api, "topic", "same.txt", "ours")
    write(api, "main", "same.txt", "theirs")
    opened(api, "topic")
    assert events(api)[-1]["runs"] == []


def test_the_controls_stand_for_people(api: Api, store: Store) -> None:
    """The control routes approve, report a check, merge and close as a user does, without a token.

    Rules apply to them.
    """
    with_workflows(api)
    protection = {
        "required_status_checks": {"strict": False, "contexts": ["ci"]},
        "enforce_admins": True,
        "required_pull_request_reviews": {"required_approving_review_count": 1},
        "restrictions": None,
    }
    api("PUT", "/repos/acme/billing/branches/main/protection", protection)
    api("PUT", "/repos/acme/billing/collaborators/octocat", {"permission": "push"})
    opened(api)
    base, client = "/_sandbox/pulls/acme/billing/1", api.client
    assert client.post(f"{base}/merge", json={"method": "squash"}).status_code == 405
    assert client.post(f"{base}/approve", json={"login": "octocat"}).status_code == 204
    check = {"ref": "develop", "context": "ci", "result": "success"}
    assert client.put("/_sandbox/checks/acme/billing", json=check).status_code == 200
    sha = client.post(f"{base}/merge", json={"method": "squash"}).get_json()["sha"]
    assert store.repositories[41].git.branches()["main"] == sha
    for path, status in ((base.replace("/1", "/9"), 404), (base, 422)):
        assert client.post(f"{path}/merge", json={"method": "magic"}).status_code == status
    branch(api, store, "topic")
    write(api, "topic", "t.txt", "t")
    opened(api, "topic")
    assert client.post("/_sandbox/pulls/acme/billing/2/close").status_code == 204
    assert store.repositories[41].pull_requests[2].state == "closed"
