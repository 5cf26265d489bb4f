import errno
import os
from pathlib import Path

import pytest

from sandbox.engine import folder


@pytest.fixture
def binaries(tmp_path: Path) -> tuple[Path, Path]:
    """A CLI and a plugin somewhere else."""
    made = (tmp_path / "cache" / "cli", tmp_path / "cache" / "plugin")
    made[0].parent.mkdir()
    for path in made:
        path.write_text(path.name)
    return made


def names(path: Path) -> set[str]:
    """What a user sees in the folder."""
    return {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}


def test_a_built_cli_is_one_file_with_the_cache(
    tmp_path: Path, binaries: tuple[Path, Path]
) -> None:
    """The CLI takes the language host for its own only if it finds itself in the same folder."""
    engine = tmp_path / "engine"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert names(engine) == {"pulumi", "pulumi-language-python", "pulumi-resource-github"}
    assert not (engine / "pulumi").is_symlink()
    assert (engine / "pulumi").samefile(binaries[0])


def test_another_disk_gets_a_symbolic_link(
    tmp_path: Path, binaries: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It works too; the CLI only warns of the language host it finds on PATH."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    engine = tmp_path / "engine"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert (engine / "pulumi").readlink() == binaries[0]


def test_a_changed_engine_replaces_the_old(tmp_path: Path, binaries: tuple[Path, Path]) -> None:
    """Links follow what was found; nothing but the three names and the mark is left behind."""
    engine = tmp_path / "engine"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    folder.fill(engine, cli=binaries[1], github_plugin=binaries[0], own_language_host=True)
    assert (engine / "pulumi").read_text() == "plugin"
    assert (engine / "pulumi-resource-github").read_text() == "cli"
    assert {path.name for path in engine.iterdir() if path.name.startswith(".")} == {folder._MARK}


def test_the_place_is_the_checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or where the user wants the sandbox to be."""
    monkeypatch.delenv("SLIPWAY_SANDBOX_HOME", raising=False)
    checkout = Path(folder.__file__).parents[2]
    assert folder.engine_folder() == checkout / ".sandbox" / "engine"
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path))
    assert folder.engine_folder() == tmp_path / "engine"
