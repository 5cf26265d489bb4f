"""Stand-ins for the actions that rendered workflows use, as each action's README describes it.

Deliberately absent: every other action (an error, since a guess would prove nothing), cache hits,
and inputs that no rendered file has.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.projects.workspace import StepFailedError, Workspace

Inputs = Mapping[str, str]
#: Inputs that no stand-in looks at: there are no credentials here.
READ_BY_NONE: Final = frozenset({"persist-credentials"})


def act(name: str, workspace: Workspace, inputs: Inputs) -> dict[str, str]:
    """Do the action's work, and return its outputs.

    Raises:
        StepFailedError: the action would fail.
        NotImplementedError: there is no stand-in for the action.
    """
    action = name.partition("@")[0]
    if action not in _ACTIONS:
        raise NotImplementedError(f"no stand-in for {name}")
    return _ACTIONS[action](workspace, inputs)


def _checkout(workspace: Workspace, inputs: Inputs) -> dict[str, str]:
    workspace.source.check_out(workspace.checkout, inputs)
    return {"commit": workspace.source.commit, "ref": f"refs/heads/{workspace.source.branch}"}


def _setup_python(workspace: Workspace, inputs: Inputs) -> dict[str, str]:
    _known(inputs, "python-version")
    place = workspace.folder / "python"
    if not place.exists():
        workspace.machine.environment(workspace.template, place)
    workspace.paths.insert(0, str(place / "bin"))
    workspace.env["pythonLocation"] = str(place)
    python = str(place / "bin/python")
    return {"python-version": inputs["python-version"], "python-path": python, "cache-hit": ""}


def _cache(_: Workspace, inputs: Inputs) -> dict[str, str]:
    _known(inputs, "path", "key", "restore-keys")
    return {"cache-hit": ""}


def _upload(workspace: Workspace, inputs: Inputs) -> dict[str, str]:
    _known(inputs, "name", "path", "retention-days", "if-no-files-found", "overwrite")
    name, paths = inputs["name"], inputs["path"].split("\n")
    files = dict[str, Path]()
    for pattern in filter(None, paths):
        if pattern.startswith("!"):
            raise NotImplementedError(f"path {pattern} of actions/upload-artifact")
        files |= _matched(workspace.checkout, pattern)
    if not files:
        text = f"No files were found with the provided path: {' '.join(paths)}."
        how = inputs.get("if-no-files-found", "warn")
        if how == "error":
            raise StepFailedError(text)
        if how == "warn":
            workspace.annotations.warnings.append(f": {text}")
        return {}
    if name in workspace.uploaded:
        raise StepFailedError(
            f"an artifact with the name {name} already exists on the workflow run"
        )
    workspace.uploaded.add(name)
    workspace.artifacts[name] = files
    url = f"https://github.com/acme/{workspace.source.name}/actions/runs/1/artifacts/1"
    return {"artifact-id": "1", "artifact-url": url}


def _matched(root: Path, pattern: str) -> dict[str, Path]:
    """Return a pattern's files by path: folders with all contents, without hidden files."""
    bare = pattern.rstrip("/")
    found = [root / bare] if not re.search(r"[*?\[]", bare) else list(root.glob(bare))
    files = [
        file
        for match in found
        for file in ([match] if match.is_file() else match.rglob("*"))
        if file.is_file()
    ]
    by_path = {str(file.relative_to(root)): file for file in files}
    return {path: file for path, file in by_path.items() if not re.search(r"(^|/)\.", path)}


def _credentials(workspace: Workspace, inputs: Inputs) -> dict[str, str]:
    _known(inputs, "role-to-assume", "aws-region", "role-duration-seconds")
    if not inputs["role-to-assume"] or not inputs["aws-region"]:
        raise StepFailedError("Input required and not supplied: aws-region")
    workspace.env |= {
        "AWS_REGION": inputs["aws-region"],
        "AWS_DEFAULT_REGION": inputs["aws-region"],
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
    }
    return {}


def _known(inputs: Inputs, *names: str) -> None:
    if unknown := set(inputs) - set(names):
        raise NotImplementedError(f"inputs of an action: {sorted(unknown)}")


_ACTIONS: Final[dict[str, Callable[[Workspace, Inputs], dict[str, str]]]] = {
    "actions/cache": _cache,
    "actions/checkout": _checkout,
    "actions/setup-python": _setup_python,
    "actions/upload-artifact": _upload,
    "aws-actions/configure-aws-credentials": _credentials,
}
