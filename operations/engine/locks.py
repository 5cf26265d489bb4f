"""Locks that a killed engine left behind.

A backend of one's own (file, S3 and the like) keeps a lock until its maker removes it; one that was
killed never does. The refusal names user, host and process (pulumi 3.256, backend/diy/lock.go): a
process of this host that does not live any more holds nothing. Pulumi Cloud's locks end by
themselves.
"""

import os
import re
import socket
from collections.abc import Callable
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
    """Who holds a stack."""

    user: str
    host: str
    pid: int
    at: str

    @property
    def is_left_behind(self) -> bool:
        """Whether its maker was a process of this host that is gone."""
        return self.host == socket.gethostname() and not _lives(self.pid)


def held_locks(output: str) -> list[Lock]:
    """The locks that pulumi names when it refuses to go on."""
    if "currently locked" not in output:
        return []
    return [
        Lock(found["user"], found["host"], int(found["pid"]), found["at"])
        for found in _LOCK.finditer(output)
    ]


def past_locks(stack: str, action: Callable[[], Result]) -> Result:
    """Do something that takes the stack's lock; a lock that nobody holds is removed first.

    Raises:
        ConfigurationError: somebody holds it, or the action fails for another reason.
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
        talk(f"{stack}: removing the lock of process {lock.pid}, which ended without its own word")
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
    return True
