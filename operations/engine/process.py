"""Run the user's own `pulumi`, found on PATH, or slipway's own.

SIGINT, SIGTERM and SIGHUP are passed on to pulumi, and slipway waits until it has stopped, removed
its lock and written its state. Python's `subprocess.run` would kill it after a quarter of a second.
Only the main thread receives signals, so pulumi runs there; `beside` runs other work in a thread.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Thread
from types import FrameType
from typing import Any, Final, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.errors import PulumiError, failure
from operations.engine.look_variable import OFF, VARIABLE
from operations.engine.own import pulumi_executable
from operations.terminal.followed import followed
from operations.terminal.output import PROJECT

#: The signal that is passed on for each signal. After one, pulumi finishes the steps in progress;
#: after a second one, it stops at once (pulumi 3.256: pkg/backend/cancellation_scope.go). It does
#: not handle SIGHUP.
_STOPPING: Final[dict[int, int]] = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGHUP: signal.SIGTERM,
}
#: Seconds for which work in the other thread may continue after an interruption.
_GRACE: Final = 3

T = TypeVar("T")


def pulumi(*arguments: str, stdin: str | None = None) -> str:
    """Run pulumi without questions in the working directory; returns its stdout.

    Args:
        arguments: as on the command line; `--non-interactive` is added.
        stdin: its input.

    Raises:
        ConfigurationError: there is no pulumi, or the program found problems.
        PulumiError: it ended with another code than 0 for another reason.
        KeyboardInterrupt: a signal stopped it.
    """
    with followed(arguments) as shown:
        line = (*arguments, *shown.options)
        done = _run(line, stdin, subprocess.PIPE, subprocess.PIPE, shown.environment)
    if done.returncode != ExitCode.SUCCESS:
        raise failure(arguments, f"{done.stdout}\n{done.stderr}")
    return done.stdout


def pulumi_shown(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run pulumi and show its output on stderr; returns its exit code.

    Args:
        arguments: as for `pulumi`.
        environment: additional environment variables.

    Raises:
        KeyboardInterrupt: a signal stopped it.
    """
    return _run(arguments, None, 2, None, environment).returncode


def _run(
    arguments: tuple[str, ...],
    stdin: str | None,
    stdout: int,
    stderr: int | None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    line = command(*arguments)
    with _stopping() as (processes, signals):
        # A terminal sends Ctrl-C to the whole process group: in its own group pulumi gets the
        # signal once, from slipway, and not twice.
        process = subprocess.Popen(  # noqa: S603 - the user's own engine
            line,
            stdin=None if stdin is None else subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            text=True,
            env=os.environ | {VARIABLE: OFF} | dict(environment or {}),
            process_group=0,
        )
        processes.append(process)
        for early in tuple(signals):
            process.send_signal(early)
        output, errors = process.communicate(stdin)
    # A command whose output was to be read is interrupted even if it succeeded; an update is not.
    if signals and (process.returncode != ExitCode.SUCCESS or stdout == subprocess.PIPE):
        raise KeyboardInterrupt
    return subprocess.CompletedProcess(line, process.returncode, output, errors)


@contextmanager
def _stopping() -> Iterator[tuple[list[subprocess.Popen[str]], list[int]]]:
    """Pass signals on to the processes that the block adds to the first list.

    The second list has the signals that arrived.
    """
    processes: list[subprocess.Popen[str]] = []
    signals: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        signals.append(_STOPPING[number])
        for process in processes:
            process.send_signal(_STOPPING[number])

    # In another thread this raises ValueError: a pulumi that runs there could not be stopped.
    # Signals that are ignored, as under `nohup`, stay ignored.
    handled = [number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, hand_on) for number in handled}
    try:
        yield processes, signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Do other work in a thread while the block runs pulumi.

    If the block is interrupted, the work is stopped half-way, so it must only read.
    """
    pool = ThreadPoolExecutor(1)
    futures: list[Future[T]] = []
    try:
        futures.append(pool.submit(work))
        yield futures[0]
    # The work may start before this thread continues: an interruption is then raised by `submit`,
    # or closes this generator before its block has begun.
    except (KeyboardInterrupt, GeneratorExit):
        Thread(target=_cut_off, args=(futures,), daemon=True).start()
        raise
    finally:
        pool.shutdown(wait=False)


def _cut_off(works: list[Future[Any]]) -> None:
    """Exit with CANCELLED after a grace period if the work is still running.

    The list is empty if the interruption came before the future was recorded. Python's own exit
    would wait for every thread of every pool, possibly for minutes: for a server that does not
    answer, or for the end of a rate limit.
    """
    if works:
        wait(works, _GRACE)
    else:
        time.sleep(_GRACE)
    if not all(work.done() for work in works) or not works:
        os._exit(ExitCode.CANCELLED)


def pulumi_json(*arguments: str) -> Any:
    """The JSON that pulumi prints; `--json` must be among the arguments.

    Raises:
        ConfigurationError: as `pulumi`.
    """
    output = pulumi(*arguments)
    try:
        return json.loads(output)
    except (ValueError, RecursionError) as error:
        raise PulumiError(arguments, f"its JSON cannot be read: {error}") from error


def command(*arguments: str) -> list[str]:
    """The command line of pulumi.

    Raises:
        ConfigurationError: there is no pulumi, neither on PATH nor slipway's own.
    """
    executable = pulumi_executable()
    if executable is None:
        venv = os.path.relpath(PROJECT / ".venv/bin")
        text = (
            f"is not on PATH, and slipway's own is not made yet: run `{venv}/slipway engine` once"
        )
        raise ConfigurationError([Problem("pulumi", 0, "", text)], ExitCode.ERROR)
    return [executable, *arguments, "--non-interactive"]
