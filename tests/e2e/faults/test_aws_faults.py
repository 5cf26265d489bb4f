"""AWS is throttled, in trouble or silent: what passes is waited for, nothing is made twice."""

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

PASSING: dict[str, list[Fault]] = {
    "throttled": [{"kind": "throttling", "action": "CreateRole|PutRolePolicy", "count": 4}],
    "5xx": [{"kind": "status", "status": 503, "action": ".*Role.*", "count": 4, "skip": 2}],
    "dropped": [{"kind": "drop", "action": ".*", "count": 4, "skip": 3}],
    "slow": [{"kind": "latency", "seconds": 2, "action": "CreateRole", "count": 3}],
}


@pytest.mark.parametrize(
    "what",
    [pytest.param(one, marks=[pytest.mark.slow] * (one in {"slow", "dropped"})) for one in PASSING],
)
def test_what_aws_lets_pass_is_waited_for(small: Small, what: str) -> None:
    """The plugin asks again, as AWS's own clients do."""
    with faulty(small.project.world, *PASSING[what]) as struck:
        small.up()
        assert struck() == [fault["count"] for fault in PASSING[what]]
    assert_converged(small)


def test_a_refusal_by_aws_ends_the_run_and_the_next_one_does_the_rest(small: Small) -> None:
    """Without the right to make roles there is no half role, and no variable that names one."""
    denied: Fault = {"kind": "access-denied", "action": "CreateRole", "count": None}
    with faulty(small.project.world, denied):
        assert "AccessDenied" in small.up(expect=1)
    small.up()
    assert_converged(small)
