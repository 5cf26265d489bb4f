import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from operations.commands import refresh
from operations.engine.stack_state import StateChangedError
from operations.live.observed import Observed
from tests.operations.adoption import grown
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

EXPORT: dict[str, Any] = {"deployment": {"pending_operations": []}}


@pytest.mark.parametrize("locked", [True, False])
def test_pending_operations_of_a_running_update_are_not_resolved(
    monkeypatch: pytest.MonkeyPatch, *, locked: bool
) -> None:
    """Pending operations of a running update stay; the message names its lock or the change."""

    def changed(stack: str, *_: Any) -> None:
        raise StateChangedError([Problem(stack, 0, "", "has changed")], ExitCode.ERROR)

    def refreshing(*_: str) -> None:
        if locked:
            raise ConfigurationError([Problem("s", 0, "", "is in use by me")], ExitCode.ERROR)

    monkeypatch.setattr(refresh, "replace_state", changed)
    monkeypatch.setattr(refresh, "pulumi", refreshing)
    with pytest.raises(ConfigurationError, match="is in use by me" if locked else "has changed"):
        refresh._resolve("s", EXPORT, grown.observed(grown.LEDGER))


def test_a_rule_beyond_the_owners_plan_stops_a_refresh(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A refresh refuses rules beyond the owner's plan before it changes the state.

    It reads the state and the live world at once: each of them waits here for the other one.
    """
    folder = tmp_path / "stacks/acme"
    folder.mkdir(parents=True)
    (folder / "_stack.yaml").write_text(json.dumps(grown.RAW))
    text = "repository: ledger\nenvironments:\n  prod:\n    reviewers: {teams: [platform]}\n"
    (folder / "ledger.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)

    def touched(*_: str) -> None:
        raise AssertionError("Pulumi was run")

    world = grown.observed(replace(grown.LEDGER, plan="team"))
    both = Barrier(2, timeout=10)

    def export(_stack: str) -> dict[str, Any]:
        both.wait()
        return EXPORT

    def observed(*_: object, **__: object) -> Observed:
        both.wait()
        return world

    monkeypatch.setattr(refresh, "export_state", export)
    monkeypatch.setattr(refresh, "observe", observed)
    monkeypatch.setattr(refresh, "pulumi", touched)
    with pytest.raises(ConfigurationError) as caught:
        refresh.refresh(StackFiles(Path("stacks/acme")))
    (problem,) = caught.value.problems
    place = "stacks/acme/ledger.yaml:4: environments.prod.reviewers.teams: ledger is not public"
    assert str(problem).startswith(place)


@pytest.mark.parametrize("outside", [True, False])
def test_access_comes_before_a_repair_that_github_would_drop(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    write_stack: WriteStack,
    *,
    outside: bool,
) -> None:
    """The refresh says to give a reviewer access first: GitHub would drop it again."""
    declared = "repository: ledger\nenvironments: {prod: {reviewers: {teams: [platform]}}}\n"
    folder = write_stack(ledger=declared)
    live = replace(grown.LEDGER, outsiders=frozenset({"team platform"} if outside else ()))
    done = refresh.Refreshed(grown.observed(live), ["ledger: has no reviewers any more"], {}, {})
    monkeypatch.setattr(refresh, "refresh", lambda _files: done)
    refresh.run(Namespace(stack=folder.name))
    said = capsys.readouterr().err.splitlines()
    first = ["give the team platform read access to acme/ledger: GitHub drops a reviewer that has"]
    assert [line.removesuffix(" none") for line in said[:-1]] == (first if outside else [])
    assert said[-1].startswith("after that, " if outside else "pulumi preview")
