"""A run is killed between two writes of the state, or repeatedly, or without its plugins."""

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import PLAIN, SLIPWAY, die_at, die_when, running, wait_until
from tests.e2e.faults.faults import faulty, held
from tests.e2e.faults.small import Small

#: How many resources the state has when the run is killed: one number from each part of the run. A
#: whole run has 33.
FIRST, *OTHERS = [19, 1, 7, 13, 25, 30]


@pytest.mark.parametrize(
    "resources", [FIRST, *(pytest.param(count, marks=pytest.mark.slow) for count in OTHERS)]
)
def test_a_run_killed_when_the_state_has_grown(small: Small, resources: int) -> None:
    """A run can be killed between any two writes of the state, and the next run completes it."""
    die_when(small, lambda: len(small.latest("resources")) >= resources)
    small.slipway_up()
    assert_converged(small)


def test_a_run_whose_plugins_outlive_it(small: Small) -> None:
    """If only the engine is killed, a later run finds what its plugins created afterwards."""
    request = {"method": "POST", "path": f"{small.name}/environments/dev/variables$"}
    held_up = faulty(small.project.world, *held(done=True, **request))
    with held_up as struck, running(small, *PLAIN) as engine:
        wait_until(lambda: struck()[0] > 0, engine)
        engine.kill()
        engine.wait()
        small.slipway_up(expect=None)
    small.slipway_up()
    assert_converged(small)


@pytest.mark.slow
def test_recoveries_that_are_killed_as_well(small: Small) -> None:
    """The first run that is not killed repairs everything, however many runs died before it."""
    files, environments = f"{small.name}/contents/", f"{small.name}/environments/"
    die_at(small, *held(done=True, method="PUT", path=f"{files}.*/python-dev.yml$"))
    variable = held(done=True, method="POST", path=f"{environments}test/variables$")
    die_at(small, *variable, command=SLIPWAY)
    die_at(small, *held(done=True, action="CreateRole"), command=SLIPWAY)
    small.slipway_up()
    assert_converged(small)
