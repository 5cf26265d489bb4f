"""Run sandboxes, and slipway's commands, as forks of one process that has imported all they need.

All test workers have one such process (`preloaded`). A new sandbox takes 1.3 s of CPU, a second of
it for imports and for reading AWS's models; its own preloaded process (`sandbox.preloaded`) then
imports the SDKs once more. A command takes half a second of imports. A fork takes none of these.

Not forked: the command `slipway sandbox`, one start by `sandbox.process`, and the tests that run
README word by word or that kill a command. They start a new Python.
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import Final

from sandbox.home import PROJECT
from tests.forks import Fork, start

#: Seconds that the process may take to be ready.
_PATIENCE: Final = 60.0
#: The process, if this worker has started it: Python warns about one that is not referred to.
_processes: Final[list[subprocess.Popen[bytes]]] = []


def launch(arguments: Sequence[str], log: Path) -> int:
    """Start a sandbox; see `sandbox.process.Launch`."""
    log.touch()
    variables = {**os.environ, "PYTHONPATH": str(PROJECT)}
    fork = _fork(["sandbox", *arguments], PROJECT, variables, log, log)
    fork.connection.close()
    return fork.pid


def run_slipway(
    arguments: Sequence[str], folder: Path, variables: Mapping[str, str], timeout: float
) -> CompletedProcess[str]:
    """Run a command of slipway to its end.

    Args:
        arguments: of the command line.
        folder: its working directory.
        variables: all of its environment.
        timeout: seconds after which it is killed.

    Raises:
        TimeoutExpired: it was killed.
    """
    command = ["slipway", *arguments]
    with tempfile.TemporaryDirectory() as name:
        output, errors = (Path(name, stream) for stream in ("stdout", "stderr"))
        fork = _fork(command, folder, variables, output, errors)
        try:
            code = fork.ended(timeout)
        except TimeoutError:
            os.kill(fork.pid, signal.SIGKILL)
            raise TimeoutExpired(command, timeout) from None
        if code is None:
            code = -signal.SIGKILL
        return CompletedProcess(command, code, output.read_text("utf-8"), errors.read_text("utf-8"))


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Start programs as a sandbox in `home` does."""
    nowhere = Path(os.devnull)
    fork = _fork(["server", str(home)], PROJECT, os.environ, nowhere, nowhere)
    try:
        yield
    finally:
        os.kill(fork.pid, signal.SIGTERM)
        fork.ended()


def _fork(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], output: Path, errors: Path
) -> Fork:
    """Start a fork, without input, whose output is appended to files."""
    with (
        Path(os.devnull).open("rb") as nothing,
        output.open("ab") as first,
        errors.open("ab") as second,
    ):
        return start(_ready(), command, folder, variables, (nothing, first, second))


@cache
def begin() -> str:
    """Start the process, unless another worker has; the address of its socket.

    It lasts as long as the tests: to the end of xdist's controller, or of this process.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    tests = os.getppid() if run else os.getpid()
    name = hashlib.sha256(f"{run or tests}".encode()).hexdigest()[:16]
    address = f"{tempfile.gettempdir()}/slipway-{name}"
    try:
        Path(f"{address}.started").touch(exist_ok=False)
    except FileExistsError:
        return address
    # `sandbox.process` ends no process whose command line lacks the sandbox's module.
    arguments = ["-m", "tests.e2e.preloaded", address, str(tests), "sandbox.daemon"]
    nowhere = subprocess.DEVNULL
    _processes.append(
        subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, stdin=nowhere, stdout=nowhere)
    )
    return address


@cache
def _ready() -> str:
    """The address, when the process listens."""
    address, deadline = begin(), time.monotonic() + _PATIENCE
    while not Path(address).exists():
        assert time.monotonic() < deadline, "the process of the forks did not start"
        time.sleep(0.02)
    return address
