"""A tool that starts again in the same state gives the same result, and is not executed for it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.projects.repeated import HEAD

#: It counts its executions outside of the checkout, reads a file, and writes another one.
TOOL = """
import os, sys
from pathlib import Path
with Path(os.environ["HOME"], "count").open("a") as count:
    count.write("once\\n")
print("error", file=sys.stderr, flush=True)
print("of", Path("app.py").read_text(), *sys.argv[1:], os.environ.get("LEVEL"))
Path("report").write_text("made")
sys.exit(3)
"""
Start = Callable[..., tuple[int, str]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start the tool in a checkout with one file; return its exit code and output."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    (tmp_path / "bin/tool").write_text(HEAD + TOOL)
    (tmp_path / "bin/tool").chmod(0o755)
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout/app.py").write_text("one")

    def run(*arguments: str, errors: int = subprocess.STDOUT, **variables: str) -> tuple[int, str]:
        known = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "GITHUB_WORKSPACE": str(tmp_path / "checkout"),
            "KEPT_RESULTS": str(tmp_path / "results"),
        }
        done = subprocess.run(
            [tmp_path / "bin/tool", *arguments],
            cwd=tmp_path / "checkout",
            env=known | variables,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


def executions(tmp_path: Path) -> int:
    """How often the tool was executed."""
    return (tmp_path / "count").read_text().count("once")


def test_a_second_start_gives_the_first_result(start: Start, tmp_path: Path) -> None:
    """Exit code, output in its order, and files are those of the only execution."""
    first = start("a b")
    assert first == (3, "error\nof one a b None\n")
    (tmp_path / "checkout/report").unlink()
    assert start("a b") == first
    assert (tmp_path / "checkout/report").read_text() == "made"
    assert executions(tmp_path) == 1


def test_a_start_in_another_state_is_an_execution(start: Start, tmp_path: Path) -> None:
    """Other arguments, variables, files or streams, and a job without kept results."""
    first = start("a b")
    (tmp_path / "checkout/report").unlink()
    assert start("a", "b") == (3, "error\nof one a b None\n")
    (tmp_path / "checkout/report").unlink()
    assert start("a b", LEVEL="low") == (3, "error\nof one a b low\n")
    (tmp_path / "checkout/report").unlink()
    assert start("a b", errors=subprocess.DEVNULL) == (3, "of one a b None\n")
    (tmp_path / "checkout/report").unlink()
    assert start("a b", KEPT_RESULTS="") == first
    assert executions(tmp_path) == 5
    (tmp_path / "checkout/app.py").write_text("two")
    assert start("a b") == (3, "error\nof two a b None\n")
