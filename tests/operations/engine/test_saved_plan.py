import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from operations.engine import saved_plan as one_plan
from operations.engine.saved_plan import carry_out, free_outputs, plan_file, under_former_names


def test_a_plan_is_private_and_is_deleted() -> None:
    """Only the user can read the saved plan, and it is deleted afterwards."""
    with plan_file() as file:
        file.write_text("{}")
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not file.parent.exists()


def test_a_renamed_replacement_is_deleted_under_its_former_name() -> None:
    """A saved plan deletes a renamed and replaced resource under its former URN."""
    ops = ["delete-replaced", "replace", "create-replacement"]
    saved = {"resourcePlans": {"new": {"steps": list(ops)}, "as-before": {"steps": list(ops)}}}
    replaced = {"op": "replace", "urn": "new", "oldState": {"urn": "former"}}
    same = {"op": "replace", "urn": "as-before", "oldState": {"urn": "as-before"}}
    under_former_names(saved, [replaced, same, {"op": "create", "urn": "x"}])
    assert {urn: plan["steps"] for urn, plan in saved["resourcePlans"].items()} == {
        "former": ["delete-replaced"],
        "new": ["replace", "create-replacement"],
        "as-before": ops,
    }


def test_outputs_of_components_are_not_bound() -> None:
    """The saved plan does not bind a component's outputs; inputs of resources stay bound."""
    bound = {"custom": True, "inputDiff": {"updates": {"content": "x"}}}
    told = {"custom": False, "outputDiff": {"updates": {"summary": "old"}, "deletes": ["gone"]}}
    saved = {
        "resourcePlans": {
            "file": {"goal": dict(bound), "state": {"commit": "old"}},
            "component": {"goal": told, "state": {"summary": "old"}},
            "deleted": {"goal": None, "state": None},
        }
    }
    free_outputs(saved)
    plans: dict[str, Any] = saved["resourcePlans"]
    assert plans["file"]["goal"] == bound
    (key, value), *_ = plans["component"]["goal"]["outputDiff"]["adds"].items()
    assert (key, value) == ("summary", "04da6b54-80e4-46f7-96ec-b56ff0331ba9")
    assert plans["component"]["goal"]["outputDiff"]["deletes"] == ["gone"]
    assert "updates" not in plans["component"]["goal"]["outputDiff"]


def test_an_interruption_leaves_no_plan() -> None:
    """An interruption deletes the saved plan."""
    found: list[Path] = []

    def interrupted() -> None:
        with plan_file() as file:
            file.write_text("{}")
            found.append(file)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not found[0].parent.exists()


def test_an_update_is_constrained_by_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """`up` passes the plan to pulumi and does not print outputs."""
    run: list[tuple[str, ...]] = []

    def shown(*arguments: str, environment: dict[str, str]) -> int:
        run.append(arguments)
        assert environment == {"PULUMI_DEBUG_COMMANDS": "true", "X": "1"}
        return 0

    monkeypatch.setattr(one_plan, "pulumi_shown", shown)
    assert carry_out("s", Path("F"), {"X": "1"}) == 0
    (arguments,) = run
    assert arguments[arguments.index("--plan") + 1] == "F"
    assert "--suppress-outputs" in arguments


@pytest.mark.parametrize(
    ("message", "deviated"),
    [
        ("resource urn:x violates plan: properties changed: +-reviewers", True),
        ("create is not allowed by the plan: no steps were expected for this resource", True),
        ("update is not allowed by the plan: this resource is constrained to same", True),
        ("expected resource operations for urn:x but none were seen", True),
        ("PUT https://api.github.com: 503", False),
    ],
)
def test_a_stop_by_the_plan_is_explained(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    message: str,
    *,
    deviated: bool,
) -> None:
    """If pulumi stops at the plan, slipway explains it; other failures get no explanation."""

    def shown(*arguments: str, **_: object) -> int:
        events = Path(arguments[arguments.index("--event-log") + 1])
        event = f'{{"diagnosticEvent": {{"message": "error: {message}"}}}}'
        events.write_text(f'{event}\n{{"cancelEvent": {{}}}}\n', "utf-8")
        return 255

    monkeypatch.setattr(one_plan, "pulumi_shown", shown)
    assert carry_out("s", tmp_path / "plan.json", {}) == 255
    said = "s: stopped at what the plan does not have" in capsys.readouterr().err
    assert said is deviated


HOLDER = """
import sys, time
from operations import cli
from operations.engine.saved_plan import plan_file
class Command:
    @staticmethod
    def run(_options):
        with plan_file() as plan:
            plan.write_text("secret")
            print(plan.parent, flush=True)
            time.sleep(WAIT)
        return 0
cli.importlib.import_module = lambda _name: Command
sys.exit(cli.main(["up", "s"]))
"""


def held(wait: int, sent: signal.Signals, *before: str) -> tuple[Path, int]:
    """Interrupt a command that waits with a plan; return the plan's folder and the exit code."""
    command = [*before, sys.executable, "-c", HOLDER.replace("WAIT", str(wait))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        process.send_signal(sent)
        return folder, process.wait(60)


@pytest.mark.process
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_ended_leaves_no_plan(sent: signal.Signals) -> None:
    """SIGINT, SIGTERM and SIGHUP end the command and delete the plan."""
    folder, code = held(60, sent)
    assert code == 8
    assert not folder.exists()


@pytest.mark.process
def test_a_command_under_nohup_survives_its_terminal() -> None:
    """Under `nohup` the command survives SIGHUP and finishes."""
    _, code = held(1, signal.SIGHUP, "nohup")
    assert code == 0
