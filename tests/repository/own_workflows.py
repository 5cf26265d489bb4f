"""The project's own workflow files, and their scripts run as GitHub's runner does."""

import os
import subprocess
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from operations.terminal.output import PROJECT

GITHUB = PROJECT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted(GITHUB.glob("actions/*/action.yml"))
#: How the runner starts a step's script, by its `shell` (GitHub's workflow syntax, "shell").
SHELLS = {None: "bash -e", "bash": "bash --noprofile --norc -eo pipefail"}


def document(file: Path) -> dict[str, Any]:
    """Return the content of a workflow's or an action's file."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(file)
    return content


def workflow(name: str) -> dict[str, Any]:
    """Return one of the workflows."""
    return document(GITHUB / f"workflows/{name}.yml")


def steps(name: str) -> dict[str, dict[str, Any]]:
    """Return the steps of a workflow's jobs that run a script, by name or id."""
    return {
        str(step.get("name") or step.get("id")): step
        for job in workflow(name)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    }


def run(*command: Any, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def played(
    folder: Path, step: dict[str, Any], tools: dict[str, str], **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a step's script as the runner does, with stand-ins for the tools that it calls."""
    for tool, text in tools.items():
        path = folder / "bin" / tool
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/usr/bin/env bash\n{text}\n")
        path.chmod(0o755)
    files = ("GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_OUTPUT")
    path_ = os.pathsep.join([str(folder / "bin"), os.environ["PATH"]])
    return run(
        *SHELLS[step.get("shell")].split(),
        "-c",
        step["run"],
        cwd=folder,
        env={"PATH": path_, "HOME": str(folder)}
        | {name: str(folder / name) for name in files}
        | variables,
    )
