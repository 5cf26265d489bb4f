"""The last comparison before a plan is carried out."""

from threading import Barrier
from typing import Any

import pytest

from components.model.stack import Stack
from operations.guard import judged
from operations.guard.judged import Judged
from operations.live.observed import Observed
from tests.operations.adoption import grown


@pytest.mark.parametrize("other", [True, False])
def test_state_and_world_are_read_at_once(monkeypatch: pytest.MonkeyPatch, *, other: bool) -> None:
    """Each waits here for the other one; a state that another run has written ends the run."""
    stack = Stack(name="s", settings=grown.SETTINGS, repositories=())
    world, state, both = grown.observed(grown.LEDGER), {"version": 3}, Barrier(2, timeout=10)

    def export(_stack: str) -> dict[str, Any]:
        both.wait()
        return {"version": 4} if other else state

    def look() -> Observed:
        both.wait()
        return world

    monkeypatch.setattr(judged, "export_state", export)
    monkeypatch.setattr(judged, "_declared_now", lambda stack: stack)
    change = Judged(stack, state, world, (), {}).changed(look)
    assert change == ("its state has changed, another run has updated it" if other else "")
