"""Answers of GitHub and AWS in a form that nobody expected: not looked at, and never a crash."""

from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.live.times import read_time

P = ParamSpec("P")
T = TypeVar("T")


def readable(source: str, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What is read, by a function that takes an answer to be as it is documented.

    Raises:
        ConfigurationError: the answer is not; as for what is out of reach, others may know.
    """
    try:
        return read(*args, **kwargs)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, ConfigurationError):
            raise
        text = f"answers in a form that cannot be read: {type(error).__name__}: {error}"
        raise ConfigurationError([Problem(source, 0, "", text)], ExitCode.ERROR) from error


def told_time(said: object) -> datetime:
    """A time of an answer.

    Raises:
        ValueError: it can't be read.
    """
    time = read_time(said)
    if time is None:
        raise ValueError(f"{said!r} is no time")
    return time
