"""Where a command's words go: data to stdout, talk to stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from components.config import sanitize as visible
from components.config.problems import ConfigurationError, Problem

#: The project: the folder of Pulumi.yaml, from which every command is run.
PROJECT: Final = Path(__file__).resolve().parents[2]
STACKS: Final = Path("stacks")


def console() -> Console:
    """A console on stdout that honours NO_COLOR and pipes (rich's own rules)."""
    return Console(highlight=False, soft_wrap=True)


def has_lines(console: Console) -> bool:
    """Whether there are lines of some width to fold to; a pipe has none unless COLUMNS says so."""
    return console.is_terminal or "COLUMNS" in os.environ


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A line on stderr that tells how far something is, while it goes on; for terminals only.

    What is given is to be told how many of how many parts are done.
    """
    terminal = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, console=terminal, transient=True, disable=not terminal.is_terminal
    ) as line:
        task = line.add_task(what, total=None)
        yield lambda done, total: line.update(task, completed=done, total=total)


def agreed(question: str) -> bool:
    """Whether a person at the terminal says `yes`; Ctrl-D is no answer."""
    try:
        return console().input(f"{question} (yes/no) ") == "yes"
    except EOFError:
        talk("")
        return False


def writable(path: Path) -> None:
    """Make sure that a file can be written, before the work that it is to tell of.

    Raises:
        ConfigurationError: it can't, and why.
    """
    try:
        path.open("a").close()
    except OSError as error:
        text = f"cannot be written: {error.strerror}"
        raise ConfigurationError([Problem(str(path), 0, "", text)]) from error


def made_folder(path: Path) -> None:
    """Make a folder, if it is not there.

    Raises:
        ConfigurationError: it can't be made, and why.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"no such folder can be made: {error.strerror}"
        raise ConfigurationError([Problem(str(path), 0, "", text)]) from error


def talk(text: str) -> None:
    """Tell a person what is going on; no program reads this.

    What others wrote cannot act on the terminal, wherever in the message it is.
    """
    print(visible.message(text), file=sys.stderr, flush=True)  # noqa: T201 - the one place that talks


def data(text: str) -> None:
    """Print what a program may read."""
    print(text)  # noqa: T201 - the one place that prints data
