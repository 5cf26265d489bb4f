"""The real server on 127.0.0.1."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from flask import Response

from sandbox.github import Server, Store, serve
from sandbox.github.app import create_app
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.sandbox.github.conftest import ADMIN, WORLD

HEADERS = {"Authorization": f"Bearer {ADMIN}"}
E = "api/v3/repos/acme/billing/environments/prod"


@pytest.fixture
def store() -> Store:
    """A store for this test only: a server's threads may still use it after the test."""
    world = Store()
    plant(world, Seed.model_validate(WORLD))
    return world


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    """A server of the seeded emulator."""
    running = serve(store)
    yield running
    running.stop()


def test_a_connection_serves_many_requests(server: Server) -> None:
    """The connection stays open after answers with and without a body, and after errors."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    socket = connection.sock
    body = json.dumps({"name": "NEW", "value": "1"})
    for method, path, sent, status in (
        ("GET", f"/{E}", None, 200),
        ("POST", f"/{E}/variables", body, 201),
        ("DELETE", f"/{E}/variables/NEW", None, 204),
        ("POST", f"/{E}/nonsense", body, 501),
        ("GET", f"/{E}/variables/NEW", None, 404),
        ("POST", "/_sandbox/requests/reset", body, 204),
    ):
        connection.request(method, path, sent, HEADERS)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status
        assert connection.sock is socket
    connection.close()


def test_parallel_writes_lose_nothing(server: Server) -> None:
    """Parallel clients get the same results as clients one after another."""

    def create(number: int) -> int:
        sent = {"name": f"V{number}", "value": str(number)}
        url = f"{server.url}{E}/variables"
        return requests.post(url, json=sent, headers=HEADERS, timeout=30).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(create, range(40))) == {201}
    listed = requests.get(f"{server.url}{E}/variables", headers=HEADERS, timeout=30).json()
    assert listed["total_count"] == 41


def test_routes_run_one_at_a_time(server: Server, store: Store) -> None:
    """While the store's lock is held, no route reads or changes the store."""
    answers = []

    def ask() -> None:
        url = f"{server.url}_sandbox/secrets/acme/billing/prod"
        answers.append(requests.get(url, timeout=30).status_code)

    with store.lock:
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(0.3)
        assert answers == []
    asking.join(30)
    assert answers == [200]


def test_latency_does_not_delay_other_requests(server: Server) -> None:
    """A request with a latency fault does not hold the lock."""
    fault = {"kind": "latency", "seconds": 2, "path": "empty"}
    requests.post(f"{server.url}_sandbox/faults", json=fault, timeout=30)
    url = f"{server.url}api/v3/repos/acme/"
    slow = threading.Thread(
        target=requests.get, args=(f"{url}empty",), kwargs={"headers": HEADERS, "timeout": 30}
    )
    slow.start()
    started = time.monotonic()
    while not requests.get(f"{server.url}_sandbox/faults", timeout=30).json()[0]["struck"]:
        assert time.monotonic() - started < 1.5
    assert requests.get(f"{url}billing", headers=HEADERS, timeout=30).status_code == 200
    assert slow.is_alive()
    slow.join()


def test_a_dropped_connection_is_dropped(server: Server) -> None:
    """The connection closes without an answer, and the client can connect again."""
    requests.post(f"{server.url}_sandbox/faults", json={"kind": "drop"}, timeout=30)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}{E}", headers=HEADERS, timeout=30)
    assert requests.get(f"{server.url}{E}", headers=HEADERS, timeout=30).status_code == 200


def test_an_answer_can_be_dropped_after_the_work(server: Server) -> None:
    """The connection closes without an answer, although the request was carried out."""
    fault = {"kind": "drop", "method": "POST", "after": True}
    requests.post(f"{server.url}_sandbox/faults", json=fault, timeout=30)
    sent = {"name": "NEW", "value": "1"}
    with pytest.raises(requests.ConnectionError):
        requests.post(f"{server.url}{E}/variables", json=sent, headers=HEADERS, timeout=30)
    made = requests.get(f"{server.url}{E}/variables/NEW", headers=HEADERS, timeout=30)
    assert made.json()["value"] == "1"


def test_stopping_frees_the_port() -> None:
    """A stopped server closes open connections too; another server can take its port."""
    first = serve(Store())
    port = first.port
    connected = requests.Session()
    assert connected.get(f"{first.url}_sandbox/requests", timeout=5).status_code == 200
    first.stop()
    with pytest.raises(requests.ConnectionError):
        connected.get(f"http://127.0.0.1:{port}/_sandbox/requests", timeout=5)
    connected.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/_sandbox/requests", timeout=5)
    second = serve(Store(), port)
    assert second.port == port
    second.stop()


def test_no_secret_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """The log has no tokens, no values of variables and no plaintexts of secrets."""
    caplog.set_level("DEBUG")
    sent = {"name": "MARK", "value": "marker-5d1e"}
    requests.post(f"{server.url}{E}/variables", json=sent, headers=HEADERS, timeout=30)
    requests.get(f"{server.url}_sandbox/secrets/acme/billing/prod", timeout=30)
    assert f"POST /{E}/variables 201" in caplog.text
    for marker in ("marker-5d1e", ADMIN, "planted"):
        assert marker not in caplog.text


def test_applications_share_neither_store_nor_hooks_nor_routes() -> None:
    """A store, a hook or a route of one application is not another's."""
    first, second = create_app(Store()), create_app(Store())
    first.after_request(lambda _: Response("hooked"))
    first.add_url_rule("/more", view_func=str)
    assert first.extensions["store"] is not second.extensions["store"]
    assert first.test_client().get("/api/v3/user").text == "hooked"
    assert second.test_client().get("/api/v3/user").status_code == 401
    assert second.test_client().get("/more").status_code == 501
