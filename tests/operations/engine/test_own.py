"""If PATH has no pulumi, slipway uses the one that `make setup` installed."""

import os
from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, ExitCode
from operations.engine.own import pulumi_executable
from operations.engine.process import pulumi


def executable(path: Path, says: str) -> Path:
    """Create a program that prints a word and its PATH."""
    path.parent.mkdir(parents=True)
    path.write_text(f'#!/bin/sh\necho "{says} $PATH"\n', encoding="utf-8")
    path.chmod(0o700)
    return path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home of slipway's files; PATH has no pulumi."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(folder))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    return folder


def test_slipways_own_engine_is_used_where_path_has_none(home: Path) -> None:
    """Slipway's engine is added to pulumi's PATH, where it finds plugins and the language host."""
    executable(home / "engine/pulumi", "own")
    before = os.environ["PATH"]
    own = f"{before}{os.pathsep}{home / 'engine'}"
    assert pulumi("version").split() == pulumi("version").split() == ["own", own]


def test_the_users_own_pulumi_comes_first(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pulumi on PATH is used, and PATH stays as it is."""
    executable(home / "engine/pulumi", "own")
    users = executable(tmp_path / "bin/pulumi", "users")
    monkeypatch.setenv("PATH", str(users.parent))
    assert pulumi_executable() == str(users)
    assert os.environ["PATH"] == str(users.parent)


def test_without_both_the_message_says_how_to_get_one(home: Path) -> None:
    """Without any pulumi, the failure names the command that installs one."""
    assert not home.exists()
    with pytest.raises(ConfigurationError, match="/slipway engine` once") as caught:
        pulumi("version")
    assert caught.value.exit_code == ExitCode.ERROR
