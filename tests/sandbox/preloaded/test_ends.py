"""Signals, and the ends of a launcher, of its program, of the server and of the engine."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.sandbox.preloaded.home import Home, ends, finish, imported, started
from tests.sandbox.preloaded.sandbox import children


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_the_program(home: Home, server: int, number: int) -> None:
    """The program ends in its own way, and the launcher has its exit code."""
    process, report = started(home)
    assert report["parent"] == server
    process.send_signal(number)
    assert finish(process) == 7
    assert children(server) == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(("number", "early"), [(signal.SIGINT, 1), (signal.SIGTERM, 256 - 15)])
def test_a_signal_before_the_program_runs_is_not_lost(home: Home, number: int, early: int) -> None:
    """The launcher leaves the end to the program, which may run before the launcher knows it."""
    with imported(home, "wait") as process:
        process.send_signal(number)
    # The code depends on whether the program has set its own handler by then.
    assert finish(process) in (7, early)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_program_that_is_refused(home: Home, number: int) -> None:
    """A program that starts directly has the signals of its launcher, and its signal mask."""
    with imported(home, "stay") as process:
        os.utime(home.program, (time.time() + 60,) * 2)
        process.send_signal(number)
    assert finish(process) == -number


@pytest.mark.parametrize("how", ["wait", "stay"])
def test_a_program_ends_with_its_launcher(home: Home, server: int, how: str) -> None:
    """A killed launcher leaves no program, even if the program ignores the signal to end."""
    process, report = started(home, how)
    assert report["parent"] == server
    process.kill()
    finish(process)
    assert ends(report["pid"])


def test_a_launcher_ends_with_its_program(home: Home, server: int) -> None:
    """A killed program ends its launcher, even without a server and while another one runs."""
    first, report = started(home)
    second, others = started(home)
    os.kill(server, signal.SIGKILL)
    for process, program in ((first, report), (second, others)):
        os.kill(program["pid"], signal.SIGKILL)
        assert finish(process) == 1


def test_a_program_whose_server_is_killed_at_once_runs_once(home: Home, server: int) -> None:
    """The launcher knows that its program runs, though the server ended right after the fork."""
    home.program.with_name("dies").touch()
    process, report = started(home)
    assert report["served"]
    assert ends(server)
    os.kill(report["pid"], signal.SIGKILL)
    assert finish(process) == 1


@pytest.mark.usefixtures("server")
def test_a_program_ends_with_its_engine(home: Home) -> None:
    """A killed engine cannot end its plugins: the launcher notices it."""
    engine = (
        "import subprocess, sys\n"
        "subprocess.Popen([sys.argv[1], 'wait'])\n"
        "sys.stdin.read()  # until the test kills this process\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", engine, home.script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.readline())
        process.kill()
    assert report["served"]
    assert ends(report["pid"])
