import os
from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, shown
from components.config.project import PROJECT_FILES
from components.config.stacks import stack_folders, stack_name, stacks_folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the stack `acme` and some folders; it lies in a folder of another one."""
    (tmp_path / "Pulumi.yaml").touch()
    folder = tmp_path / "project"
    for below in ("stacks/acme", "docs/pages"):
        (folder / below).mkdir(parents=True)
    (folder / "stacks/acme/_stack.yaml").touch()
    (folder / "Pulumi.yaml").touch()
    return folder


@pytest.mark.parametrize("name", PROJECT_FILES)
@pytest.mark.parametrize("stand", [".", "stacks", "stacks/acme", "docs/pages"])
def test_the_nearest_project_above_is_found(
    project: Path, stand: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From each folder of a project its stacks are found, as paths from where the user stands."""
    (project / "Pulumi.yaml").rename(project / name)
    monkeypatch.chdir(project / stand)
    (folder,) = stack_folders()
    assert not folder.is_absolute()
    assert folder.resolve() == project / "stacks/acme"
    assert shown(folder) == os.path.relpath(project / "stacks/acme")
    assert shown(project / "docs/a.yaml") == os.path.relpath(project / "docs/a.yaml")


def test_a_path_outside_of_the_project_is_shown_as_given(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path elsewhere on the machine is shown as the user gave it."""
    monkeypatch.chdir(project)
    assert shown(project.parent / "other/a.yaml") == str(project.parent / "other/a.yaml")


def test_outside_of_any_project_the_message_says_where_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outside of a project a command ends with a problem that says where it works."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="run slipway in a project") as caught:
        stacks_folder()
    assert caught.value.problems[0].file == "Pulumi.yaml"
    assert stack_name("stacks/acme") == "acme"


@pytest.mark.parametrize(
    ("stand", "given"),
    [
        (".", "acme"),
        (".", "stacks/acme"),
        (".", "./stacks/acme/"),
        ("docs/pages", "acme"),
        ("docs/pages", "../../stacks/acme/"),
        ("stacks", "acme/"),
        ("stacks", "./acme"),
        ("stacks/acme", "."),
        ("stacks/acme", "../acme"),
        ("docs", "stacks/acme"),
    ],
)
def test_a_stack_is_named_by_its_folder_from_anywhere(
    project: Path, stand: str, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of a stack's folder, as a shell completes it, names the stack."""
    monkeypatch.chdir(project / stand)
    assert stack_name(given) == "acme"
