import json
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ExitCode
from operations import up
from operations.cli import main
from operations.refresh import Refreshed
from tests.operations.adoption import grown
from tests.operations.guard.plans import VARIABLE, step


@pytest.mark.parametrize("edited", [False, True])
def test_what_was_judged_is_what_is_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, edited: bool
) -> None:
    """A declaration that is edited while the question waits is not carried out unseen."""
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(json.dumps(grown.RAW))
    (folder / "ledger.yaml").write_text("repository: ledger\n")
    place = {"repository": "ledger", "environment": "dev"}
    plan = {"steps": [step("create", VARIABLE, variableName="NEW", value="1", **place)]}
    carried_out: list[Any] = []

    def shown(*command: str) -> int:
        carried_out.append(command)
        return 0

    def agreed(*_: Any) -> bool:
        if edited:
            (folder / "ledger.yaml").write_text("repository: ledger\npython_versions: ['3.12']\n")
        return True

    monkeypatch.chdir(tmp_path)
    state: dict[str, Any] = {"deployment": {}}
    refreshed = Refreshed(grown.observed(grown.LEDGER), [], state, state)
    monkeypatch.setattr(up, "_planned", lambda *_a, **_k: (refreshed, plan))
    monkeypatch.setattr(up, "reasons_against", lambda *_: [])
    monkeypatch.setattr(up, "_agreed", agreed)
    monkeypatch.setattr(up, "pulumi_shown", shown)
    assert main(["up", "acme"]) == (ExitCode.ERROR if edited else ExitCode.SUCCESS)
    assert bool(carried_out) is not edited


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (0, "s: everything is as declared"),
        (
            1,
            "s: nothing to carry out; 1 difference is for a person to put right: slipway drift s",
        ),
    ],
)
def test_what_up_leaves_alone_is_not_called_as_declared(findings: int, said: str) -> None:
    """Where nothing is to be done, somebody may still have to."""
    assert up._nothing_to_do("s", findings) == said
