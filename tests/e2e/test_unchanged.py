"""`slipway up` leaves out an update that would not even change the state, and no other."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, Project, new_project, running_world

Resources = list[dict[str, Any]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One repository, onboarded. The second run removes dependencies that only creation needs."""
    folder = tmp_path_factory.mktemp("unchanged")
    with running_world(folder) as world:
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, billing=f"repository: billing\n{ONLY_DEV}")
        project.up("s")
        project.slipway("up", "s", "--yes")
        yield project


def up(project: Project, folder: Path) -> tuple[str, list[str]]:
    """Run `slipway up`; what it says, and the commands of pulumi that it ran."""
    path = project.world.environment["PATH"]
    log, engine = folder / "commands", folder / "pulumi"
    real = shutil.which("pulumi", path=path)
    engine.write_text(f'#!/bin/sh\necho "$1" >> {log}\nexec {real} "$@"\n')
    engine.chmod(0o755)
    done = project.slipway("up", "s", "--yes", PATH=f"{folder}:{path}")
    return done.stderr, log.read_text().split()


def exported(project: Project) -> dict[str, Any]:
    """The state."""
    export: dict[str, Any] = json.loads(project.pulumi("stack", "export", "--stack", "s").stdout)
    return export


def test_an_update_without_a_change_is_left_out(project: Project, tmp_path: Path) -> None:
    """The run refreshes and previews, says so, and writes nothing, neither to GitHub nor AWS."""
    project.world.control("POST", "requests/reset")
    said, commands = up(project, tmp_path)
    assert "s: everything is as declared" in said
    assert "refresh" in commands
    assert "preview" in commands
    assert "up" not in commands
    assert project.world.control("GET", "requests")["writes"] == 0


def _of(resources: Resources, kind: str) -> dict[str, Any]:
    return next(one for one in resources if one["type"].endswith(f":{kind}"))


def retained(resources: Resources) -> None:
    """Keep an environment that is not declared any more, which the declaration does not ask for."""
    _of(resources, "RepositoryEnvironment")["retainOnDelete"] = True


def independent(resources: Resources) -> None:
    """Forget which resources are made before a variable."""
    del _of(resources, "ActionsEnvironmentVariable")["dependencies"]


@pytest.mark.parametrize("change", [retained, independent])
def test_an_update_that_changes_the_state_alone_is_made(
    project: Project, tmp_path: Path, change: Callable[[Resources], None]
) -> None:
    """No object differs, but the state has another option of a resource: the update corrects it."""
    before = exported(project)
    changed = json.loads(json.dumps(before))
    change(changed["deployment"]["resources"])
    assert _options(changed) != _options(before)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(changed), encoding="utf-8")
    project.pulumi("stack", "import", "--stack", "s", "--file", str(file))
    said, commands = up(project, tmp_path)
    assert "s: everything is as declared" in said
    assert "up" in commands
    assert _options(exported(project)) == _options(before)


def _options(export: dict[str, Any]) -> dict[str, tuple[bool, list[str]]]:
    """By URN whether a resource is retained, and the resources that are made before it."""
    return {
        one["urn"]: (one.get("retainOnDelete", False), sorted(one.get("dependencies", ())))
        for one in export["deployment"]["resources"]
    }
