"""AWS refuses a request because a right is missing."""

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small


def test_a_refusal_by_aws_ends_the_run_and_the_next_one_does_the_rest(small: Small) -> None:
    """If slipway may not create roles, no role is half created and no variable names one."""
    denied: Fault = {"kind": "access-denied", "action": "CreateRole", "count": None}
    with faulty(small.project.world, denied):
        assert "AccessDenied" in small.up(expect=1)
    small.up()
    assert_converged(small)
