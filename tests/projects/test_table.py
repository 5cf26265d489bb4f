"""Checks of the table itself."""

from pathlib import Path

from tests.projects.table import PROJECTS

HERE = Path(__file__).parent


def test_every_repository_is_in_the_table_once() -> None:
    """Each folder is in the table, since a folder that is not run would prove nothing."""
    folders = {folder.name for folder in (HERE / "repositories").iterdir()}
    assert sorted(project.name for project in PROJECTS) == sorted(folders)


def test_the_lock_names_no_index() -> None:
    """The lock names no index: wheels come from the index of the user's pip."""
    lines = (HERE / "wheels.lock").read_text().splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    assert sum("--hash=sha256:" in line for line in lines) > 100
