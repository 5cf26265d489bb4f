"""Let a run die at a chosen moment, with everything it started.

The processes cannot clean up: SIGKILL, as from the kernel, a lost machine or a cancelled CI
job. Only processes of the one session that was started here are ended.
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

#: Seconds until the moment must have come.
PATIENCE: Final = 120
#: What is run; the stack's name follows.
PLAIN: Final = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack")
SLIPWAY: Final = (".venv/bin/slipway", "up", "--yes")


def die_at(small: Small, *faults: Fault, command: tuple[str, ...] = PLAIN) -> None:
    """Kill a run when the first of these faults has struck; what was held is then done."""
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
    """A run on the stack, in a session of its own of which nothing survives the block."""
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
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and _session(process) == session:
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)


def _session(process: Path) -> int | None:
    try:
        # After the name in brackets: state, parent, group, session (man 5 proc).
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except OSError:  # it ended meanwhile
        return None
