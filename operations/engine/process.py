"""Run the user's own `pulumi`, found on PATH; slipway works around it, never instead of it.

Ctrl-C and a termination are handed on, and pulumi is waited for: it stops in good order, with its
lock removed and its state written. Python's own `run` would kill it a quarter of a second later.
Only a program's main thread hears signals, so pulumi is run there and other work goes `beside` it.
"""

import json
import os
import shutil
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
from operations.terminal.output import PROJECT

#: On these pulumi stops after the steps under way; on a second one, at once
#: (pulumi 3.256: pkg/backend/cancellation_scope.go). It does not know that a terminal was closed.
_STOPPING: Final[dict[int, int]] = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGHUP: signal.SIGTERM,
}
#: Seconds that work beside pulumi may go on after an interruption.
_GRACE: Final = 3

T = TypeVar("T")


def pulumi(*arguments: str, stdin: str | None = None) -> str:
    """Run pulumi without questions in the working directory; the result is its stdout.

    Args:
        arguments: as on the command line; `--non-interactive` is added.
        stdin: what it reads.

    Raises:
        ConfigurationError: there is no pulumi on PATH, or the program found problems.
        PulumiError: it ended with another code than 0 for another reason.
        KeyboardInterrupt: it was told to stop, and has.
    """
    done = _run(arguments, stdin, subprocess.PIPE, subprocess.PIPE)
    if done.returncode != ExitCode.SUCCESS:
        raise failure(arguments, f"{done.stdout}\n{done.stderr}")
    return done.stdout


def pulumi_shown(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run pulumi with its words going to stderr, since they are talk here; its exit code.

    Args:
        arguments: as for `pulumi`.
        environment: variables that it has besides this program's.

    Raises:
        KeyboardInterrupt: it was told to stop, and has.
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
        # In a group of its own a terminal's Ctrl-C does not reach it, and it is told once, not
        # twice.
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
    # What was only to tell something is no reason to go on, even where it came to its end.
    if signals and (process.returncode != ExitCode.SUCCESS or stdout == subprocess.PIPE):
        raise KeyboardInterrupt
    return subprocess.CompletedProcess(line, process.returncode, output, errors)


@contextmanager
def _stopping() -> Iterator[tuple[list[subprocess.Popen[str]], list[int]]]:
    """Hand signals on to the processes that the block puts into the list; which ones came."""
    processes: list[subprocess.Popen[str]] = []
    signals: list[int] = []

    def hand_on(number: int, _frame: FrameType | None) -> None:
        signals.append(_STOPPING[number])
        for process in processes:
            process.send_signal(_STOPPING[number])

    # In another thread this raises ValueError: nobody could stop a pulumi that was run there.
    # What is ignored, as below `nohup`, stays ignored.
    heard = [number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, hand_on) for number in heard}
    try:
        yield processes, signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def beside(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Do other work in a thread while the block runs pulumi.

    Once the block is interrupted the work is cut off, so it must be such as only reads.
    """
    pool = ThreadPoolExecutor(1)
    futures: list[Future[T]] = []
    try:
        futures.append(pool.submit(work))
        yield futures[0]
    # The work may be under way before this thread has gone on: an interruption then comes out of
    # `submit`, or ends this generator before its block has begun.
    except (KeyboardInterrupt, GeneratorExit):
        Thread(target=_cut_off, args=(futures,), daemon=True).start()
        raise
    finally:
        pool.shutdown(wait=False)


def _cut_off(works: list[Future[Any]]) -> None:
    """End the program as cancelled if the work does not end by itself, be it known or not.

    Python's own end waits for every thread of every pool, and one may wait for minutes: for a
    server that does not answer, or for the end of a rate limit.
    """
    if works:
        wait(works, _GRACE)
    else:
        time.sleep(_GRACE)
    if not all(work.done() for work in works) or not works:
        os._exit(ExitCode.CANCELLED)


def pulumi_json(*arguments: str) -> Any:
    """The JSON that pulumi prints with `--json` among the arguments.

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
        ConfigurationError: there is no pulumi on PATH.
    """
    found = shutil.which("pulumi")
    if found is None:
        venv = os.path.relpath(PROJECT / ".venv/bin")
        text = f"is not on PATH: install it, or put there what `{venv}/slipway engine` prints"
        raise ConfigurationError([Problem("pulumi", 0, "", text)], ExitCode.ERROR)
    return [found, *arguments, "--non-interactive"]
