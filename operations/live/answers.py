"""Read answers of GitHub and AWS: times, answers that several readers need, and unreadable ones.

An answer in a form that is not documented is an error of the source, never a crash.
"""

import re
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Final, ParamSpec, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem

P = ParamSpec("P")
T = TypeVar("T")

#: RFC 3339, and Go's `2026-11-23 14:16:43.5 +0200 CEST m=+1.0`.
_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(Z|z|[+-]\d\d:?\d\d)(?: [A-Za-z+-].*)?"
)


class Once:
    """Answers to questions of which each is asked once, even if several threads ask it at a time.

    An error is an answer as well: each who asks gets it.
    """

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._answers: dict[Hashable, Future[Any]] = {}
        self._one_at_a_time = threading.Lock()

    def __call__(self, question: Hashable, ask: Callable[[], T]) -> T:
        """The answer to a question; `ask` is called if there is none yet."""
        with self._one_at_a_time:
            first = question not in self._answers
            answer: Future[T] = self._answers.setdefault(question, Future())
        if first:
            try:
                answer.set_result(ask())
            except BaseException as error:
                answer.set_exception(error)
                raise
        return answer.result()


def readable(source: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of a function that expects an answer in the documented form.

    Raises:
        ConfigurationError: the answer has another form. The exit code is that of a source out of
            reach, so that a caller can go on with other sources.
    """
    try:
        return read(*args, **kwargs)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, ConfigurationError):
            raise
        text = f"answers in a form that cannot be read: {type(error).__name__}: {error}"
        raise ConfigurationError([Problem(source, 0, "", text)], ExitCode.ERROR) from error


def read_time(text: object) -> datetime | None:
    """A time as Go, GitHub or Pulumi write it, in UTC and full seconds; None if unreadable."""
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset.upper()}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def told_time(said: object) -> datetime:
    """The same for a time that must be readable.

    Raises:
        ValueError: it is not.
    """
    time = read_time(said)
    if time is None:
        raise ValueError(f"{said!r} is no time")
    return time
