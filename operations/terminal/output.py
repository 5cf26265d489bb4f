"""Print a command's output: data to stdout, messages to stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from components.config.problems import ConfigurationError, Problem
from components.config.sanitize import message

#: This checkout. The project that a command is about: see `components.config.stacks`.
PROJECT: Final = Path(__file__).resolve().parents[2]

_YES: Final = {"y", "yes"}


def console() -> Console:
    """A console on stdout that honours NO_COLOR and pipes (rich's own rules)."""
    return Console(highlight=False, soft_wrap=True)


def has_lines(console: Console) -> bool:
    """True if lines have a width to fold to; a pipe has none unless COLUMNS is set."""
    return console.is_terminal or "COLUMNS" in os.environ


#: The lines that a terminal shows now: two displays at once would write over each other.
_shown: list[Progress] = []


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a line of progress on stderr, if that is a terminal; below that of a caller, if any.

    The block gets a function, and calls it with the number of finished parts and of all parts (None
    if unknown). If two lines are shown at once, the same thread must begin both.
    """
    with _display() as lines:
        task = lines.add_task(what, total=None)
        try:
            yield lambda done, total: lines.update(task, completed=done, total=total)
        finally:
            lines.remove_task(task)


@contextmanager
def _display() -> Iterator[Progress]:
    if _shown:
        yield _shown[0]
        return
    terminal = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as lines:
        _shown.append(lines)
        try:
            yield lines
        finally:
            _shown.clear()


def agreed(question: str) -> bool:
    """True if the user answers `y` or `yes`, in any case; everything else and Ctrl-D mean no."""
    try:
        return console().input(f"{question} (yes/no) ").strip().lower() in _YES
    except EOFError:
        talk("")
        return False


def writable(path: Path) -> None:
    """Check that a file can be written, before the work whose result it will have.

    Raises:
        ConfigurationError: it cannot be written.
    """
    try:
        path.open("a").close()
    except OSError as error:
        text = f"cannot be written: {error.strerror}"
        raise ConfigurationError([Problem(str(path), 0, "", text)]) from error


def made_folder(path: Path) -> None:
    """Create a folder, unless it exists.

    Raises:
        ConfigurationError: it cannot be created.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"the folder cannot be created: {error.strerror}"
        raise ConfigurationError([Problem(str(path), 0, "", text)]) from error


def talk(text: str) -> None:
    """Print a message for the user; no program reads it.

    Control characters anywhere in the message are made visible, so they cannot act on the terminal.
    """
    print(message(text), file=sys.stderr, flush=True)  # noqa: T201 - the one place that talks


def data(text: str) -> None:
    """Print data that a program may read."""
    print(text)  # noqa: T201 - the one place that prints data
