"""Save a plan, and carry out exactly this plan or nothing.

Pulumi writes the plan of a preview into a file and holds an update to it (`--save-plan`, `--plan`;
pulumi 3.256, resource/deploy/plan.go): a step, an input or an option that the plan does not have
ends the run. Pulumi checks this resource by resource, so the first ones may be changed already, and
it does not notice changes on GitHub and AWS. `operations.guard.judged` therefore compares the
declarations, the state and the live objects of the plan's steps once more before the update.

A plan file has the same content as a state; secrets in it are encrypted. It is in a folder that
only this user can read. The folder is deleted at the end, also if the run is interrupted.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from operations.engine.continued.outcomes import read_events
from operations.engine.process import pulumi_json, pulumi_shown
from operations.engine.steps import UNKNOWN
from operations.terminal.followed import WITH_EVENTS
from operations.terminal.output import talk

#: Parts of the engine's messages about a step that the plan does not allow, or that is missing
#: (pulumi 3.256: pkg/resource/deploy/{step_generator,step_executor,deployment_executor}.go).
_DEVIATIONS: Final = (
    "violates plan",
    "not allowed by the plan",
    "no plan for resource",
    "expected resource operations for",
)
#: The step of a replacement that deletes the former object.
_DELETE: Final = "delete-replaced"


@contextmanager
def plan_file() -> Iterator[Path]:
    """A path for a plan, in a temporary folder with mode 0700 that exists while the block runs."""
    with TemporaryDirectory(prefix="slipway-") as folder:
        yield Path(folder) / "plan.json"


def preview(stack: str, plan: Path) -> Any:
    """Preview a stack and keep the plan and its import file; the preview's JSON.

    Raises:
        ConfigurationError: as `pulumi`.
    """
    importing = import_file(plan)
    importing.unlink(missing_ok=True)
    saving = ("--save-plan", str(plan), "--import-file", str(importing))
    found = pulumi_json("preview", *saving, "--json", "--stack", stack)
    saved = json.loads(plan.read_text(encoding="utf-8"))
    free_outputs(saved)
    under_former_names(saved, found["steps"])
    plan.write_text(json.dumps(saved), encoding="utf-8")
    return found


def free_outputs(saved: dict[str, Any]) -> None:
    """Allow any outputs of components and of the stack, in place.

    A plan also binds these outputs to the values of the preview, for example to a file's commit
    before the change. They result from the steps and change nothing themselves.

    Args:
        saved: the plan's file.
    """
    for plan in saved["resourcePlans"].values():
        goal = plan.get("goal")
        if goal and not goal["custom"] and plan.get("state"):
            difference = goal.setdefault("outputDiff", {})
            difference["adds"] = dict.fromkeys(plan["state"], UNKNOWN)
            difference.pop("updates", None)


def under_former_names(saved: dict[str, Any], steps: Iterable[Mapping[str, Any]]) -> None:
    """Correct, in place, the entries of resources that are renamed and replaced.

    If a resource is deleted before its replacement is created, an update looks for the deletion
    under the former URN, and the plan has it under the new one (pulumi 3.256: step_generator.go,
    validateSteps). Without the correction the update would stop half-way.

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


def import_file(plan: Path) -> Path:
    """Pulumi's import file of the resources that the plan creates; absent if it creates none."""
    return plan.with_name("import.json")


def events_file(plan: Path) -> Path:
    """The engine's events of the update within a plan, one JSON object a line."""
    return plan.with_name("events.json")


def carry_out(stack: str, plan: Path, variables: Mapping[str, str], *, go_on: bool = False) -> int:
    """Update a stack within a plan; Pulumi's exit code.

    With `go_on` a resource that fails stops those alone that depend on it.

    Outputs are not shown: after an interruption Pulumi lists outputs that the program did not reach
    as removed.

    Raises:
        KeyboardInterrupt: it was told to stop, and has.
    """
    events = events_file(plan)
    held = ("--plan", str(plan), "--suppress-outputs", "--event-log", str(events))
    further = ("--continue-on-error",) if go_on else ()
    update = ("up", "--yes", "--skip-preview", *held, *further, "--stack", stack)
    code = pulumi_shown(*update, environment={**WITH_EVENTS, **variables})
    if _deviated(events):
        talk(
            f"{stack}: stopped at what the plan does not have: its state, a declaration, GitHub or "
            "AWS has changed since it was made. Nothing that is not in the plan was carried out; "
            "try again"
        )
    return code


def _deviated(events: Path) -> bool:
    """True if the engine met a deviation from its plan."""
    found = (event.get("diagnosticEvent", {}).get("message", "") for event in read_events(events))
    return any(words in message for message in found for words in _DEVIATIONS)
