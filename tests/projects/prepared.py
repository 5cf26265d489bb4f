"""Prepares a project of the table, and runs its rendered workflow."""

import json
import shlex
import shutil
import socket
import subprocess
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
from tests.projects.wheels import kept

_REPOSITORIES: Final = Path(__file__).with_name("repositories")
#: Packages that jobs find installed, which saves most of the time: the second installation only
#: verifies them. Repositories that test the installation itself say otherwise.
_TEMPLATES: Final = {
    "python-lint": "tools",
    "python-security": "tools",
    "python-tests": "tests",
}


def run_project(project: Project, profile: str, machine: Machine, folder: Path) -> Run:
    """Run the workflow of a push to dev's branch, in an empty folder."""
    source = _source(project, machine, folder)
    executor = Executor(
        machine=machine,
        source=source,
        folder=folder / "jobs",
        secrets=project.secrets,
        templates={**_TEMPLATES, **project.templates},
    )
    return executor.run(_workflow(project, profile))


def _source(project: Project, machine: Machine, folder: Path) -> Source:
    """The repository with its lock files."""
    written, home = folder / "written", folder / "home"
    shutil.copytree(_REPOSITORIES / project.name, written)
    home.mkdir()
    env = machine.env | {"HOME": str(home)}
    env["PATH"] = f"{kept() / 'lockers/bin'}:{env['PATH']}"
    for command in project.locks:
        subprocess.run(shlex.split(command), cwd=written, env=env, check=True)
    place = folder / "source"
    place.mkdir()
    name = project.name.replace("_", "-")
    return Source.of(written, place, name, "develop", project.tag)


def _workflow(project: Project, profile: str) -> dict[str, Any]:
    """The rendered file of dev, for the only available version of Python."""
    text = json.dumps(dict(project.declared)).replace("{free_port}", str(_free_port()))
    base = {"repository": project.name, "profile": profile, "python_versions": ["3.11"]}
    repository = Repository.model_validate(base | json.loads(text))
    rendered = render_workflows(repository.name, Pipeline.of(repository))[FILES["dev"]]
    parsed: dict[str, Any] = YAML(typ="safe").load(rendered)
    return parsed


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
