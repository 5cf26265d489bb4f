"""Find the project: the nearest folder with Pulumi.yaml, from the working directory upwards.

pulumi searches in the same way (`pulumi: sdk/go/common/workspace/paths.go`), so a command works in
every folder of the project. The working directory stays: paths that a user gives, and those that
are printed, are relative to it.
"""

from pathlib import Path
from typing import Final

#: The names that pulumi accepts.
PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


def project_folder() -> Path | None:
    """The folder of the project as an absolute path; None outside of any project."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if any((folder / name).is_file() for name in PROJECT_FILES):
            return folder
    return None
