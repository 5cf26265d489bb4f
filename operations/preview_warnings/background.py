"""Work in a thread that the program's end does not wait for.

Python's end waits for every thread of every pool, and one may wait for minutes: for a server that
does not answer, or for the end of a rate limit. A preview that has told its user so has to end.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, thread
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")


def apart(work: Callable[[], T]) -> Future[T]:
    """Begin work that only reads: it is cut off where the program ends first.

    A thread is a daemon if the one is that started it, so those of the work's own pools are.
    """
    future: Future[T] = Future()
    # Called before the threads of pools are waited for; nothing public is (CPython 3.11 to 3.14).
    threading._register_atexit(_leave)  # type: ignore[attr-defined]  # noqa: SLF001
    threading.Thread(target=_into, args=(future, work), daemon=True).start()
    return future


def _into(future: Future[T], work: Callable[[], T]) -> None:
    future.set_running_or_notify_cancel()
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
        future.set_exception(error)


class _Waited(WeakKeyDictionary[threading.Thread, object]):
    """The threads of pools that Python's end waits for: no daemon, however late it comes."""

    def items(self) -> Any:
        return [(one, queue) for one, queue in super().items() if not one.daemon]


def _leave() -> None:
    """Take the daemons out of what Python's end waits for."""
    thread._threads_queues = _Waited(thread._threads_queues)  # noqa: SLF001
