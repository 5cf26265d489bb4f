"""`slipway up` writes the state at its end: the next one finds again what a killed one has made."""

from typing import Final

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import SLIPWAY, die_at
from tests.e2e.faults.faults import Fault, held
from tests.e2e.faults.small import Small
from tests.e2e.faults.test_killed import NOT_DONE, POINTS

#: Writes to GitHub that a run has made when it is killed. A whole run makes 14.
FIRST, *OTHERS = [9, 0, 2, 5, 7, 12]
#: Any write to GitHub.
WRITE: Final[Fault] = {"method": "PUT|POST|PATCH", "path": "/repos/"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "done"),
    [
        *(pytest.param(what, True, id=f"{what}-done") for what in POINTS),
        *(pytest.param(what, False, id=f"{what}-not-done") for what in NOT_DONE),
    ],
)
def test_an_up_killed_while_something_is_made(small: Small, what: str, *, done: bool) -> None:
    """In the end the object exists once, whether or not the killed run had created it."""
    request = {key: text.replace("REPO", small.name) for key, text in POINTS[what][0].items()}
    die_at(small, *held(done=done, **request), command=SLIPWAY)
    assert (small.latest("resources"), small.pending()) == ([], set())
    assert small.locks
    small.slipway_up()
    assert_converged(small)


@pytest.mark.parametrize(
    "writes", [FIRST, *(pytest.param(count, marks=pytest.mark.slow) for count in OTHERS)]
)
def test_an_up_killed_after_some_writes(small: Small, writes: int) -> None:
    """The state has nothing of the killed run; in the end every object exists once."""
    die_at(small, *held(done=True, **WRITE, skip=writes), command=SLIPWAY)
    assert small.latest("resources") == []
    small.slipway_up()
    assert_converged(small)
