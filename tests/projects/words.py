"""What the run's summary says, and what follows from it: all expected words are here."""

import sys
from dataclasses import dataclass
from typing import Final

#: The version that CI's headings name; jobs get the tests' own interpreter, whatever is declared.
PYTHON: Final = f"Python {'.'.join(map(str, sys.version_info[:3]))}"
#: Title of the warning that the tests run although their project could not be installed.
NOT_INSTALLED: Final = "Not installed"


@dataclass(frozen=True)
class State:
    """How a tool ended."""

    text: str
    """What stands in the heading behind the tool and the version."""
    blocks: bool = False
    """Whether the strict profile stops the deployment."""
    warned: bool = False
    """Whether a warning of the run tells it, too."""


def findings(count: int) -> State:
    """So many findings of Flake8 or Bandit."""
    return State(f"{count} findings", blocks=count > 0, warned=count > 0)


CLEAN: Final = findings(0)
DID_NOT_RUN: Final = State("did not run, see the log", blocks=True, warned=True)

PASSED: Final = State("passed")
FAILED: Final = State("failed, or cover too little", blocks=True, warned=True)
UNCOLLECTED: Final = State("were not collected, or interrupted", blocks=True, warned=True)
WRONG_OPTIONS: Final = State(
    "did not start: wrong options, or conftest.py fails", blocks=True, warned=True
)
EMPTY: Final = State("none in tests/", warned=True)
NO_TESTS: Final = State("none, there is no folder tests/")


def heading(tool: str, state: State, folder: str) -> str:
    """The whole heading."""
    return f"{tool} on {PYTHON}{folder}: {state.text}"
