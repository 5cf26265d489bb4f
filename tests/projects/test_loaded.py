"""Tools that are ready do what the job's own would do."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects.loaded import ADDRESS
from tests.projects.machine import Machine

Start = Callable[..., tuple[int, str, str]]


@pytest.fixture
def start(machine: Machine, tmp_path: Path) -> Start:
    """Run a command in a checkout with a finding of each tool; exit code, output and errors."""
    machine.environment("tools", tmp_path / "python")
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/app.py").write_text("import os\n\n\ndef run(line):\n    eval(line)\n")
    path = f"{tmp_path / 'python/bin'}:{machine.env['PATH']}"
    known = machine.env | {"HOME": str(tmp_path / "home"), "PATH": path}

    def run(command: str, **variables: str) -> tuple[int, str, str]:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path / "checkout",
            env=known | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    ("command", "code", "seen"),
    [
        ("flake8 .", 1, "F401"),
        ("flake8 --version", 0, "pycodestyle"),
        ("flake8 --no-such-option", 2, ""),
        ("bandit -q -r . --format csv", 1, "B307"),
        ("bandit -q -r absent -x", 2, ""),
    ],
)
def test_the_result_is_that_of_the_jobs_own_tool(
    start: Start, command: str, code: int, seen: str
) -> None:
    """Exit code, output and errors are equal, also for a wrong option."""
    found = start(command)
    assert found == start(command, **{ADDRESS: ""})
    assert found[0] == code
    assert seen in found[1]


def test_a_job_with_more_packages_starts_its_own_tool(start: Start, tmp_path: Path) -> None:
    """The server is asked only if nothing in the job could change the tool."""
    nobody = {ADDRESS: str(tmp_path / "nobody")}
    assert "FileNotFoundError" in start("flake8 .", **nobody)[2]
    assert "F401" in start("flake8 .", **nobody, PYTHONPATH=".")[1]
    (packages,) = (tmp_path / "python").glob("lib/python*/site-packages")
    (packages / "greeting.py").write_text("WORD = 'hello'\n")
    assert "F401" in start("flake8 .", **nobody)[1]
