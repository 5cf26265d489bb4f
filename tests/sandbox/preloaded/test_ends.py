"""Signals, and the ends of a launcher, of its program, of the server and of the engine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager
from pathlib import Path
from threading import Event

import pytest

from sandbox.preloaded.launcher import SOCKET
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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_signal_is_lost_while_the_server_refuses(home: Home, number: int) -> None:
    """A signal at any moment after the request ends the launcher, or the start in its place."""
    with refusing(home.folder) as asked:
        for step in range(40):
            process = home.start("stay")
            assert asked.wait(20)
            asked.clear()
            moment = time.perf_counter() + step * 15e-6
            while time.perf_counter() < moment:
                pass
            process.send_signal(number)
            assert finish(process) == -number


@contextmanager
def refusing(folder: Path) -> Iterator[Event]:
    """A server that refuses each launcher; the event is set when it has read a request."""
    asked = Event()

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as sent:
                size, streams, _, _ = socket.recv_fds(connection, 4, 3)
                for stream in streams:
                    os.close(stream)
                if not sent.read(int.from_bytes(size, "big")):
                    return
                asked.set()

    with socket.socket(socket.AF_UNIX) as listener, ThreadPoolExecutor(1) as thread:
        with chdir(folder):  # a socket's path must be short
            listener.bind(SOCKET)
        listener.listen()
        served = thread.submit(serve)
        try:
            yield asked
        finally:
            with chdir(folder), socket.socket(socket.AF_UNIX) as last:
                last.connect(SOCKET)
                last.sendall(bytes(4))
        served.result()


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
