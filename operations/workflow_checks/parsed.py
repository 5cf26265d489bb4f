"""A rendered workflow as the chain check reads it: events, jobs, steps, and where each comes from.

A step that the user declared is found again by its name and by what it does. Deliberately absent:
every other key's meaning.
"""

from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML

from components.config.yaml_files import Path_
from components.model.repository import Repository

_CI: Final = {"python-lint": "lint", "python-security": "security", "python-tests": "tests"}
#: Where the command is declared that deploys; its step's variables are beside it, in `env`.
COMMAND: Final[Path_] = ("deploy", "command")


@dataclass(frozen=True)
class Finding:
    """What would break at run time."""

    path: Path_
    """Keys of the repository's file that are nearest to the cause."""
    text: str


@dataclass(frozen=True)
class Step:
    """One step of a job."""

    name: str
    content: dict[str, Any]
    """The step as GitHub reads it."""
    declared: Path_ | None
    """Where the user wrote it; None for a step of slipway's own."""


@dataclass(frozen=True)
class Job:
    """One job of a workflow."""

    id: str
    content: dict[str, Any]
    """The job as GitHub reads it, without its steps."""
    steps: tuple[Step, ...]

    @property
    def environment(self) -> str | None:
        """The name that `environment` gives, alone or beside a url."""
        given = self.content.get("environment")
        name = given.get("name") if isinstance(given, dict) else given
        return None if name is None else str(name)

    @property
    def path(self) -> Path_:
        """The part of a repository's file that declares the job."""
        return ("ci", _CI[self.id]) if self.id in _CI else ("deploy",)


@dataclass(frozen=True)
class Workflow:
    """One file."""

    file: str
    name: str
    """By which others wait for it."""
    events: dict[str, dict[str, Any]]
    """Filters by event; an event without filters has none."""
    content: dict[str, Any]
    """The workflow as GitHub reads it, without its jobs."""
    jobs: tuple[Job, ...]


def read_workflow(file: str, text: str, repository: Repository) -> Workflow:
    """The workflow of a file's text."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    jobs = content.pop("jobs")
    given = content["on"]
    given = [given] if isinstance(given, str) else given
    events = {event: given[event] or {} for event in given} if isinstance(given, dict) else {}
    return Workflow(
        file=file,
        name=str(content.get("name") or f".github/workflows/{file}"),
        events=events or {event: {} for event in given},
        content=content,
        jobs=tuple(_job(id_, job, repository) for id_, job in jobs.items()),
    )


def _job(id_: str, content: dict[str, Any], repository: Repository) -> Job:
    steps = content.pop("steps", [])
    return Job(
        id=id_,
        content=content,
        steps=tuple(
            Step(str(step.get("name", "")), step, _declared(repository, id_, step))
            for step in steps
        ),
    )


def _declared(repository: Repository, job: str, step: dict[str, Any]) -> Path_ | None:
    """Where the user wrote the step, if it was the user."""
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
