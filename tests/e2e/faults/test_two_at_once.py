"""Two runs at once on one stack: one goes on, the other says who is there."""

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import PLAIN, running, wait_until
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

#: One creation that lasts, and a run of which every write takes a while: its state is never still.
SLOW: Fault = {"kind": "latency", "seconds": 5, "method": "PUT", "path": "environments/dev$"}
BUSY: Fault = {"kind": "latency", "seconds": 1, "method": "PUT|POST", "count": None}


@pytest.mark.parametrize(
    ("second", "fault"), [("pulumi", SLOW), ("slipway", SLOW), ("slipway", BUSY)]
)
def test_a_second_run_says_who_is_there(small: Small, second: str, fault: Fault) -> None:
    """It ends at once, changes nothing and takes no living process's lock away."""
    with faulty(small.project.world, fault) as struck, running(small, *PLAIN) as first:
        wait_until(lambda: struck()[0] > 0, first)
        (lock,) = small.locks
        said = small.up(expect=1) if second == "pulumi" else small.slipway_up(expect=1)
        assert f"process {first.pid}" in said or f"pid {first.pid}" in said
        assert small.locks == [lock]
        assert first.wait(timeout=120) == 0
    small.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert_converged(small)
