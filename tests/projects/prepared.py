"""Prepares a project of the table, and runs its rendered workflows."""

import json
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from tests.projects.executor import Executor
from tests.projects.machine import Machine
from tests.projects.outcome import Run
from tests.projects.project import Project
from tests.projects.source import Source
from tests.projects.templates import template

_REPOSITORIES: Final = Path(__file__).with_name("repositories")
#: Packages that jobs find installed, which saves most of the time: the second installation only
#: verifies them. Repositories that test the installation itself declare other templates.
_TEMPLATES: Final = {
    "python-lint": "tools",
    "python-security": "tools",
    "python-tests": "tests",
}


@dataclass(frozen=True)
class Prepared:
    """A project in an empty folder, and what runs its workflows."""

    project: Project
    executor: Executor

    @classmethod
    def of(cls, project: Project, machine: Machine, folder: Path) -> "Prepared":
        """Write the repository."""
        executor = Executor(
            machine=machine,
            source=_source(project, machine, folder),
            folder=folder / "jobs",
            secrets=project.secrets,
            templates={**_TEMPLATES, **project.templates},
        )
        return cls(project, executor)

    def runs(self, *profiles: str) -> Iterator[tuple[str, Run]]:
        """The run with each profile of the workflow that a push to the branch of dev starts.

        All runs use the same folder, which is moved away before the next run: check a run before
        you ask for the next one. The common first steps of a job are executed in the first run
        only.
        """
        port = _free_port()
        workflows = {profile: _workflow(self.project, profile, port) for profile in profiles}
        if len(workflows) == 2:
            self.executor.share(*workflows.values())
        for profile, workflow in workflows.items():
            yield profile, self.executor.run(workflow)
            self.executor.folder.rename(self.executor.folder.with_name(profile))


def _source(project: Project, machine: Machine, folder: Path) -> Source:
    """The repository with its lock files."""
    written, home = folder / "written", folder / "home"
    shutil.copytree(_REPOSITORIES / project.name, written)
    home.mkdir()
    env = machine.env | {"HOME": str(home)}
    env["PATH"] = f"{template('lockers') / 'home/bin'}:{env['PATH']}"
    for command in project.locks:
        subprocess.run(shlex.split(command), cwd=written, env=env, check=True)
    place = folder / "source"
    place.mkdir()
    name = project.name.replace("_", "-")
    return Source.of(written, place, name, "develop", project.tag)


def _workflow(project: Project, profile: str, port: int) -> dict[str, Any]:
    """The rendered file of dev, for the only available version of Python."""
    text = json.dumps(dict(project.declared)).replace("{free_port}", str(port))
    base = {"repository": project.name, "profile": profile, "python_versions": ["3.11"]}
    repository = Repository.model_validate(base | json.loads(text))
    rendered = render_workflows(repository.name, Pipeline.of(repository, None))[FILES["dev"]]
    parsed: dict[str, Any] = YAML(typ="safe").load(rendered)
    return parsed


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
