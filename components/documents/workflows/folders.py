"""The folders of CI: the root of the repository, one folder, or the folder of each package."""

from dataclasses import dataclass
from typing import Any, Final, Self

from components.model.pipeline import Pipeline

#: Files that name the packages to install.
_REQUIREMENTS: Final = ("*requirements*.txt", "pyproject.toml", "*.lock")


@dataclass(frozen=True)
class Folders:
    """How the folders appear in a CI job."""

    matrix: dict[str, list[str]]
    """The dimension of the matrix for several folders."""
    defaults: dict[str, Any]
    """The job's `defaults`, which put scripts into the folder."""
    prefix: str
    """Prefix of file paths for actions, which ignore `defaults`."""
    requirements: str
    """Arguments of `hashFiles` for the requirements files."""
    suffix: str
    """Suffix that separates the artifacts of several folders."""

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """The folders of the declared packages."""
        folders = [package.directory for package in pipeline.packages if package.directory]
        if not folders:
            return cls({}, {}, "", ", ".join(f"'{name}'" for name in _REQUIREMENTS), "")
        if len(folders) == 1:
            (folder,), suffix = folders, ""
            requirements = [f"'{folder}/{name}'" for name in _REQUIREMENTS]
            matrix = {}
        else:
            folder, suffix = "${{ matrix.directory }}", "-${{ strategy.job-index }}"
            requirements = [f"format('{{0}}/{name}', matrix.directory)" for name in _REQUIREMENTS]
            matrix = {"directory": folders}
        return cls(
            matrix=matrix,
            defaults={"run": {"working-directory": folder}},
            prefix=f"{folder}/",
            requirements=", ".join(requirements),
            suffix=suffix,
        )
