"""The outcome of each step of a plan, read from the events of the update.

The engine reports the end of each operation (`resOutputsEvent`) or its failure (`resOpFailedEvent`)
with the reason (`diagnosticEvent`). It reports nothing about an operation that it did not begin
(pulumi 3.256: sdk/go/common/apitype/events.go). With `--continue-on-error` it skips the resources
that depend on a failed one. If a deletion failed, it skips the deletion of the resources on which
the failed one depends. The plan has these dependencies.

Deliberately absent: which steps belong together, and how they are shown.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from operations.engine.continued.dependencies import needs_of
from operations.engine.steps import Step

#: `deleted`: the former object of a replacement is deleted and the new one is not created. The
#: engine deletes the children of a replaced resource before it checks the resource's own
#: dependencies.
State = Literal["done", "failed", "deleted", "not begun"]
#: Operations that create or update a resource, and the operation that deletes the former object of
#: a replacement.
_MADE: Final = {"create", "update", "create-replacement", "import", "import-replacement"}
_DELETED: Final = "delete-replaced"
#: Terraform's providers put a heading above a list of errors and a mark before each error; the
#: bridge adds a prefix.
_HEADING: Final = re.compile(r"\d+ errors? occurred:\s*$", re.MULTILINE)
_MARK: Final = re.compile(r"^\t\* ", re.MULTILINE)
_BRIDGE: Final = re.compile(r"^\w+ing urn:\S+:\s")


@dataclass(frozen=True)
class Outcome:
    """The end of one step."""

    step: Step
    state: State
    why: str = ""
    """The error of a step that failed, on one line."""
    because: tuple[Step, ...] = ()
    """The failed steps because of which it was skipped; empty if the run ended before it."""


def outcomes(
    plan: Mapping[str, Any], steps: Sequence[Step], events: Iterable[Mapping[str, Any]]
) -> Iterator[Outcome]:
    """The outcome of each step, in the order of the plan.

    Args:
        plan: the preview's JSON.
        steps: its steps that change something.
        events: of the update.
    """
    failed = set[str]()
    ended: dict[str, set[str]] = {}
    said: dict[str, str] = {}
    for event in events:
        if found := event.get("resOutputsEvent"):
            ended.setdefault(found["metadata"]["urn"], set()).add(found["metadata"]["op"])
        elif found := event.get("resOpFailedEvent"):
            failed.add(found["metadata"]["urn"])
        elif (found := event.get("diagnosticEvent")) and found.get("severity") == "error":
            # The last message is the engine's; those before are the provider's log.
            said[found.get("urn", "")] = found["message"]
    states = {step.urn: _state(step, ended.get(step.urn, frozenset())) for step in steps}
    # An input that the provider refuses gives only an error, and no failed operation.
    failed |= {urn for urn, state in states.items() if urn in said and state != "done"}
    wrong = [step for step in steps if step.urn in failed]
    needs = needs_of(plan)
    for step in steps:
        if step.urn in failed:
            yield Outcome(step, "failed", _reason(said.get(step.urn, "")))
        elif states[step.urn] == "done":
            yield Outcome(step, "done")
        else:
            because = tuple(other for other in wrong if _stops(other, step, needs))
            yield Outcome(step, states[step.urn], because=because)


def read_events(file: Path) -> Iterator[Mapping[str, Any]]:
    """The events of an update, one of each line; none if the engine did not begin.

    A killed engine leaves half a line at the end, which is no event.
    """
    if not file.exists():
        return
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError):
            yield json.loads(line)


def _state(step: Step, ended: AbstractSet[str]) -> State:
    """The state by the operations that ended."""
    if ended & ({"delete"} if step.op == "delete" else _MADE):
        return "done"
    return "deleted" if step.op == "replace" and _DELETED in ended else "not begun"


def _reason(text: str) -> str:
    parts = _MARK.split(_HEADING.sub("", text))
    lines = (_BRIDGE.sub("", " ".join(part.split()) + " ").strip() for part in parts)
    return "; ".join(filter(None, lines))


def _stops(failed: Step, other: Step, needs: Mapping[str, frozenset[str]]) -> bool:
    """True if a step is left out because another one failed."""
    if other.op == "delete":
        return other.urn in needs.get(failed.urn, ())
    return failed.urn in needs.get(other.urn, ())
