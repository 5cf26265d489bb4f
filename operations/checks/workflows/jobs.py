"""The jobs of a rendered workflow, and where the user declared each of their steps.

A declared step is found again by its name and by what it does. Deliberately absent: triggers,
conditions and every other part that the renderer alone decides, which its tests check.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.types import EnvironmentName

_CI: Final = {"python-lint": "lint", "python-security": "security", "python-tests": "tests"}
#: Where the deployment's command is declared. The `env` of its step is declared beside it.
COMMAND: Final[Path_] = ("deploy", "command")


@dataclass(frozen=True)
class WorkflowProblem:
    """A fault of a declaration that would break a workflow at run time."""

    path: Path_
    """Keys of the repository's file that are nearest to the cause."""
    text: str


@dataclass(frozen=True)
class WorkflowStep:
    """One step of a job."""

    name: str
    content: dict[str, Any]
    """The step as GitHub reads it."""
    declared: Path_ | None
    """Where the user declared the step; None for a step that slipway adds."""


@dataclass(frozen=True)
class Job:
    """One job of a workflow."""

    file: str
    id: str
    content: dict[str, Any]
    """The job as GitHub reads it, without its steps."""
    steps: tuple[WorkflowStep, ...]

    @property
    def environment(self) -> EnvironmentName | None:
        """The environment that the job names."""
        return self.content.get("environment")

    @property
    def where(self) -> str:
        """File and job, for messages."""
        return f"{self.file}, job {self.id}"

    @property
    def path(self) -> Path_:
        """The part of a repository's file that declares the job."""
        return ("ci", _CI[self.id]) if self.id in _CI else ("deploy",)


def jobs_of(file: str, workflow: dict[str, Any], repository: Repository) -> Iterator[Job]:
    """The jobs of one workflow file."""
    for id_, job in workflow["jobs"].items():
        content = {key: value for key, value in job.items() if key != "steps"}
        steps = (
            WorkflowStep(step.get("name", ""), step, _declared(repository, id_, step))
            for step in job["steps"]
        )
        yield Job(file, id_, content, tuple(steps))


def _declared(repository: Repository, job: str, step: dict[str, Any]) -> Path_ | None:
    """Where the user declared the step; None for a step that slipway adds."""
    script = step.get("run", "").strip()
    place = _CI.get(job)
    for path, steps in repository.extra_steps():
        if (path[:2] == ("ci", place)) if place else path[0] != "ci":
            for index, extra in enumerate(steps):
                same = extra.uses == step.get("uses") and (extra.run or "").strip() == script
                if same and extra.name == step.get("name"):
                    return (*path, index)
    command = repository.deploy.command
    if job not in _CI and command is not None and command.strip() == script:
        return COMMAND
    return None
