"""Read answers of GitHub and AWS: times, and answers in a form that is not documented.

Such an answer is an error of the source, never a crash.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, ParamSpec, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem

P = ParamSpec("P")
T = TypeVar("T")

#: RFC 3339, and Go's `2026-11-23 14:16:43.5 +0200 CEST m=+1.0`.
_TIME: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.,]\d+)? ?(Z|z|[+-]\d\d:?\d\d)(?: [A-Za-z+-].*)?"
)


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
