"""AWS refuses for want of a right."""

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small


def test_a_refusal_by_aws_ends_the_run_and_the_next_one_does_the_rest(small: Small) -> None:
    """Without the right to make roles there is no half role, and no variable that names one."""
    denied: Fault = {"kind": "access-denied", "action": "CreateRole", "count": None}
    with faulty(small.project.world, denied):
        assert "AccessDenied" in small.up(expect=1)
    small.up()
    assert_converged(small)
