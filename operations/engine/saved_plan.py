"""One plan: what was judged is what is carried out, or nothing is.

Pulumi writes the plan of a preview into a file and holds an update to it (`--save-plan`, `--plan`;
pulumi 3.256, resource/deploy/plan.go): a step, an input or an option that the plan does not have
ends the run. It finds that out resource by resource, though, with the first ones already changed,
and it knows nothing of what changed on GitHub and AWS. So all that the plan was made from is
compared once more right before: declarations, state, and of the live world what the steps are
about.

A plan file holds what a state holds, with secrets as the state has them, encrypted. It lies in a
folder for this user alone and goes with it, also where the run is interrupted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from operations.engine.process import pulumi_json, pulumi_shown
from operations.terminal.output import talk

#: What the engine says of a step that the plan does not allow, and of one that is missing
#: (pulumi 3.256: pkg/resource/deploy/{step_generator,step_executor,deployment_executor}.go).
_DEVIATIONS: Final = (
    "violates plan",
    "not allowed by the plan",
    "no plan for resource",
    "expected resource operations for",
)
#: The step that deletes what is made again, before or after it.
_DELETE: Final = "delete-replaced"
#: Stands in a plan for what is known only once it is done (pulumi: sdk/go/common/resource/plugin).
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
#: Without it pulumi does not know `--event-log`; Pulumi's own automation API sets it as well.
_WITH_EVENTS: Final = {"PULUMI_DEBUG_COMMANDS": "true"}


@contextmanager
def plan_file() -> Iterator[Path]:
    """Where a plan may lie while the block runs: in a folder of its own, mode 0700."""
    with TemporaryDirectory(prefix="slipway-") as folder:
        yield Path(folder) / "plan.json"


def preview(stack: str, plan: Path) -> Any:
    """Preview a stack and keep the plan; the preview's JSON.

    Raises:
        ConfigurationError: as `pulumi`.
    """
    saving = ("--save-plan", str(plan), "--json", "--stack", stack)
    found = pulumi_json("preview", *saving)
    saved = json.loads(plan.read_text(encoding="utf-8"))
    free_outputs(saved)
    under_former_names(saved, found["steps"])
    plan.write_text(json.dumps(saved), encoding="utf-8")
    return found


def free_outputs(saved: dict[str, Any]) -> None:
    """Let outputs of components and of the stack be any, in place.

    A plan binds these as well, to what the preview took for them: a file's commit before it is
    changed, for example. They are what came of the steps, and change nothing.

    Args:
        saved: the plan's file.
    """
    for plan in saved["resourcePlans"].values():
        goal = plan.get("goal")
        if goal and not goal["custom"] and plan.get("state"):
            told = goal.setdefault("outputDiff", {})
            told["adds"] = dict.fromkeys(plan["state"], _UNKNOWN)
            told.pop("updates", None)


def under_former_names(saved: dict[str, Any], steps: Iterable[Mapping[str, Any]]) -> None:
    """Put right, in place, what a saved plan has of resources that are renamed and made again.

    What is deleted before it is made again goes under its former URN in an update, and stands under
    the new one in the plan (pulumi 3.256: step_generator.go, validateSteps), which would stop the
    update half-way.

    Args:
        saved: the plan's file.
        steps: of the same preview.
    """
    plans = saved["resourcePlans"]
    for step in steps:
        former = (step.get("oldState") or {}).get("urn", step["urn"])
        ops = plans.get(step["urn"], {}).get("steps") or []
        if step["op"] == "replace" and former != step["urn"] and _DELETE in ops:
            ops.remove(_DELETE)
            plans[former] = {"steps": [_DELETE], "state": None}


def carry_out(stack: str, plan: Path) -> int:
    """Update a stack within a plan; Pulumi's exit code.

    Outputs are not shown: after an interruption Pulumi lists those that the program had not come to
    as removed, and says how to see them otherwise.

    Raises:
        KeyboardInterrupt: it was told to stop, and has.
    """
    events = plan.with_name("events.json")
    held = ("--plan", str(plan), "--suppress-outputs", "--event-log", str(events))
    update = ("up", "--yes", "--skip-preview", *held, "--stack", stack)
    code = pulumi_shown(*update, environment=_WITH_EVENTS)
    if _deviated(events):
        talk(
            f"{stack}: stopped at what the plan does not have: its state, a declaration, GitHub or "
            "AWS has changed since it was made. Nothing that is not in the plan was carried out; "
            "try again"
        )
    return code


def _deviated(events: Path) -> bool:
    """Whether the engine has met something that its plan does not have; an event is a line."""
    if not events.exists():
        return False
    lines = events.read_text(encoding="utf-8").splitlines()
    said = [json.loads(line).get("diagnosticEvent", {}).get("message", "") for line in lines]
    return any(words in message for message in said for words in _DEVIATIONS)
