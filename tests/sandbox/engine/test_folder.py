import errno
import os
from pathlib import Path

import pytest

from sandbox.engine import folder


@pytest.fixture
def binaries(tmp_path: Path) -> tuple[Path, Path]:
    """A CLI and a plugin in another folder."""
    made = (tmp_path / "cache" / "cli", tmp_path / "cache" / "plugin")
    made[0].parent.mkdir()
    for path in made:
        path.write_text(path.name)
    return made


def names(path: Path) -> set[str]:
    """The names of the visible files in the folder."""
    return {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}


def test_a_built_cli_is_one_file_with_the_cache(
    tmp_path: Path, binaries: tuple[Path, Path]
) -> None:
    """A built CLI is a hard link, because it accepts a language host only in its own folder."""
    engine = tmp_path / "engine"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert names(engine) == {"pulumi", "pulumi-language-python", "pulumi-resource-github"}
    assert not (engine / "pulumi").is_symlink()
    assert (engine / "pulumi").samefile(binaries[0])


def test_programs_beside_the_cli(tmp_path: Path, binaries: tuple[Path, Path]) -> None:
    """The CLI that is built here has its programs beside it, and another CLI has none."""
    engine, beside = tmp_path / "engine", [tmp_path / "cache" / name for name in folder.BESIDE]
    for program in beside:
        program.write_text(program.name)
    cli, plugin = binaries
    folder.fill(engine, cli=cli, github_plugin=plugin, own_language_host=True, beside=beside)
    for name in folder.BESIDE:
        assert (engine / name).read_text() == name
    folder.fill(engine, cli=cli, github_plugin=plugin, own_language_host=False)
    assert names(engine) == {"pulumi", "pulumi-resource-github"}


def test_another_disk_gets_one_copy(
    tmp_path: Path, binaries: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On another disk the CLI is copied once; after a symbolic link each run would warn."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    engine = tmp_path / "engine"
    copy = engine / "pulumi"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert (copy.is_symlink(), copy.read_text()) == (False, "cli")
    made = copy.stat().st_ino
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert copy.stat().st_ino == made
    binaries[0].write_text("a newer cli")
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    assert copy.read_text() == "a newer cli"


def test_a_changed_engine_replaces_the_old(tmp_path: Path, binaries: tuple[Path, Path]) -> None:
    """The links point to the new engine; only the three names and the mark are left."""
    engine = tmp_path / "engine"
    folder.fill(engine, cli=binaries[0], github_plugin=binaries[1], own_language_host=True)
    folder.fill(engine, cli=binaries[1], github_plugin=binaries[0], own_language_host=True)
    assert (engine / "pulumi").read_text() == "plugin"
    assert (engine / "pulumi-resource-github").read_text() == "cli"
    assert {path.name for path in engine.iterdir() if path.name.startswith(".")} == {folder._MARK}


def test_the_place_is_the_checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is in the checkout, or in the sandbox home that the user has set."""
    monkeypatch.delenv("SLIPWAY_SANDBOX_HOME", raising=False)
    checkout = Path(folder.__file__).parents[2]
    assert folder.engine_folder() == checkout / ".sandbox" / "engine"
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path))
    assert folder.engine_folder() == tmp_path / "engine"
