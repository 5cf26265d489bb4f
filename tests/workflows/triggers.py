"""The workflow files that an event starts, by docs.github.com's "Workflow syntax".

act runs any file that names the event; GitHub evaluates the filters first. These are understood:
`push` and `workflow_run` with `branches`, `workflows` and `types`, `pull_request` with `branches`
and `paths`, and `workflow_dispatch`. Any other filter is refused, so that none is ignored silently.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Final

from ruamel.yaml import YAML

from sandbox.github.runs.filters import matches
from sandbox.github.runs.skipping import skips
from tests.workflows.events import Event

_KNOWN: Final = {
    "push": {"branches"},
    "workflow_run": {"branches", "workflows", "types"},
    "pull_request": {"branches", "paths"},
    "workflow_dispatch": {"inputs"},
}


def parse(text: str) -> dict[str, Any]:
    """Return a workflow file's content; its `on` stays a word, as in YAML 1.2."""
    return deepcopy(_parsed(text))


@cache
def _parsed(text: str) -> dict[str, Any]:
    """Read a text once: the same files are asked about at each event."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return content


def started(event: Event, files: Mapping[str, str]) -> list[str]:
    """Return the paths of the workflow files that the event starts, from those of its commit.

    Args:
        event: the event.
        files: texts of `.github/workflows/*` by path.
    """
    if event.name == "push":
        message = event.payload["head_commit"]["message"]
        if skips(message):
            return []
    if event.name == "workflow_dispatch":
        files = {event.payload["workflow"]: files[event.payload["workflow"]]}
    return [path for path, text in files.items() if _starts(event, parse(text)["on"])]


def _starts(event: Event, triggers: Any) -> bool:
    if isinstance(triggers, str):
        triggers = [triggers]
    if event.name not in triggers:
        return False
    filters = triggers[event.name] if isinstance(triggers, Mapping) else None
    filters = filters or {}
    if unknown := set(filters) - _KNOWN[event.name]:
        raise NotImplementedError(f"filters of {event.name}: {sorted(unknown)}")
    if event.name == "push":
        return matches(event.ref.removeprefix("refs/heads/"), filters.get("branches"))
    if event.name == "pull_request":
        base = event.payload["pull_request"]["base"]["ref"]
        changed = any(matches(path, filters.get("paths")) for path in event.changed)
        return changed and matches(base, filters.get("branches"))
    if event.name == "workflow_dispatch":
        return True
    run = event.payload["workflow_run"]
    return (
        run["name"] in filters.get("workflows", [])
        and event.payload["action"] in filters.get("types", [event.payload["action"]])
        and matches(run["head_branch"], filters.get("branches"))
    )
