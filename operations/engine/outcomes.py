"""What became of each step of a plan, read from the events of the update.

The engine tells of each operation that it ended (`resOutputsEvent`) or that it failed
(`resOpFailedEvent`), and why (`diagnosticEvent`). It tells nothing of an operation that it did not
begin (pulumi 3.256: sdk/go/common/apitype/events.go). With `--continue-on-error` it leaves out what
depends on a failed resource; if a deletion failed, it leaves out the deletion of what that resource
depends on. The plan has these dependencies.

Deliberately absent: which steps belong together, and how they are shown.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from operations.engine.steps import Step

#: Operations that give a resource its new state. A replacement is done with the second of its two
#: operations, or with the first; the other one deletes the former object.
_MADE: Final = {"create", "update", "create-replacement", "import", "import-replacement"}
#: The heading that Terraform's providers give a list of errors, and the mark of each.
_HEADING: Final = re.compile(r"\d+ errors? occurred:\n")
_MARK: Final = re.compile(r"^\t\* ", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """The end of one step."""

    step: Step
    state: Literal["done", "failed", "not begun"]
    why: str = ""
    """The error of a step that failed, on one line."""
    because: tuple[Step, ...] = ()
    """The failed steps without which a step was not begun; empty if the run ended before it."""


def outcomes(
    plan: Mapping[str, Any], steps: Sequence[Step], events: Iterable[Mapping[str, Any]]
) -> Iterator[Outcome]:
    """The outcome of each step, in the order of the plan.

    Args:
        plan: the preview's JSON.
        steps: its steps that change something.
        events: of the update.
    """
    ended, failed = set[tuple[str, bool]](), set[str]()
    said: dict[str, str] = {}
    for event in events:
        if found := event.get("resOutputsEvent"):
            ended.add((found["metadata"]["urn"], found["metadata"]["op"] in _MADE))
        elif found := event.get("resOpFailedEvent"):
            failed.add(found["metadata"]["urn"])
        elif (found := event.get("diagnosticEvent")) and found.get("severity") == "error":
            # The last one is the engine's; those before are the provider's log.
            said[found.get("urn", "")] = found["message"]
    # An input that the provider refuses is no failed operation, but an error alone.
    failed |= {s.urn for s in steps if s.urn in said and (s.urn, s.op != "delete") not in ended}
    wrong = [step for step in steps if step.urn in failed]
    needs = _needs(plan)
    for step in steps:
        if step.urn in failed:
            yield Outcome(step, "failed", _reason(said.get(step.urn, "")))
        elif (step.urn, step.op != "delete") in ended:
            yield Outcome(step, "done")
        else:
            because = tuple(other for other in wrong if _stops(other, step, needs))
            yield Outcome(step, "not begun", because=because)


def read_events(file: Path) -> Iterator[Mapping[str, Any]]:
    """The events of an update; none if the engine did not begin."""
    if file.exists():
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def _reason(text: str) -> str:
    parts = _MARK.split(_HEADING.sub("", text, count=1))
    return "; ".join(" ".join(part.split()) for part in parts if part.strip())


def _stops(failed: Step, other: Step, needs: Mapping[str, frozenset[str]]) -> bool:
    """True if a step is left out because another one failed."""
    if other.op == "delete":
        return other.urn in needs.get(failed.urn, ())
    return failed.urn in needs.get(other.urn, ())


def _needs(plan: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """The URNs of all resources that each one depends on, also by others."""
    direct: dict[str, set[str]] = {}
    for step in plan.get("steps", ()):
        for state in (step.get("oldState") or {}, step.get("newState") or {}):
            direct.setdefault(step["urn"], set()).update(_directly(state))
    found: dict[str, frozenset[str]] = {}

    def closed(urn: str) -> frozenset[str]:
        if urn not in found:
            found[urn] = frozenset()  # Pulumi has no circles; a wrong file must not hang.
            near = frozenset(direct.get(urn, ()))
            found[urn] = near.union(*map(closed, near))
        return found[urn]

    return {urn: closed(urn) for urn in direct}


def _directly(state: Mapping[str, Any]) -> Iterator[str]:
    yield from state.get("dependencies") or ()
    yield from (urn for urns in (state.get("propertyDependencies") or {}).values() for urn in urns)
    yield from filter(None, (state.get("parent"), state.get("deletedWith")))
    # A provider is named by URN and id.
    yield from filter(None, [(state.get("provider") or "").rpartition("::")[0]])
