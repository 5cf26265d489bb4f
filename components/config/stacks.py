"""Find the stacks of the project. Their content is read by `stack_files`."""

import os
from pathlib import Path
from typing import Final

from components.config.problems import ConfigurationError, Problem, shown
from components.config.project import PROJECT_FILES, project_folder

SETTINGS_FILE: Final = "_stack.yaml"
_STACKS: Final = "stacks"


def stacks_folder() -> Path:
    """The folder of all stacks, relative to the working directory.

    Raises:
        ConfigurationError: the working directory is outside of any project.
    """
    project = project_folder()
    if project is None:
        text = (
            "is neither in this folder nor in one above it: run slipway in a project, that is in "
            "your copy of slipway's repository or in any folder of it"
        )
        raise ConfigurationError([Problem(PROJECT_FILES[0], 0, "", text)])
    return Path(os.path.relpath(project / _STACKS))


def stack_folders() -> list[Path]:
    """The folders of all stacks.

    Raises:
        ConfigurationError: there is no stack, or no project.
    """
    folder = stacks_folder()
    folders = sorted(path.parent for path in folder.glob(f"*/{SETTINGS_FILE}"))
    if not folders:
        text = f"has no stack: write STACK/{SETTINGS_FILE} there, as in the README"
        raise ConfigurationError([Problem(shown(folder), 0, "", text)])
    return folders


def stack_name(given: str) -> str:
    """The stack's name. A user may give its folder, as a shell completes it: `stacks/acme/`."""
    project = project_folder()
    if project is not None and (os.sep in given or given in {os.curdir, os.pardir}):
        # Not `resolve`: a stack's folder may be a link.
        folder = Path(os.path.abspath(given))  # noqa: PTH100
        if folder.parent == project / _STACKS:
            return folder.name
    return given.removeprefix("./").removeprefix(f"{_STACKS}/").rstrip("/") or given
