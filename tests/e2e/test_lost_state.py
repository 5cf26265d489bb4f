"""A state that was lost is rebuilt from what exists."""

import json

from tests.e2e.conftest import sample_project, running_world
from tests.e2e.faults.small import new_small
from tests.e2e.faults.converged import assert_converged


def test_a_lost_state_is_rebuilt(project) -> None:
    """x."""
    small = new_small(project, 1)
    small.slipway_up()
    assert_converged(small)
    state = json.loads(small.pulumi("stack", "export").strip())
    state["deployment"].pop("resources")
    (project.folder / "empty.json").write_text(json.dumps(state))
    small.pulumi("stack", "import", "--file", "empty.json")
    print(small.slipway_up())
    assert_converged(small)
    assert 0
