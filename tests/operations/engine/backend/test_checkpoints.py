import json
from datetime import UTC, datetime
from typing import Any

import pytest

from operations.engine.backend import checkpoints
from operations.engine.backend.checkpoints import (
    TAG,
    last_beginning,
    note_beginning,
    written_at_the_end,
)
from operations.engine.steps import Step

ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"


#: The state is written at the end: creations, updates and deletions are found again by their names.
PLAIN = [
    {"op": "create", "urn": "a"},
    {"op": "update", "urn": "b", "oldState": {"urn": "b"}},
    {"op": "delete", "urn": "c", "oldState": {"urn": "c"}},
]


def test_the_users_own_setting_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state is written at the end, unless the user has set Pulumi's variable."""
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    assert written_at_the_end({"steps": PLAIN}) == {"PULUMI_SKIP_CHECKPOINTS": "true"}
    monkeypatch.setenv("PULUMI_SKIP_CHECKPOINTS", "false")
    assert written_at_the_end({"steps": PLAIN}) == {}


@pytest.mark.parametrize(
    "step",
    [
        {"op": "same", "urn": "new", "oldState": {"urn": "old"}},
        {"op": "create-replacement", "urn": "a", "oldState": {"urn": "a"}},
        {"op": "delete-replaced", "urn": "a", "oldState": {"urn": "a"}},
        {"op": "replace", "urn": "a", "oldState": {"urn": "a"}},
    ],
)
def test_a_run_that_replaces_or_renames_keeps_its_writes(
    monkeypatch: pytest.MonkeyPatch, step: dict[str, Any]
) -> None:
    """After a kill, the names in the state must be those of what the run has made."""
    monkeypatch.delenv("PULUMI_SKIP_CHECKPOINTS", raising=False)
    assert written_at_the_end({"steps": [*PLAIN, step]}) == {}


def test_a_run_that_creates_environments_notes_when_it_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stack's tag has the time with its zone; a run that creates none leaves the tag alone."""
    tags: dict[str, str] = {"owner": "platform"}

    def pulumi(*arguments: str) -> str:
        assert arguments[:4] == ("stack", "tag", "set", TAG)
        assert arguments[5:] == ("--stack", "acme")
        tags[TAG] = arguments[4]
        return ""

    def pulumi_json(*arguments: str) -> Any:
        assert arguments == ("stack", "tag", "ls", "--json", "--stack", "acme")
        return json.loads(json.dumps(tags))

    monkeypatch.setattr(checkpoints, "pulumi", pulumi)
    monkeypatch.setattr(checkpoints, "pulumi_json", pulumi_json)
    steps = {op: Step(op, f"urn:{op}", ENVIRONMENT, {}, {}, ()) for op in ("create", "update")}
    note_beginning("acme", [steps["update"]])
    assert last_beginning("acme") is None
    before = datetime.now(UTC).replace(microsecond=0)
    note_beginning("acme", steps.values())
    found = last_beginning("acme")
    assert found is not None
    assert before <= found <= datetime.now(UTC)
