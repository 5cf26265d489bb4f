"""Run work in a thread for which the end of the program does not wait.

When Python exits, it waits for the threads of every pool, and one of them may wait for minutes: for
a server that does not answer, or for the end of a rate limit. A preview that has reported this to
its user must end.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, thread
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


def in_background(work: Callable[[], T]) -> Future[T]:
    """Begin work that only reads. It is cut off if the program ends first.

    A daemon's threads are daemons too, so the threads of the work's own pools are daemons.
    """
    future: Future[T] = Future()
    # Runs before Python waits for the threads of pools. There is no public way (CPython 3.11-3.14).
    threading._register_atexit(_leave)  # type: ignore[attr-defined]  # noqa: SLF001
    threading.Thread(target=_into, args=(future, work), daemon=True).start()
    return future


def _into(future: Future[T], work: Callable[[], T]) -> None:
    future.set_running_or_notify_cancel()
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
        future.set_exception(error)


class _Waited(WeakKeyDictionary[threading.Thread, object]):
    """The threads for which Python waits at its end: never a daemon, even if it starts later."""

    def items(self) -> Any:
        return [(one, queue) for one, queue in super().items() if not one.daemon]


def _leave() -> None:
    """Remove the daemons from the threads for which Python waits at its end."""
    thread._threads_queues = _Waited(thread._threads_queues)  # noqa: SLF001
