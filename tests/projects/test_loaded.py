"""Tools that are ready do what the job's own would do."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects.loaded import ADDRESSES
from tests.projects.machine import Machine

Start = Callable[..., tuple[int, str, str]]
#: What differs in each run: the time in pytest's last line, which is filled up, and addresses.
OF_A_RUN = re.compile(r"in [0-9.]+s =+$|^=+|0x[0-9a-f]+", re.MULTILINE)
#: Programs of a job that start their own tools.
OWN = dict.fromkeys(ADDRESSES, "")
#: A module with a finding of each check, and a package of its tests, of which one fails.
FILES = {
    "app.py": "import os\n\n\ndef run(line):\n    eval(line)\n",
    "tests/__init__.py": "",
    "tests/helper.py": "LINE = '1'\n",
    "tests/test_app.py": """\
import sys
import sysconfig

from app import run
from tests.helper import LINE


def test_it_runs():
    run(LINE)


def test_it_is_told(capsys):
    print(sys.executable, sys.prefix, sys.path, sysconfig.get_path("purelib"))
    left, right = [1, 2], [1, 3]
    assert left == right
""",
}


@pytest.fixture
def start(machine: Machine, tmp_path: Path) -> Start:
    """Run a command in a checkout with a finding of each tool; exit code, output and errors."""
    machine.environment("checks", tmp_path / "python")
    (tmp_path / "checkout/tests").mkdir(parents=True)
    for name, text in FILES.items():
        (tmp_path / "checkout" / name).write_text(text)
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
        return done.returncode, OF_A_RUN.sub("", done.stdout), done.stderr

    return run


@pytest.mark.parametrize(
    ("command", "code", "seen"),
    [
        ("flake8 .", 1, "F401"),
        ("flake8 --version", 0, "pycodestyle"),
        ("flake8 --no-such-option", 2, ""),
        ("bandit -q -r . --format csv", 1, "B307"),
        ("bandit -q -r absent -x", 2, ""),
        ("pytest", 1, "FAILED tests/test_app.py::test_it_is_told - assert [1, 2] == [1, 3]"),
        ("pytest --cov=. --cov-report=term -k runs", 0, "TOTAL"),
        ("pytest --no-such-option", 4, ""),
        ("pytest absent", 4, "no tests ran"),
        ("pytest --version", 0, ""),
    ],
)
def test_the_result_is_that_of_the_jobs_own_tool(
    start: Start, command: str, code: int, seen: str
) -> None:
    """Exit code, output and errors are equal, also for a wrong option."""
    found = start(command)
    assert found == start(command, **OWN)
    assert found[0] == code
    assert seen in found[1]


@pytest.mark.parametrize(
    ("command", "found", "package"),
    [("flake8 .", "F401", "mccabe.py"), ("pytest -k runs", "1 passed", "iniconfig")],
)
def test_a_job_with_more_packages_starts_its_own_tool(
    start: Start, tmp_path: Path, command: str, found: str, package: str
) -> None:
    """The server is asked only if nothing in the job could change the tool."""
    nobody = dict.fromkeys(ADDRESSES, str(tmp_path / "nobody"))
    assert "FileNotFoundError" in start(command, **nobody)[2]
    assert found in start(command, **nobody, PYTHONNOUSERSITE="1")[1]
    (packages,) = (tmp_path / "python").glob("lib/python*/site-packages")
    (home,) = map(Path, (packages / "template.pth").read_text().split("'")[1:2])
    (packages / package).symlink_to(home / package)
    assert found in start(command, **nobody)[1]


@pytest.mark.parametrize("module", ["pluggy.py", "dataclasses.py"])
def test_a_module_in_the_place_of_a_loaded_one_starts_the_own_tool(
    start: Start, tmp_path: Path, module: str
) -> None:
    """With PYTHONPATH, a checkout's module has precedence over pytest's and over Python's."""
    nobody = dict.fromkeys(ADDRESSES, str(tmp_path / "nobody"))
    assert "FileNotFoundError" in start("pytest", **nobody, PYTHONPATH=".:")[2]
    (tmp_path / "checkout" / module).write_text("raise ImportError('ours')\n")
    assert "ours" in start("pytest", **nobody, PYTHONPATH=".:")[2]


@pytest.mark.parametrize("path", [".:", "tests:/absent:."])
def test_the_variable_for_modules_is_read(start: Start, path: str) -> None:
    """The loaded pytest has the path of modules that the job's own would have."""
    found = start("pytest", PYTHONPATH=path)
    assert found == start("pytest", **OWN, PYTHONPATH=path)
    assert "'/absent'" in found[1] or path == ".:"


def test_pytest_finds_what_a_job_has_installed(start: Start, tmp_path: Path) -> None:
    """A plugin and a package of the job are found by the loaded pytest as by the job's own."""
    (packages,) = (tmp_path / "python").glob("lib/python*/site-packages")
    (packages / "greeting.py").write_text("def pytest_report_header():\n    return 'hello'\n")
    (packages / "greeting-1.0.dist-info").mkdir()
    (packages / "greeting-1.0.dist-info/METADATA").write_text("Name: greeting\nVersion: 1.0\n")
    (packages / "greeting-1.0.dist-info/entry_points.txt").write_text(
        "[pytest11]\ngreeting = greeting\n"
    )
    found = start("pytest")
    assert found == start("pytest", **OWN)
    assert "greeting-1.0" in found[1]
    assert "hello" in found[1]
