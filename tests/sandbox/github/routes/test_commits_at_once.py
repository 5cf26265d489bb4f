"""If two writes of files overlap, a branch accepts only one of them."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from sandbox.github.routes import contents
from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api

R = "/repos/acme/billing"
CONTENT = b64encode(b"x\n").decode()


def at_once(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    *writes: tuple[str, dict[str, str]],
    repository: str = R,
) -> list[TestResponse]:
    """Send writes that all arrive before one continues; returns the answers in their order."""
    arrived = Barrier(len(writes))
    monkeypatch.setattr(contents, "_pass_time", lambda: arrived.wait(timeout=10))

    def write(path: str, more: dict[str, str]) -> TestResponse:
        sent = {"message": "m", "content": CONTENT} | more
        return Api(app)("PUT", f"{repository}/contents/{path}", sent)

    with ThreadPoolExecutor(len(writes)) as clients:
        return list(clients.map(lambda each: write(*each), writes))


def test_one_branch_takes_one_commit_at_a_time(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other write is refused with both heads and writes nothing, even to another file."""
    head = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    answers = at_once(app, monkeypatch, ("a", {}), ("b", {}))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    now = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    assert refused.get_json()["message"] == f"is at {now} but expected {head}"
    assert len(api("GET", f"{R}/commits").get_json()) == 2


def test_the_first_commits_of_an_empty_repository_meet(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only one of the two writes creates the branch."""
    empty = "/repos/acme/empty"
    assert api("GET", f"{empty}/branches").get_json() == []
    answers = at_once(app, monkeypatch, ("a", {}), ("b", {}), repository=empty)
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(api("GET", f"{empty}/commits").get_json()) == 1


def test_branches_do_not_wait_for_each_other(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overlapping writes to two branches both succeed."""
    assert api("GET", R).status_code == 200
    answers = at_once(app, monkeypatch, ("a", {}), ("a", {"branch": "develop"}))
    assert [answer.status_code for answer in answers] == [201, 201]


def test_writes_one_after_another_succeed(
    app: Flask, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that arrives after the answer of the last one starts from its commit."""
    assert api("GET", R).status_code == 200
    for path in ("a", "b", "c"):
        (answer,) = at_once(app, monkeypatch, (path, {}))
        assert answer.status_code == 201


def test_a_write_takes_its_time(api: Api, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator serves other requests between reading the head and moving it."""
    waits: list[tuple[float, bool]] = []

    def is_free() -> bool:
        taken = store.lock.acquire(blocking=False)
        if taken:
            store.lock.release()
        return taken

    def note(seconds: float) -> None:
        with ThreadPoolExecutor(1) as another:
            waits.append((seconds, another.submit(is_free).result()))

    monkeypatch.setattr("time.sleep", note)
    api("PUT", f"{R}/contents/a", {"message": "m", "content": CONTENT})
    api("GET", f"{R}/contents/a")
    assert waits == [(0.05, True)]
