"""Environments of jobs: what their shortened programs do is what the real ones would do."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects.machine import Machine

Run = Callable[[str], str]


@pytest.fixture
def run(machine: Machine, tmp_path: Path) -> Run:
    """Run a script with an environment that has pytest; return its output."""
    machine.environment("tests", tmp_path / "python")
    path = f"{tmp_path / 'python/bin'}:{machine.env['PATH']}"
    env = machine.env | {"HOME": str(tmp_path / "home"), "PATH": path}

    def script(text: str) -> str:
        command = ["bash", "-ec", text]
        return subprocess.run(
            command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True
        ).stdout

    return script


def test_a_venv_has_its_own_pip(run: Run, tmp_path: Path) -> None:
    """`python -m venv` ends with pip, which installs into that environment and no other."""
    made = tmp_path / "made"
    said = run(f"python -m venv {made}; {made}/bin/pip --version; head -1 {made}/bin/pip3")
    assert f" from {made}/lib/" in said
    assert f"#!{made}/bin/python" in said
    run(f"{made}/bin/pip install greeting; {made}/bin/python -c 'import greeting'")
    with pytest.raises(subprocess.CalledProcessError):
        run("python -c 'import greeting'")


def test_pip_without_a_name_that_is_missing_installs_nothing(run: Run) -> None:
    """For packages that are there, and empty files, pip need not start; else it really installs."""
    said = "Requirement already satisfied: "
    assert run("echo > empty; pip install pytest -r empty") == f"{said}pytest\n"
    assert "Successfully installed greeting" in run("pip install pytest greeting -r empty")
    assert "Successfully installed wordlist" in run("echo wordlist > one; pip install -r one")
    with pytest.raises(subprocess.CalledProcessError):
        run("pip install pytest -r absent")
