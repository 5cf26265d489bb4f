"""Two runs on one stack at the same time: one continues, the other names the first one's user."""

import json

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import PLAIN, SLIPWAY, running, wait_until
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

#: One creation takes long.
SLOW: Fault = {"kind": "latency", "seconds": 10, "method": "PUT", "path": "environments/dev$"}
#: Every write takes a while, so that the state changes all the time.
BUSY: Fault = {"kind": "latency", "seconds": 1, "method": "PUT|POST", "count": None}


@pytest.mark.parametrize(
    ("command", "seconds", "fault"),
    [(SLIPWAY, ("pulumi", "slipway"), SLOW), (PLAIN, ("slipway",), BUSY)],
)
def test_a_second_run_says_who_is_there(
    small: Small, command: tuple[str, ...], seconds: tuple[str, ...], fault: Fault
) -> None:
    """The second run ends at once, changes nothing, and keeps the lock of the living process."""
    with faulty(small.project.world, fault) as struck, running(small, *command) as first:
        wait_until(lambda: struck()[0] > 0, first)
        (lock,) = small.locks
        pid = json.loads(lock.read_text(encoding="utf-8"))["pid"]
        for second in seconds:
            output = small.up(expect=1) if second == "pulumi" else small.slipway_up(expect=1)
            assert f"process {pid}" in output or f"pid {pid}" in output
            assert small.locks == [lock]
        assert first.wait(timeout=120) == 0
    assert_converged(small)
