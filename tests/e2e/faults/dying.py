"""Kill a run and all processes that it started, at a chosen moment.

The processes cannot clean up: they get SIGKILL, as after a kernel kill, the loss of the machine or
a cancelled CI job. Only processes of the session that was started here are killed.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sandbox.environment import FOREIGN
from tests.e2e.faults.faults import HOLD, Fault, faulty
from tests.e2e.faults.small import SHELL, Small

#: Seconds to wait for the moment.
PATIENCE: Final = 120
#: Commands to run; the stack's name is appended.
PLAIN: Final = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack")
SLIPWAY: Final = (".venv/bin/slipway", "up", "--yes")


def die_at(small: Small, *faults: Fault, command: tuple[str, ...] = PLAIN) -> None:
    """Kill a run as soon as the first fault has struck, then wait until held requests are done."""
    with faulty(small.project.world, *faults) as struck:
        die_when(small, lambda: struck()[0] > 0, command)
        time.sleep(HOLD)


def die_when(small: Small, come: Callable[[], bool], command: tuple[str, ...] = PLAIN) -> None:
    """Start a run on the stack and kill it as soon as the moment has come."""
    with running(small, *command) as process:
        wait_until(come, process)


def wait_until(come: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for the moment.

    Raises:
        AssertionError: the process ended before.
    """
    deadline = time.monotonic() + PATIENCE
    while not come():
        assert process.poll() is None, f"ended before its time: {process.returncode}"
        assert time.monotonic() < deadline, "the moment never came"
        time.sleep(0.01)


@contextmanager
def running(small: Small, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A run on the stack in its own session; all its processes are killed when the block ends."""
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    cache = {"XDG_CACHE_HOME": str(small.project.folder.parent / "cache")}
    process = subprocess.Popen(
        (*command, small.name),
        cwd=small.project.folder,
        env=inherited | small.project.world.environment | SHELL | cache,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill_session(process.pid)
        process.wait(PATIENCE)


def kill_session(session: int) -> None:
    """End every process of a session; the engine's plugins are in groups of their own."""
    while living := list(_living(session)):
        for process in living:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.01)


def _living(session: int) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and session_of(int(folder.name)) == session:
            yield int(folder.name)


def session_of(process: int) -> int | None:
    """The session of a process; None if it has ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    # The fields after the name in brackets: state, parent, group, session (man 5 proc).
    state, _, _, session = status.rpartition(")")[2].split()[:4]
    return None if state == "Z" else int(session)
