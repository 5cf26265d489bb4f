import os
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from components.config.problems import ConfigurationError
from operations.engine.backend import locks
from operations.engine.errors import PulumiError

HOST = socket.gethostname()


def refusal(pid: int, host: str = HOST) -> PulumiError:
    """Return pulumi 3.256's message about a locked stack."""
    text = (
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) "
        "to end or delete the lock file with `pulumi cancel`.\n"
        f"  file:///state/x.json: created by me@{host} (pid {pid}) at 2026-11-23T14:00:00Z"
    )
    return PulumiError(("refresh",), text)


def dead() -> int:
    """Return the id of a process that has just ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def refusing(*errors: Exception) -> Callable[[], str]:
    """Return an action that raises each of the errors in turn, and then works."""
    left = list(errors)

    def act() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return act


@pytest.fixture
def cancelled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Record the commands that pulumi was given."""
    given: list[tuple[str, ...]] = []
    monkeypatch.setattr(locks, "pulumi", lambda *arguments: given.append(arguments))
    return given


def test_the_lock_of_a_dead_process_is_removed(cancelled: list[tuple[str, ...]]) -> None:
    """The lock of a dead process is removed with `pulumi cancel`, and the action is repeated."""
    assert locks.past_locks("s", refusing(refusal(dead()))) == "done"
    assert cancelled == [("cancel", "--yes", "--stack", "s")]


def test_a_process_that_ended_unseen_is_dead(cancelled: list[tuple[str, ...]]) -> None:
    """A zombie still has its process id: its parent may never ask how it ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    os.kill(ended.pid, 0)
    assert locks.past_locks("s", refusing(refusal(ended.pid))) == "done"
    assert len(cancelled) == 1
    ended.wait()


@pytest.mark.parametrize(("alive", "host"), [(True, HOST), (False, "elsewhere")])
def test_a_held_lock_is_respected(
    cancelled: list[tuple[str, ...]], *, alive: bool, host: str
) -> None:
    """The lock of a running process or of another host is reported and stays."""
    pid = os.getpid() if alive else dead()
    with pytest.raises(ConfigurationError, match=f"in use by me@{host}"):
        locks.past_locks("s", refusing(refusal(pid, host)))
    assert cancelled == []


def test_other_failures_are_not_about_locks(cancelled: list[tuple[str, ...]]) -> None:
    """Errors that are not about locks reach the caller unchanged."""
    failure = PulumiError(("refresh",), "error: no such stack")
    with pytest.raises(PulumiError, match="no such stack"):
        locks.past_locks("s", refusing(failure))
    assert cancelled == []
