"""The table's entry for one repository."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.projects.outcome import Run
from tests.projects.words import CLEAN, PASSED, State

Declared = Mapping[str, Any]


def _nothing_else(_: Run) -> None:
    """Most repositories have no further expectations."""


@dataclass(frozen=True)
class Project:
    """One repository."""

    name: str
    """Its folder's name."""
    declared: Declared = field(default_factory=dict)
    """Its declaration, without name and profile."""
    lint: State = CLEAN
    security: State = CLEAN
    tests: State = PASSED
    folders: Sequence[str] = ("",)
    """The folders of CI, as headings name them."""
    installed: bool = True
    """True if the project itself can be built, or there is none; a failure must be reported."""
    tag: str | None = None
    """A tag of the commit."""
    locks: Sequence[str] = ()
    """Commands that write the lock files, whose content depends on the indexes."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The environment that setup-python gives a job; see `machine`."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    also: Callable[[Run], None] = _nothing_else
    """Further expectations for its run."""

    @property
    def states(self) -> dict[str, State]:
        """The result of each CI job's tool, by the job."""
        return {
            "python-lint": self.lint,
            "python-security": self.security,
            "python-tests": self.tests,
        }
