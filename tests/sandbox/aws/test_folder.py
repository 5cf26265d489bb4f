import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.aws.folder import plugin_folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sandbox home whose path must be quoted in a shell."""
    folder = tmp_path / "it's a home"
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(folder))
    return folder


def test_the_folder_holds_the_plugin_alone(home: Path) -> None:
    """The folder contains only the plugin, because it is put on PATH."""
    folder = plugin_folder()
    assert folder == home / "aws"
    assert [entry.name for entry in folder.iterdir()] == ["pulumi-resource-aws"]


@pytest.mark.usefixtures("home")
def test_a_script_of_another_checkout_is_replaced() -> None:
    """A script of this checkout is not rewritten."""
    plugin = plugin_folder() / "pulumi-resource-aws"
    made = plugin.stat().st_mtime_ns
    plugin_folder()
    assert plugin.stat().st_mtime_ns == made
    plugin.write_text("#!/bin/sh\nexit 1\n")
    plugin_folder()
    assert sys.executable in plugin.read_text()


@pytest.mark.usefixtures("home")
def test_the_plugin_runs_from_anywhere(tmp_path: Path) -> None:
    """The plugin uses this project's Python and modules from any working directory."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox/__init__.py").write_text("raise SystemExit('the wrong sandbox')")
    plugin = plugin_folder() / "pulumi-resource-aws"
    with subprocess.Popen(
        [plugin, "127.0.0.1:1"], cwd=tmp_path, env={}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.usefixtures("home")
def test_the_plugin_is_this_checkouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin imports this checkout, not the version that is installed in the Python."""
    package = tmp_path / "checkout/sandbox/aws/plugin"
    package.mkdir(parents=True)
    for folder in (package, package.parent, package.parent.parent):
        (folder / "__init__.py").touch()
    (package / "__main__.py").write_text("print('this one')")
    monkeypatch.setattr("sandbox.aws.folder.PROJECT", tmp_path / "checkout")
    plugin = plugin_folder() / "pulumi-resource-aws"
    assert subprocess.check_output([plugin], env={}, text=True) == "this one\n"
