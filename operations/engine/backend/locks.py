"""Remove locks that a killed engine left behind.

In a self-managed backend (files, S3, PostgreSQL and the like) the engine removes its own lock at
the end; a killed engine leaves it. Pulumi's error names the user, host and process of the lock
(pulumi 3.256, backend/diy/lock.go): the lock is removed if the process was on this host and has
ended. Pulumi Cloud's locks expire.
"""

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.errors import PulumiError
from operations.engine.process import pulumi
from operations.terminal.output import talk

_LOCK: Final = re.compile(
    r"created by (?P<user>\S+)@(?P<host>\S+) \(pid (?P<pid>\d+)\) at (?P<at>\S+)"
)

Result = TypeVar("Result")


class Lock(NamedTuple):
    """The user and process that hold a stack's lock."""

    user: str
    host: str
    pid: int
    at: str

    @property
    def is_left_behind(self) -> bool:
        """True if a process of this host created it and has ended."""
        return self.host == socket.gethostname() and not _lives(self.pid)


def held_locks(output: str) -> list[Lock]:
    """The locks that pulumi's error names."""
    if "currently locked" not in output:
        return []
    return [
        Lock(found["user"], found["host"], int(found["pid"]), found["at"])
        for found in _LOCK.finditer(output)
    ]


def past_locks(stack: str, action: Callable[[], Result]) -> Result:
    """Run an action that takes the stack's lock; a lock that was left behind is removed first.

    Raises:
        ConfigurationError: another process holds it, or the action fails for another reason.
    """
    try:
        return action()
    except PulumiError as error:
        locks = held_locks(error.output)
        if not locks:
            raise
        if not all(lock.is_left_behind for lock in locks):
            raise ConfigurationError([_in_use(stack, locks)], ExitCode.ERROR) from error
    for lock in locks:
        talk(f"{stack}: removing the lock of process {lock.pid}, which ended without removing it")
    pulumi("cancel", "--yes", "--stack", stack)
    return action()


def _in_use(stack: str, locks: list[Lock]) -> Problem:
    holders = ", ".join(
        f"{lock.user}@{lock.host} (process {lock.pid}, since {lock.at})" for lock in locks
    )
    text = f"is in use by {holders}: wait, or, if you know that it ended, run pulumi cancel"
    return Problem(f"stack {stack}", 0, "", text)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and its parent has not asked how; False if /proc is not there.

    In a container whose first process never asks, a killed engine stays so (man 5 proc: state).
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"
