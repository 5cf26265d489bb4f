"""Run a command that takes minutes, with progress messages and a deadline."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sandbox.engine.errors import UnavailableError

_SECONDS_BETWEEN_REPORTS = 10.0
_LINES_OF_A_FAILURE = 12


def run_long_command(  # noqa: PLR0913 - a command has that many sides
    command: Sequence[str | Path],
    *,
    what: str,
    deadline: float,
    report: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run `command`, report `what` and the elapsed seconds, and end it at the deadline.

    Raises:
        UnavailableError: the command failed (the text has its last output) or took longer than
            `deadline` seconds.
    """
    with tempfile.TemporaryFile(mode="w+", errors="replace") as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - every caller is in this package
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=folder,
                start_new_session=True,  # so that its children can be ended too
            )
        except OSError as error:
            raise UnavailableError(f"{command[0]}: {error.strerror}") from error
        try:
            _wait(process, what, deadline, report)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            output.seek(0)
            last_words = output.read().strip().splitlines()[-_LINES_OF_A_FAILURE:]
            raise UnavailableError("\n".join([f"{what} failed:", *last_words]))


def _wait(
    process: subprocess.Popen[bytes], what: str, deadline: float, report: Callable[[str], None]
) -> None:
    started = time.monotonic()
    while True:
        gone = time.monotonic() - started
        report(f"{what}: {gone:.0f} s")
        try:
            process.wait(min(_SECONDS_BETWEEN_REPORTS, max(deadline - gone, 0)))
        except subprocess.TimeoutExpired:
            if time.monotonic() - started >= deadline:
                raise UnavailableError(f"{what}: given up after {deadline:.0f} s") from None
        else:
            return
