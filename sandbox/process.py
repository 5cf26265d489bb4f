"""Start, find and stop the sandbox's process.

The process is detached: it outlives the command that started it and every `pulumi` run. Its GitHub
and AWS are in memory only; stopping it therefore deletes the Pulumi state that describes them.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.error import HTTPError

from sandbox.home import PROJECT, Record, read_record, sandbox_home, write_record

#: The process id in the record of a stopped sandbox: the next start takes its ports from there.
STOPPED: Final = 0
#: Seconds that a start or a stop may take.
PATIENCE: Final = 30


#: Starts the sandbox's module, detached, with these arguments and its output in this file; returns
#: its process id. The process is a child of this one, or its parent notices its end.
Launch = Callable[[Sequence[str], Path], int]


class SandboxError(Exception):
    """The sandbox does not run, start or stop; the text says what to do."""


def running() -> Record | None:
    """The record of the process if it answers, else None."""
    record = read_record()
    if record is None or record.pid == STOPPED or not _alive(record.pid):
        return None
    return record if _answers(record) else None


def require_running() -> Record:
    """The record of the running process.

    Raises:
        SandboxError: no process runs.
    """
    record = running()
    if record is None:
        raise SandboxError("the sandbox is not running: slipway sandbox start")
    return record


def start(
    report: Callable[[str], None], github_host: str | None = None, launch: Launch | None = None
) -> Record:
    """Start the process unless it runs already; returns when GitHub and AWS answer.

    Args:
        report: is called with a line for the user.
        github_host: the host of the GitHub that it is to be; None for github.com, or whichever it
            is already.
        launch: starts the process; a new Python by default. Tests fork one that has imported all.

    Raises:
        SandboxError: the process did not answer in time (its log has the reason), or it runs and is
            another GitHub.
    """
    record = running()
    if record is not None:
        if github_host not in {None, record.github_host}:
            raise SandboxError(
                f"the sandbox runs and is {record.github_host}: stop it first, which forgets what "
                "is in it"
            )
        return record
    stale = read_record()
    if stale is not None and stale.pid != STOPPED:
        report(f"the sandbox's process {stale.pid} has ended; starting a new one")
        _end(stale.pid)
    home = sandbox_home()
    shutil.rmtree(home / "state", ignore_errors=True)
    for folder in (home / "state", home / "pulumi"):
        folder.mkdir(parents=True, exist_ok=True)
    log = home / "sandbox.log"
    pid = (launch or _launch)([github_host] if github_host else [], log)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        record = running()
        if record is not None and record.pid == pid:
            return record
        if not _alive(pid):
            raise SandboxError(f"the sandbox ended at once:\n{_tail(log)}")
        time.sleep(0.05)
    _end(pid)
    raise SandboxError(f"the sandbox did not answer within {PATIENCE} s:\n{_tail(log)}")


def stop() -> bool:
    """Stop the process and wait for its end; False if none ran.

    Raises:
        SandboxError: the process did not end.
    """
    record = read_record()
    if record is None:
        return False
    lived = running() is not None
    if lived:
        _end(record.pid)
        if _alive(record.pid):
            raise SandboxError(f"process {record.pid} did not end within {PATIENCE} s")
        write_record(replace(record, pid=STOPPED))
    return lived


def _launch(arguments: Sequence[str], log: Path) -> int:
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - this package, and the name of a host
            [sys.executable, "-m", "sandbox.daemon", *arguments],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    # The process outlives this one on purpose; without a return code Popen would warn.
    process.returncode = 0
    return process.pid


def _end(pid: int) -> None:
    """End the process if it is the sandbox's. Another process with the same id is left alone."""
    if not _is_sandbox(pid):
        return
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):  # It ended by itself since the last look.
            os.kill(pid, signal_number)
        deadline = time.monotonic() + PATIENCE / 2
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not _alive(pid):
            return


def _alive(pid: int) -> bool:
    try:
        # An ended child is a zombie until its parent waits for it; here this process may be it.
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_sandbox(pid: int) -> bool:
    """Whether the process runs our module. Only Linux shows it; elsewhere it has to answer."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return running() is not None
    return b"sandbox.daemon" in command


def _answers(record: Record) -> bool:
    """Whether both servers answer. Any HTTP answer counts, because moto has no health page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        for url in (
            f"{record.github_url}_sandbox/requests",
            f"{record.aws_url}/moto-api/data.json",
        ):
            with suppress(HTTPError):  # moto asks Docker and answers 500
                opener.open(url, timeout=5).close()
    except OSError:
        return False
    return True


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-15:])
