import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from operations.cli import main
from operations.cli.arguments import COMMANDS
from operations.commands import validate
from operations.terminal.output import PROJECT


def test_exit_codes_are_pulumis() -> None:
    """Exit codes have these numbers, which are part of pulumi's contract."""
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


def test_an_unknown_command_is_a_configuration_error(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command exits with 2 and lists the known ones on stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["onboard"])
    assert ended.value.code == ExitCode.CONFIGURATION
    captured = capsys.readouterr()
    assert "validate" in captured.err
    assert captured.out == ""


def test_the_command_is_installed() -> None:
    """`slipway` is on the virtual environment's path, and fails with a message, not a traceback."""
    slipway = Path(sys.executable).parent / "slipway"
    done = subprocess.run(
        [slipway, "validate", "nowhere"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert done.stdout == ""
    assert done.stderr.startswith("stacks/nowhere: there is no such stack")
    assert "Traceback" not in done.stderr


def test_an_interruption_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends with Pulumi's exit code for it and a message, not with a traceback."""

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "run", interrupted)
    assert main(["validate"]) == ExitCode.CANCELLED
    assert capsys.readouterr().err.startswith("interrupted")


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` prints the version."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"slipway {version('slipway')}\n"


def test_an_unknown_option_is_answered_by_its_own_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An unknown option prints the usage of its own command."""
    with pytest.raises(SystemExit) as ended:
        main(["drift", "--no-previw"])
    assert ended.value.code == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert said.startswith("usage: slipway drift ")
    assert said.endswith("slipway drift: error: unrecognized arguments: --no-previw\n")


@pytest.mark.parametrize(
    "given", ["nowhere", "stacks/nowhere", "stacks/nowhere/", "./stacks/nowhere"]
)
@pytest.mark.parametrize("command", ["validate", "drift", "up"])
def test_a_stack_may_be_named_by_its_folder(
    command: str, given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack may be given as the path of its folder, as a shell completes it."""
    monkeypatch.chdir(PROJECT)
    assert main([command, given]) == ExitCode.CONFIGURATION
    assert capsys.readouterr().err.startswith("stacks/nowhere: there is no such stack")


@pytest.mark.parametrize(
    ("stack", "url", "hinted"),
    [
        ("sandbox", None, True),
        ("sandbox", "http://127.0.0.1:1/", True),
        ("example", None, False),
    ],
)
@pytest.mark.usefixtures("no_backoff")
def test_the_sandboxs_stack_says_where_it_lives(
    stack: str,
    url: str | None,
    hinted: bool,  # noqa: FBT001 - a column of the table
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """For the sandbox's stack the message says how to start the sandbox."""
    monkeypatch.chdir(PROJECT)
    monkeypatch.delenv("GITHUB_BASE_URL", raising=False)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    if url:
        monkeypatch.setenv("GITHUB_BASE_URL", url)
        monkeypatch.setenv("GITHUB_TOKEN", "t")
    assert main(["validate", stack, "--live"]) in {ExitCode.ERROR, ExitCode.AUTHENTICATION}
    assert ("make up" in capsys.readouterr().err) is hinted
