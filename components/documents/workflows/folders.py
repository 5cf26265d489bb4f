"""Where CI works: the root of the repository, one folder of it, or each package's in turn."""

from dataclasses import dataclass
from typing import Any, Final, Self

from components.model.pipeline import Pipeline

#: Files that say what is installed.
_REQUIREMENTS: Final = ("*requirements*.txt", "pyproject.toml", "*.lock")


@dataclass(frozen=True)
class Folders:
    """How the folders appear in a CI job."""

    matrix: dict[str, list[str]]
    """The dimension of the matrix that several folders are."""
    defaults: dict[str, Any]
    """The job's `defaults`, which put scripts into the folder."""
    prefix: str
    """What paths of files start with, for actions, which know no defaults."""
    requirements: str
    """Arguments of `hashFiles` for the requirements files."""
    suffix: str
    """What keeps artifacts of several folders apart."""

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
