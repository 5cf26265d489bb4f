import json
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError
from operations.engine import stack_state
from operations.engine.stack_state import KEPT, back_up, replace_state

BEFORE: dict[str, Any] = {"version": 3, "deployment": {"resources": []}}
AFTER: dict[str, Any] = {"version": 3, "deployment": {"resources": [{"type": "x"}]}}


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Record the imports into a stack whose state is BEFORE."""
    given: list[Any] = []
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    monkeypatch.setattr(stack_state, "pulumi_json", lambda *_: BEFORE)
    monkeypatch.setattr(
        stack_state, "pulumi", lambda *command, stdin: given.append((command, json.loads(stdin)))
    )
    return given


def test_a_state_is_replaced_after_a_backup(imported: list[Any]) -> None:
    """The new state is imported through stdin, and a backup that only its user can read is kept."""
    backup = replace_state("s", BEFORE, AFTER)
    assert imported == [(("stack", "import", "--stack", "s"), AFTER)]
    assert json.loads(backup.read_text()) == BEFORE
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_state_that_has_changed_since_is_not_replaced(imported: list[Any]) -> None:
    """A state that changed meanwhile is not replaced, so no update is lost."""
    with pytest.raises(ConfigurationError, match="has changed while it was corrected"):
        replace_state("s", AFTER, BEFORE)
    assert imported == []


def test_the_oldest_backups_are_deleted(imported: list[Any]) -> None:
    """The ten newest backups of a stack are kept."""
    assert imported == []
    made = [back_up("s", BEFORE) for _ in range(KEPT + 2)]
    assert sorted(made[0].parent.glob("*")) == made[2:]
