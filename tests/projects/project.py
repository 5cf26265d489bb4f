"""What the table says of one repository."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.projects.outcome import Run
from tests.projects.words import CLEAN, PASSED, State

Declared = Mapping[str, Any]


def _nothing_else(_: Run) -> None:
    """Most repositories have no particulars."""


@dataclass(frozen=True)
class Project:
    """One repository."""

    name: str
    """Its folder's name."""
    declared: Declared = field(default_factory=dict)
    """Its declaration, without the name and the profile."""
    lint: State = CLEAN
    security: State = CLEAN
    tests: State = PASSED
    folders: Sequence[str] = ("",)
    """The folders that CI works in, as headings name them."""
    installed: bool = True
    """Whether the project itself can be built, if it is one; it is told where it cannot."""
    tag: str | None = None
    """A tag of the commit."""
    locks: Sequence[str] = ()
    """Commands that write the lock files, whose content depends on what the indexes have."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The environment that setup-python gives a job; see `machine`."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    also: Callable[[Run], None] = _nothing_else
    """What must be true of its run besides."""

    @property
    def states(self) -> dict[str, State]:
        """How each CI job's tool ends, by the job."""
        return {
            "python-lint": self.lint,
            "python-security": self.security,
            "python-tests": self.tests,
        }
