"""Run the user's own `pulumi`, found on PATH, or slipway's own.

SIGINT, SIGTERM and SIGHUP are passed on to pulumi, and slipway waits until it has stopped, removed
its lock and written its state. Python's `subprocess.run` would kill it after a quarter of a second.
Only the main thread receives signals, so pulumi runs there; `beside` runs other work in a thread.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from threading import Thread
from types import FrameType
from typing import IO, Any, Final, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.engine.errors import PulumiError, failure
from operations.engine.look_variable import OFF, VARIABLE
from operations.engine.own import pulumi_executable
from operations.engine.parallel import AT_A_TIME
from operations.engine.parallel import VARIABLE as PARALLEL
from operations.terminal.followed import followed
from operations.terminal.output import PROJECT
from operations.terminal.unreached import without_unreached

#: The signal that is passed on for each signal. After one, pulumi finishes the steps in progress;
#: after a second one, it stops at once (pulumi 3.256: pkg/backend/cancellation_scope.go). It does
#: not handle SIGHUP.
_STOPPING: Final[dict[int, int]] = {
    signal.SIGINT: signal.SIGINT,
    signal.SIGTERM: signal.SIGTERM,
    signal.SIGHUP: signal.SIGTERM,
}
#: Seconds after which a wait for pulumi is begun anew. Python calls a signal's handler between two
#: steps of the main thread: a signal that comes right before a wait begins, or that another thread
#: receives, would be heard at the end of this wait.
_HEARING: Final = 0.5
#: Seconds for which work in the other thread may continue after an interruption.
_GRACE: Final = 3

T = TypeVar("T")


def pulumi(
    *arguments: str, stdin: str | None = None, environment: Mapping[str, str] | None = None
) -> str:
    """Run pulumi without questions in the working directory; returns its stdout.

    Args:
        arguments: as on the command line; `--non-interactive` is added.
        stdin: its input.
        environment: additional environment variables.

    Raises:
        ConfigurationError: there is no pulumi, or the program found problems.
        PulumiError: it ended with another code than 0 for another reason.
        KeyboardInterrupt: a signal stopped it, or it ended well after one.
    """
    with followed(arguments) as shown, _input(stdin) as given:
        line = command(*arguments, *shown.options)
        variables = {**shown.environment, **(environment or {})}
        with _started(line, variables, stdin=given) as (process, signals):
            output, errors = _communicated(process)
    # The output was to be read, so the command is interrupted even if it succeeded.
    if signals:
        raise KeyboardInterrupt
    if process.returncode != ExitCode.SUCCESS:
        raise failure(arguments, f"{output}\n{errors}")
    return output


def pulumi_shown(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run pulumi and show its output on stderr; returns its exit code.

    After an interruption, errors about steps that it did not reach are left out.

    Args:
        arguments: as for `pulumi`.
        environment: additional environment variables.

    Raises:
        KeyboardInterrupt: a signal stopped it.
    """
    coloured = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    line = command(*arguments, *(("--color", "always") if coloured else ()))
    both = subprocess.STDOUT
    with _started(line, environment or {}, stderr=both) as (process, signals):
        assert process.stdout is not None
        lines = without_unreached(process.stdout, lambda: bool(signals))
        # A child of pulumi may keep the output open. slipway does not wait for a daemon thread.
        showing = Thread(target=_show, args=(lines,), daemon=True)
        showing.start()
        while process.returncode is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(_HEARING)
        showing.join(_GRACE)
    if signals and process.returncode != ExitCode.SUCCESS:
        raise KeyboardInterrupt
    return process.returncode


def _show(lines: Iterable[str]) -> None:
    """Show lines on stderr; if it is closed, read on, since pulumi would stop half-way."""
    for line in lines:
        with suppress(OSError, ValueError):
            sys.stderr.write(line)
            sys.stderr.flush()


@contextmanager
def _input(text: str | None) -> Iterator[IO[str] | None]:
    """A file without a name that has the text; None without a text."""
    if text is None:
        yield None
        return
    with TemporaryFile("w+", encoding="utf-8") as file:
        file.write(text)
        file.seek(0)
        yield file


def _communicated(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The text that a process writes to stdout and to stderr until it ends.

    A `communicate` that is called again would lose the rest of an input (CPython 3.11,
    `Popen._communicate`), so the input comes from a file.
    """
    while True:
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_HEARING)


@contextmanager
def _started(
    line: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: IO[str] | None = None,
    stderr: int = subprocess.PIPE,
) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process with its stdout in a pipe, and the signals that arrive until the block ends."""
    with _stopping() as (hand_to, signals):
        # A terminal sends Ctrl-C to the whole process group: in its own group pulumi gets the
        # signal once, from slipway, and not twice.
        process = subprocess.Popen(  # noqa: S603 - the user's own engine
            line,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            errors="replace",
            env={PARALLEL: AT_A_TIME} | os.environ | {VARIABLE: OFF} | dict(environment),
            process_group=0,
        )
        hand_to(process)
        yield process, signals


@contextmanager
def _stopping() -> Iterator[tuple[Callable[[subprocess.Popen[str]], None], list[int]]]:
    """A function that passes signals on to a process, and the list of the signals that arrived.

    The process also gets the signals that arrived before the call, and each of them once: a second
    one would stop pulumi at once. A handler may run between any two steps of the function.
    """
    signals: list[int] = []
    waiting: deque[int] = deque()
    processes: list[subprocess.Popen[str]] = []

    def hand_to(process: subprocess.Popen[str]) -> None:
        processes.append(process)
        send()

    def send() -> None:
        with suppress(IndexError):  # nothing waits
            while processes:
                number = waiting.popleft()
                for process in processes:
                    process.send_signal(number)

    def arrived(number: int, _frame: FrameType | None) -> None:
        signals.append(_STOPPING[number])
        waiting.append(_STOPPING[number])
        send()

    # In another thread this raises ValueError: a pulumi that runs there could not be stopped.
    # Signals that are ignored, as under `nohup`, stay ignored.
    handled = [number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, arrived) for number in handled}
    try:
        yield hand_to, signals
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


def finished(work: Future[T]) -> T:
    """The result of work in another thread; signals are heard meanwhile."""
    while not wait([work], timeout=_HEARING).done:
        pass
    return work.result()


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
