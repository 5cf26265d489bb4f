"""Where CI works: the root of the repository, one folder of it, or each package's in turn."""

from dataclasses import dataclass
from typing import Any, Self

from components.documents.workflows.steps import MATRIX_VERSION
from components.model.pipeline import Pipeline


@dataclass(frozen=True)
class Folders:
    """How the folders appear in a CI job."""

    matrix: dict[str, list[str]]
    """The dimension of the matrix that several folders are."""
    count: int
    """How many there are."""
    defaults: dict[str, Any]
    """The job's `defaults`, which put scripts into the folder."""
    prefix: str
    """What paths of files start with, for actions, which know no defaults."""
    requirements: str
    """Arguments of `hashFiles` for the requirements files."""
    where: str
    """What the findings are about."""
    suffix: str
    """What keeps artifacts of several folders apart."""

    @classmethod
    def of(cls, pipeline: Pipeline) -> Self:
        """The folders of the declared packages."""
        folders = [package.directory for package in pipeline.packages if package.directory]
        where = f"Python {MATRIX_VERSION}"
        if not folders:
            return cls({}, 1, {}, "", "'requirements*.txt'", where, "")
        if len(folders) == 1:
            (folder,) = folders
            requirements, suffix = f"'{folder}/requirements*.txt'", ""
            matrix = {}
        else:
            folder = "${{ matrix.directory }}"
            requirements = "format('{0}/requirements*.txt', matrix.directory)"
            matrix, suffix = {"directory": folders}, "-${{ strategy.job-index }}"
        return cls(
            matrix=matrix,
            count=len(folders),
            defaults={"run": {"working-directory": folder}},
            prefix=f"{folder}/",
            requirements=requirements,
            where=f"{where} in {folder}",
            suffix=suffix,
        )
