import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from operations.cli import COMMANDS, main
from operations.terminal import PROJECT


def test_exit_codes_are_pulumis() -> None:
    """Scripts rely on these numbers; they are those of pulumi's own contract."""
    assert {code.name: code.value for code in ExitCode} == {
        "SUCCESS": 0,
        "ERROR": 1,
        "CONFIGURATION": 2,
        "AUTHENTICATION": 3,
        "POLICY": 5,
        "CHANGES": 7,
        "CANCELLED": 8,
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_is_in_the_readme(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` works for each command, and the README lists each."""
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert COMMANDS[command].help[:10] not in ("", " ")
    assert len(capsys.readouterr().out.splitlines()) > 3
    assert f"`slipway {command}" in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_a_wrong_line_is_a_configuration_error(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command exits 2 and names the known ones on stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["onboard"])
    assert ended.value.code == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    assert "validate" in captured.err
    assert captured.out == ""


def test_the_command_is_installed() -> None:
    """`slipway` is on the virtual environment's path and fails with a message, not a traceback."""
    slipway = Path(sys.executable).parent / "slipway"
    done = subprocess.run(
        [slipway, "validate", "nowhere"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert done.stdout == ""
    assert done.stderr.startswith("stacks/nowhere: is no folder")
    assert "Traceback" not in done.stderr


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A report of a fault can name the version."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"slipway {version('slipway')}\n"
