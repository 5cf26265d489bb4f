"""Stand-ins for the published actions that the workflows use.

Published actions are not available offline. Each folder of `actions/` stands for one and does its
documented work, for the inputs that its action.yml names; any other input is refused before a run
starts.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.workflows.triggers import parse

ACTIONS: Final = Path(__file__).parent / "actions"


class UnknownActionError(Exception):
    """A workflow uses an action, or an input of one, that has no stand-in."""


def replacements(workflow: Mapping[str, Any]) -> list[str]:
    """Return arguments for act that replace the workflow's actions by the stand-ins.

    Raises:
        UnknownActionError: an action has no stand-in.
    """
    folders = {}
    for step in _uses(workflow):
        action, inputs = step["uses"], set(step.get("with", {}))
        folder = ACTIONS / action.partition("@")[0].split("/")[1].replace("-", "_")
        if not (folder / "action.yml").exists():
            raise UnknownActionError(f"no stand-in for {action}")
        known = parse((folder / "action.yml").read_text(encoding="utf-8"))["inputs"]
        if unknown := inputs - set(known):
            raise UnknownActionError(f"the stand-in for {action} has no input {sorted(unknown)}")
        if missing := {n for n, about in known.items() if about.get("required")} - inputs:
            raise UnknownActionError(f"{action} needs the input {sorted(missing)}")
        folders[action] = folder
    return [f"--local-repository={action}={folder}" for action, folder in folders.items()]


def _uses(workflow: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for job in workflow["jobs"].values():
        if "uses" in job:
            raise UnknownActionError(f"no stand-in for {job['uses']}")
        # Actions of the repository itself are in its checkout.
        yield from (s for s in job["steps"] if not s.get("uses", "./").startswith("./"))
