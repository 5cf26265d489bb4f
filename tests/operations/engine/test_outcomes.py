"""The engine's events tell each step's outcome; the plan tells why a step was not begun."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operations.engine.continued.outcomes import outcomes, read_events
from operations.engine.steps import plan_steps

KIND = "github:index/branch:Branch"
Event = Mapping[str, Any]


def urn(name: str) -> str:
    """The URN of a resource."""
    return f"urn:pulumi:s::p::{KIND}::{name}"


def planned(op: str, name: str, **more: Any) -> dict[str, Any]:
    """One step of a plan."""
    state = {"type": KIND, "custom": True, "inputs": {}, "outputs": {}} | more
    old = {} if op == "create" else {"oldState": state}
    new = {} if op == "delete" else {"newState": state}
    return {"op": op, "urn": urn(name), **old, **new}


def ended(name: str, op: str = "create") -> Event:
    """The event of an operation that succeeded."""
    return {"resOutputsEvent": {"metadata": {"urn": urn(name), "op": op}}}


def failed(name: str, op: str = "create") -> Event:
    """The event of an operation that failed."""
    return {"resOpFailedEvent": {"metadata": {"urn": urn(name), "op": op}}}


def said(name: str, message: str, severity: str = "error") -> Event:
    """Return the event of a message about a resource."""
    return {"diagnosticEvent": {"urn": urn(name), "message": message, "severity": severity}}


def found(steps: list[dict[str, Any]], *events: Event) -> Mapping[str, tuple[str, str, list[str]]]:
    """State, reason and causes of each resource."""
    plan = {"steps": steps}
    return {
        one.step.name: (one.state, one.why, [cause.name for cause in one.because])
        for one in outcomes(plan, list(plan_steps(plan)), events)
    }


def test_a_step_is_done_or_failed_or_waits_for_a_failed_one() -> None:
    """A step is done, failed, or not begun because it depends on a failed one, also indirectly."""
    steps = [
        planned("create", "first"),
        planned("create", "second", dependencies=[urn("first")]),
        planned("create", "third", propertyDependencies={"of": [urn("second")]}),
        planned("create", "other"),
    ]
    events = [failed("first"), said("first", "refused"), ended("other")]
    assert found(steps, *events) == {
        "first": ("failed", "refused", []),
        "second": ("not begun", "", ["first"]),
        "third": ("not begun", "", ["first"]),
        "other": ("done", "", []),
    }


@pytest.mark.parametrize("link", ["parent", "deletedWith", "provider"])
def test_every_link_of_the_engine_counts(link: str) -> None:
    """A resource depends on its parent, its provider and the resource of `deletedWith`."""
    value = f"{urn('first')}::id" if link == "provider" else urn("first")
    steps = [planned("create", "first"), planned("update", "second", **{link: value})]
    assert found(steps, failed("first"))["second"] == ("not begun", "", ["first"])


def test_a_deletion_waits_for_what_depends_on_it() -> None:
    """A deletion waits for deletions of dependents: a role that stays keeps its environment."""
    steps = [
        planned("delete", "environment"),
        planned("delete", "role", dependencies=[urn("environment")]),
        planned("delete", "other"),
    ]
    events = [failed("role", "delete"), said("role", "refused"), ended("other", "delete")]
    assert found(steps, *events) == {
        "environment": ("not begun", "", ["role"]),
        "role": ("failed", "refused", []),
        "other": ("done", "", []),
    }


def test_a_replacement_is_done_with_its_new_object() -> None:
    """A replacement is done if the new object exists and the former one is deleted."""
    steps = [planned("replace", name) for name in ("half", "made", "left")]
    events = [
        ended("half", "delete-replaced"),
        *(ended("made", op) for op in ("delete-replaced", "replace", "create-replacement")),
        *(ended("left", "create-replacement"), failed("left", "delete-replaced")),
    ]
    states = {name: state for name, (state, _, _) in found(steps, *events).items()}
    assert states == {"half": "deleted", "made": "done", "left": "failed"}


def test_a_refused_input_is_a_failure_without_an_operation() -> None:
    """An error without an operation is a failure; a warning is not, nor an error of a done step."""
    steps = [planned("create", name) for name in ("refused", "warned", "done")]
    events = [
        *(said("refused", "Missing required property"), said("warned", "beware", "warning")),
        *(said("done", "odd"), ended("done")),
    ]
    assert found(steps, *events) == {
        "refused": ("failed", "Missing required property", []),
        "warned": ("not begun", "", []),
        "done": ("done", "", []),
    }


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ("1 error occurred:\n\t* PUT x: 409 Rules\n\nat * 3\n\n", "PUT x: 409 Rules at * 3"),
        ("2 errors occurred:\n\t* PUT x: 404\n\t* PUT y: 404\n\n", "PUT x: 404; PUT y: 404"),
        (
            f"1 error occurred:\n\t* updating {urn('a')}: 1 error occurred:\n\t* PUT x: 422 []\n",
            "PUT x: 422 []",
        ),
        ("DeleteRole: AccessDenied: User may not: DeleteRole", None),
    ],
)
def test_the_reason_is_the_engines_own_on_one_line(message: str, why: str | None) -> None:
    """The reason is the engine's message on one line, without the log and Terraform's heading."""
    log = "  sdk-v2/provider2.go:571: sdk: PUT x: 409: provider=github@6"
    events = [failed("a"), said("a", log), said("a", message)]
    assert found([planned("create", "a")], *events)["a"][1] == (why or message)


def test_an_engine_that_did_not_begin_has_begun_no_step(tmp_path: Path) -> None:
    """Without a file of events no step was begun; an incomplete last line is ignored."""
    file = tmp_path / "events.json"
    assert found([planned("create", "a")], *read_events(file))["a"] == ("not begun", "", [])
    file.write_text(f"{json.dumps(ended('a'))}\n")
    assert found([planned("create", "a")], *read_events(file))["a"] == ("done", "", [])
    with file.open("a", encoding="utf-8") as events:
        events.write('{"resOutputsEv')  # the engine was killed
    assert found([planned("create", "a")], *read_events(file))["a"] == ("done", "", [])
