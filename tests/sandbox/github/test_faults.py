"""Faults on demand."""

import time

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, Api

R = "/repos/acme/billing"


def inject(api: Api, **fault: object) -> None:
    """Add a fault."""
    answer = api.client.post("/_sandbox/faults", json=fault)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("status", [409, 500, 502, 503])
def test_a_status_strikes_as_often_as_told(api: Api, status: int) -> None:
    """After `skip` requests, `count` requests fail; other paths and methods do not."""
    inject(api, kind="status", status=status, path="billing$", method="GET", skip=1, count=2)
    assert [api("GET", R).status_code for _ in range(4)] == [200, status, status, 200]
    assert api("GET", "/repos/acme/empty").status_code == 200


def test_a_failed_write_has_written_nothing(api: Api, store: Store) -> None:
    """A fault strikes before the route runs, so that nothing is written."""
    inject(api, kind="status", status=500, method="PUT")
    assert api("PUT", f"{R}/environments/dev").status_code == 500
    assert "dev" not in store.repositories[41].environments


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("retry_after", [7, None])
def test_a_secondary_limit_is_told_as_github_tells_it(
    api: Api, status: int, retry_after: int | None
) -> None:
    """Clients detect it by the documentation's address, and wait as `retry-after` says.

    The answer has the primary limit too, as every answer (docs.github.com: rate limits).
    """
    inject(api, kind="secondary-limit", status=status, retry_after=retry_after)
    answer = api("GET", R)
    assert answer.status_code == status
    assert answer.get_json()["documentation_url"].endswith("secondary-rate-limits")
    assert answer.headers.get("Retry-After") == (str(retry_after) if retry_after else None)
    assert int(answer.headers["X-RateLimit-Remaining"]) > 0


def test_a_primary_limit_has_nothing_left(api: Api) -> None:
    """Clients detect it by the headers, and wait until the time in `X-RateLimit-Reset`."""
    inject(api, kind="primary-limit", retry_after=5)
    answer = api("GET", R)
    assert answer.status_code == 403
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert 0 < int(answer.headers["X-RateLimit-Reset"]) - time.time() <= 6
    assert int(api("GET", R).headers["X-RateLimit-Remaining"]) > 0


def test_a_fault_can_last(api: Api) -> None:
    """A fault without a count strikes until it is removed."""
    inject(api, kind="status", count=None)
    assert {api("GET", R).status_code for _ in range(5)} == {500}
    (fault,) = api.client.get("/_sandbox/faults").get_json()
    assert fault["struck"] == 5
    api.client.delete("/_sandbox/faults")
    assert api("GET", R).status_code == 200


def test_latency_adds_to_a_proper_answer(api: Api) -> None:
    """After the latency the route answers as usual."""
    inject(api, kind="latency", seconds=0.05)
    started = time.monotonic()
    assert api("GET", R).status_code == 200
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize("kind", ["status", "secondary-limit"])
def test_an_answer_can_be_lost_after_the_work(api: Api, store: Store, kind: str) -> None:
    """The client gets an error although the request was carried out."""
    status = 502 if kind == "status" else 403
    inject(api, kind=kind, status=status, method="PUT", after=True)
    url, headers = f"/api/v3{R}/environments/dev", {"Authorization": f"Bearer {ADMIN}"}
    assert api.client.put(url, headers=headers).status_code == status
    assert "dev" in store.repositories[41].environments
    assert api("PUT", f"{R}/environments/dev").status_code == 200
