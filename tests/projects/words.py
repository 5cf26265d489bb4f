"""The texts of the run's summary, and their consequences: all expected texts are here."""

import sys
from dataclasses import dataclass
from typing import Final

#: The version in CI's headings; jobs use the tests' own interpreter, whatever is declared.
PYTHON: Final = f"Python {'.'.join(map(str, sys.version_info[:3]))}"
#: Title of the warning that the tests run although the project could not be installed.
NOT_INSTALLED: Final = "Not installed"


@dataclass(frozen=True)
class State:
    """The result of a tool."""

    text: str
    """The heading's text after the tool and the version."""
    blocks: bool = False
    """Whether the strict profile stops the deployment."""
    warned: bool = False
    """Whether a warning of the run reports it as well."""


def findings(count: int) -> State:
    """A number of findings of Flake8 or Bandit."""
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
