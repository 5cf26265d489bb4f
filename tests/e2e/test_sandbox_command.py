"""The command `slipway sandbox`, run in a shell as a user types it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.home import PROJECT
from sandbox.process import stop

SLIPWAY = Path(sys.executable).parent / "slipway"
FOREIGN = {"GITHUB_OWNER": "somebody", "AWS_PROFILE": "production"}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sandbox that the test starts, and a shell whose variables point to other places."""
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path / "home"))
    for name, value in FOREIGN.items():
        monkeypatch.setenv(name, value)
    yield
    stop()


def slipway(action: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run one action."""
    done = subprocess.run(
        [SLIPWAY, "sandbox", action], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, done.stderr
    return done


def shell(script: str) -> str:
    """The output of a shell with the sandbox's exports."""
    command = f'set -eu; eval "$({SLIPWAY} sandbox env)"; {script}'
    done = subprocess.run(
        ["bash", "-c", command], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_env_before_start_says_what_to_do() -> None:
    """`env` before `start` exports nothing, starts nothing, and names the command to run."""
    done = slipway("env", expect=1)
    assert done.stdout == ""
    assert done.stderr == "error: the sandbox is not running: slipway sandbox start\n"


def test_a_shell_is_led_into_the_sandbox_and_away_from_everything_else(tmp_path: Path) -> None:
    """The shell finds `pulumi`, which uses the sandbox's state; foreign variables are unset."""
    started = slipway("start")
    assert [line.split()[0] for line in started.stdout.splitlines()] == ["github", "aws"]
    assert shell("echo ${GITHUB_OWNER-gone} ${AWS_PROFILE-gone}") == "gone gone\n"
    assert shell("pulumi whoami --verbose").count((tmp_path / "home/state").as_uri()) == 1
    assert shell('curl -s "${GITHUB_BASE_URL}_sandbox/requests" | head -c 1') == "{"
    slipway("stop")


def test_reset_brings_back_the_first_day() -> None:
    """A reset removes objects that were added later and Pulumi's state; addresses stay the same."""
    slipway("start")
    make = (
        'curl -sf -X POST -H "Authorization: Bearer $GITHUB_TOKEN" -d \'{"name": "new"}\' '
        '"${GITHUB_BASE_URL}api/v3/orgs/acme/repos" >/dev/null; pulumi stack init left-over'
    )
    shell(f"{make} 2>/dev/null; rm -f stacks/Pulumi.left-over.yaml")
    address = shell("echo $GITHUB_BASE_URL")
    slipway("reset")
    assert shell("echo $GITHUB_BASE_URL") == address
    look = 'curl -s -H "Authorization: Bearer $GITHUB_TOKEN" -o /dev/null -w "%{http_code}" '
    assert shell(f'{look} "${{GITHUB_BASE_URL}}api/v3/repos/acme/new"') == "404"
    assert shell(f'{look} "${{GITHUB_BASE_URL}}api/v3/repos/acme/billing"') == "200"
    assert "left-over" not in shell("pulumi stack ls")


def test_stop_twice_is_no_error() -> None:
    """A second `stop` says that no sandbox runs, and succeeds."""
    slipway("start")
    assert slipway("stop").stderr == "the sandbox has stopped\n"
    assert slipway("stop").stderr == "the sandbox was not running\n"
