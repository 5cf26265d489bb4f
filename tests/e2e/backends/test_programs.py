from pathlib import Path

import pytest

from tests.e2e.backends.debian import libraries
from tests.e2e.backends.programs import DEBIAN, NEEDED, newest, on_path


def install(folder: Path, *names: str) -> Path:
    """Put programs into a folder."""
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch(0o755)
    return folder


def test_the_newest_complete_version_is_taken(tmp_path: Path) -> None:
    """Of Debian's versions the newest is used that has the client as well: 17 is more than 9."""
    assert newest(tmp_path) is None
    install(tmp_path / DEBIAN / "9/bin", *NEEDED)
    chosen = install(tmp_path / DEBIAN / "17/bin", *NEEDED)
    install(tmp_path / DEBIAN / "18/bin", "psql", "pg_isready")
    assert newest(tmp_path) == chosen


def test_programs_on_path_are_used_if_they_are_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link on PATH leads to the folder with all programs; a part of them is not enough."""
    whole, part = install(tmp_path / "whole", *NEEDED), install(tmp_path / "part", "initdb")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert on_path() is None
    (tmp_path / "initdb").symlink_to(part / "initdb")
    assert on_path() is None
    (tmp_path / "initdb").unlink()
    (tmp_path / "initdb").symlink_to(whole / "initdb")
    assert on_path() == whole


def test_unpacked_libraries_are_found(tmp_path: Path) -> None:
    """Debian has libraries in two folders for each kind of machine."""
    first, second = tmp_path / "usr/lib/aarch64-linux-gnu", tmp_path / "lib/aarch64-linux-gnu"
    for folder in (first, second, tmp_path / "usr/lib/postgresql"):
        folder.mkdir(parents=True)
    assert libraries(tmp_path) == f"{first}:{second}"
