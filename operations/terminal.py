"""Where a command's words go: data to stdout, talk to stderr."""

import sys
from pathlib import Path
from typing import Final

from rich.console import Console

#: The project: the folder of Pulumi.yaml, from which every command is run.
PROJECT: Final = Path(__file__).resolve().parent.parent
STACKS: Final = Path("stacks")


def console() -> Console:
    """A console on stdout that honours NO_COLOR and pipes (rich's own rules)."""
    return Console(highlight=False, soft_wrap=True)


def talk(message: str) -> None:
    """Tell a person what is going on; no program reads this."""
    print(message, file=sys.stderr, flush=True)  # noqa: T201 - the one place that talks


def data(text: str) -> None:
    """Print what a program may read."""
    print(text)  # noqa: T201 - the one place that prints data
