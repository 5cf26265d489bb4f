import os
import stat
from collections.abc import Callable

import pytest

from sandbox.engine.errors import EngineError
from sandbox.engine.find import ensure_engine
from tests.sandbox.engine.conftest import Machine

INSTALLER = """
import pathlib, sys
bin = pathlib.Path(sys.argv[1], "bin")
bin.mkdir()
for name in ("pulumi", "pulumi-language-python"):
    (bin / name).write_text("#!/bin/sh\\n" + {plugin!r})
    (bin / name).chmod(0o755)
"""


def silent(_line: str) -> None:
    """Ignore the line."""


def test_a_pulumi_on_path_comes_first(machine: Machine, network: Callable[[str], None]) -> None:
    """The user's own CLI is preferred, and keeps its own language host."""
    pulumi = machine.pulumi()
    machine.go()
    network("raise SystemExit('not asked for')")
    engine = ensure_engine(silent)
    assert "CLI: pulumi on PATH" in engine.origin
    assert (engine.folder / "pulumi").readlink() == pulumi
    assert not (engine.folder / "pulumi-language-python").exists()
    assert (engine.folder / "pulumi-resource-github").read_text() == "official\n"
    assert machine.builds == []


def test_the_installer_comes_second(machine: Machine, network: Callable[[str], None]) -> None:
    """Without a CLI on PATH, the SDK's installer installs one with its own language host."""
    machine.go()
    network(INSTALLER.format(plugin='mkdir -p "$PULUMI_HOME/x"'))
    engine = ensure_engine(silent)
    assert "CLI: official release" in engine.origin
    assert (engine.folder / "pulumi").is_symlink()
    assert not (engine.folder / "pulumi-language-python").exists()
    assert "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" not in machine.builds


def test_a_build_comes_third(machine: Machine) -> None:
    """Without network, CLI and plugin are built, and the CLI gets our language host."""
    machine.go()
    engine = ensure_engine(silent)
    assert engine.origin.count("build from Go modules") == 2
    assert "built github.com/pulumi/pulumi/pkg/v3" in (engine.folder / "pulumi").read_text()
    assert (engine.folder / "pulumi-resource-github").read_text().endswith("built .\n")
    assert os.access(engine.folder / "pulumi-language-python", os.X_OK)


def test_a_build_replaces_a_failing_installer(
    machine: Machine, network: Callable[[str], None]
) -> None:
    """If the host answers but the installer fails, the CLI is built."""
    machine.go()
    network("raise SystemExit('connection reset')")
    assert "CLI: build from Go modules" in ensure_engine(silent).origin


def test_a_build_is_made_once(machine: Machine) -> None:
    """A second call builds and downloads nothing, and does not need Go."""
    go = machine.go()
    first = ensure_engine(silent)
    before = {path: path.lstat() for path in first.folder.iterdir()}
    assert len(machine.builds) == 4  # the CLI, two programs beside it, and the plugin
    go.unlink()
    assert ensure_engine(silent) == first
    assert {path: path.lstat() for path in first.folder.iterdir()} == before


def test_an_official_cli_takes_the_place_of_a_built_one(machine: Machine) -> None:
    """After a later installation of Pulumi, its CLI and its language host are used together."""
    machine.go()
    folder = ensure_engine(silent).folder
    assert (folder / "pulumi-language-python").exists()
    pulumi = machine.pulumi()
    assert ensure_engine(silent).folder == folder
    assert (folder / "pulumi").readlink() == pulumi
    assert not (folder / "pulumi-language-python").exists()


def test_its_own_folder_on_path_is_no_pulumi_on_path(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a shell with the engine folder on PATH the result is the same as without it."""
    machine.go()
    first = ensure_engine(silent)
    monkeypatch.setenv("PATH", f"{first.folder}{os.pathsep}{machine.bin}")
    assert ensure_engine(silent) == first


def test_the_user_may_have_the_plugin_already(machine: Machine) -> None:
    """A plugin in the user's own Pulumi folder is neither downloaded nor built."""
    machine.pulumi(plugin="exit 1")
    own = machine.folder / ".pulumi/plugins/resource-github-v6.15.0/pulumi-resource-github"
    own.parent.mkdir(parents=True)
    own.touch()
    engine = ensure_engine(silent)
    assert (engine.folder / "pulumi-resource-github").readlink() == own


def test_nothing_at_all_says_what_to_install(machine: Machine) -> None:
    """The error has the reason of each way that does not work, and what to install."""
    machine.pulumi(version="v3.255.9")
    with pytest.raises(EngineError) as failure:
        ensure_engine(silent)
    said = str(failure.value)
    assert f"pulumi on PATH: {machine.bin}/pulumi is 3.255, >= 3.256 is needed" in said
    assert "cannot be reached: no network" in said
    assert "go is not on PATH (>= 1.26 is needed)" in said
    assert "https://www.pulumi.com/docs/install/" in said
    assert "https://go.dev/dl/" in said


def test_a_failing_build_shows_its_last_words(machine: Machine) -> None:
    """The error has the compiler's last output; no incomplete entry is left."""
    machine.command(
        "go", 'case "$1" in env) echo go1.27.0;; *) echo "no such module"; exit 1;; esac'
    )
    with pytest.raises(EngineError, match="no such module"):
        ensure_engine(silent)
    left = (machine.folder / "cache" / "slipway" / "engine").iterdir()
    assert [path.name for path in left if path.suffix != ".lock"] == []


def test_the_language_host_runs_in_this_python(machine: Machine) -> None:
    """The script runs the interpreter that has this package, with all arguments."""
    machine.go()
    script = ensure_engine(silent).folder / "pulumi-language-python"
    assert script.stat().st_mode & stat.S_IXOTH
    assert script.read_text().splitlines()[0] == "#!/bin/sh"
    home = script.parent.parent
    assert script.read_text().endswith(f' -P -m sandbox.engine.language_host {home} "$@"\n')
