"""The command `slipway sandbox`, run in a shell as a user types it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.home import PROJECT
from sandbox.process import stop

SLIPWAY = Path(sys.executable).parent / "slipway"
END = "---"
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


def shell(*commands: str) -> list[str]:
    """The output of each command, in a shell with the sandbox's exports."""
    marked = f"; echo {END}; ".join(["set -eu", f'eval "$({SLIPWAY} sandbox env)"', *commands])
    done = subprocess.run(
        ["bash", "-c", marked], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return [output.strip() for output in done.stdout.split(f"{END}\n")[2:]]


def test_env_before_start_says_what_to_do() -> None:
    """`env` before `start` exports nothing, starts nothing, and names the command to run."""
    done = slipway("env", expect=1)
    assert done.stdout == ""
    assert done.stderr == "error: the sandbox is not running: slipway sandbox start\n"


def test_the_life_of_a_sandbox(tmp_path: Path) -> None:
    """A shell is led into the sandbox; a reset brings back the first day; a stop ends all.

    The shell finds `pulumi`, which uses the sandbox's state; foreign variables are unset. A reset
    removes objects that were added later and Pulumi's state; addresses stay the same. A second
    `stop` says that no sandbox runs, and succeeds.
    """
    started = slipway("start")
    assert [line.split()[0] for line in started.stdout.splitlines()] == ["github", "aws"]
    unset, backend, requests, address, _ = shell(
        "echo ${GITHUB_OWNER-gone} ${AWS_PROFILE-gone}",
        "pulumi whoami --verbose",
        'curl -s "${GITHUB_BASE_URL}_sandbox/requests" | head -c 1',
        "echo $GITHUB_BASE_URL",
        'curl -sf -X POST -H "Authorization: Bearer $GITHUB_TOKEN" -d \'{"name": "new"}\' '
        '"${GITHUB_BASE_URL}api/v3/orgs/acme/repos" >/dev/null; '
        "pulumi stack init left-over 2>/dev/null; rm -f stacks/Pulumi.left-over.yaml",
    )
    assert unset == "gone gone"
    assert backend.count((tmp_path / "home/state").as_uri()) == 1
    assert requests == "{"
    slipway("reset")
    look = 'curl -s -H "Authorization: Bearer $GITHUB_TOKEN" -o /dev/null -w "%{http_code}" '
    same, added, first, stacks = shell(
        "echo $GITHUB_BASE_URL",
        f'{look} "${{GITHUB_BASE_URL}}api/v3/repos/acme/new"',
        f'{look} "${{GITHUB_BASE_URL}}api/v3/repos/acme/billing"',
        "pulumi stack ls",
    )
    assert (same, added, first) == (address, "404", "200")
    assert "left-over" not in stacks
    assert slipway("stop").stderr == "the sandbox has stopped\n"
    assert slipway("stop").stderr == "the sandbox was not running\n"
