"""A fault that lasts ends the run with a reason; the next run does the remaining work."""

import re
import time

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

UP = ("up", "--yes", "--skip-preview")


def test_a_refused_write_ends_the_run_and_the_next_one_does_the_rest(small: Small) -> None:
    """First GitHub answers 503 for longer than clients retry, then 409 to a commit.

    The state keeps the created objects. The client does not retry a 409, which follows another
    user's push; the next run commits each file once.
    """
    outage: Fault = {"kind": "status", "status": 503, "path": "policies|variables", "count": None}
    with faulty(small.project.world, outage):
        output = small.up(expect=1)
    assert "503" in output
    assert small.locks == []
    moved: Fault = {"kind": "status", "status": 409, "method": "PUT", "path": "/contents/"}
    with faulty(small.project.world, moved):
        assert "409" in small.up(expect=1)
    small.up()
    assert_converged(small)


@pytest.mark.parametrize("kind", ["drop", pytest.param("status", marks=pytest.mark.slow)])
def test_a_run_that_cannot_begin_changes_nothing(small: Small, kind: str) -> None:
    """A preview changes nothing if GitHub cannot be reached or the token's rate limit is used up.

    The message names the server, or the time to wait. The state is not locked, and the next run
    works.
    """
    before = small.state.read_bytes()
    down: Fault = {"kind": kind, "status": 503, "count": None}
    with faulty(small.project.world, down):
        output = small.pulumi("preview", expect=1)
    url = small.project.world.record.github_url
    assert f"{url}api/v3/: " in output
    assert ("cannot be reached" if kind == "drop" else "answers 503") in output
    assert small.state.read_bytes() == before
    assert small.locks == []
    output = small.pulumi(*UP, expect=1, GITHUB_TOKEN=tired(small, requests=1, resets_in=3600))
    assert "limits the rate of this token" in output
    assert re.search(r"try again in 3[56]\d\d seconds", output)
    assert not [resource for resource in small.latest("resources") if resource["custom"]]
    small.up()
    assert_converged(small)


@pytest.mark.slow
def test_an_hour_used_up_half_way_is_got_over(small: Small) -> None:
    """The rate limit is used up during a run: the provider ends the run or waits for the reset."""
    output = small.pulumi(*UP, expect=None, GITHUB_TOKEN=tired(small, requests=30, resets_in=20))
    assert ("errored" in output) == ("API rate limit of 30 still exceeded until" in output)
    small.slipway_up()
    assert_converged(small)


def test_a_secondary_limit_that_names_no_end_is_waited_for(small: Small) -> None:
    """Without a Retry-After, the provider waits for the reset time of the rate limit's headers."""
    token = tired(small, requests=5000, resets_in=20)
    began = time.monotonic()
    writes = {"method": "PUT|POST", "path": "/repos/"}
    limit: Fault = {"kind": "secondary-limit", "status": 403, **writes}
    with faulty(small.project.world, limit) as struck:
        small.pulumi(*UP, GITHUB_TOKEN=token)
        assert struck() == [1]
    assert time.monotonic() - began > 19
    assert_converged(small)


def tired(small: Small, *, requests: int, resets_in: int) -> str:
    """A token with this many requests left, and this many seconds until the limit is reset."""
    token = f"tired-{small.name}"
    seed = {"token": token, "login": "monalisa", "rate_limit": requests, "resets_in": resets_in}
    small.project.world.control("POST", "seed", {"tokens": [seed]})
    return token
