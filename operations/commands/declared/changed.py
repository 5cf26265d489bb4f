"""`slipway changed` lists the stacks that a change affects, for workflows with a job a stack.

A change of declarations or configuration affects their stack; a change of the program affects every
stack. The sample stacks are left out: their accounts do not exist.
"""

import argparse
import json
import subprocess
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Final

from components.config.other_stacks import SAMPLES
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.project import project_folder
from components.config.stacks import stack_folders
from operations.terminal.output import data

#: Paths of the program: a change there affects every stack.
_PROGRAM: Final = ("components/", "__main__.py", "Pulumi.yaml", "requirements.lock")
#: Names of changed files, from the top of the project: its git repository may hold more.
_DIFF: Final = (
    *("git", "diff", "--name-only", "--no-renames", "--relative", "-z"),
    "--end-of-options",
)


def run(options: argparse.Namespace) -> int:
    """Print a JSON list of the stacks."""
    stacks = [folder.name for folder in stack_folders() if folder.name not in SAMPLES]
    if options.base is not None:
        stacks = changed(stacks, _paths(options.base))
    data(json.dumps(stacks))
    return ExitCode.SUCCESS


def changed(stacks: Iterable[str], paths: Iterable[str]) -> list[str]:
    """The stacks that the changed paths affect.

    Args:
        stacks: all of them.
        paths: of changed files, from the top of the project.
    """
    names: set[str] = set()
    for path in paths:
        if path.startswith(_PROGRAM):
            return sorted(stacks)
        parts = PurePosixPath(path).parts
        if parts[:1] != ("stacks",) or len(parts) == 1:
            continue
        if len(parts) > 2:  # noqa: PLR2004 - stacks/STACK/FILE
            names.add(parts[1])
        else:
            names.add(parts[1].removeprefix("Pulumi.").removesuffix(".yaml"))
    return sorted(names & set(stacks))


def _paths(base: str) -> list[str]:
    """Files of the project that differ between the merge base with a commit and HEAD."""
    done = subprocess.run(  # noqa: S603 - git, with one argument that begins with no dash
        [*_DIFF, f"{base}...HEAD"],
        cwd=project_folder(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        text = f"git knows no way from it to here ({done.stderr.strip()}): fetch the whole history"
        raise ConfigurationError([Problem(base, 0, "", text)])
    return [path for path in done.stdout.split("\0") if path]
