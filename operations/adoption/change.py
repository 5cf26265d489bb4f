"""One change that the first `up` after an adoption makes, and one object that it leaves alone."""

from dataclasses import dataclass
from enum import StrEnum

from components.objects.kind import Key
from operations.diff.finding import Direction


class Act(StrEnum):
    """The action on the object."""

    CREATE = "create"
    """It does not exist yet."""
    UPDATE = "update"
    """It exists, and its value changes."""
    REWRITE = "rewrite"
    """It exists and is written, though it may not differ: the value of a secret, a rule that GitHub
    does not tell, or a file that is committed with the same content."""


@dataclass(frozen=True, order=True)
class Change:
    """One change."""

    repository: str
    """Declared name of the repository; empty for an object that belongs to an account."""
    object: Key
    """The object that changes."""
    field: str
    """Its property, in the declaration's words; empty for the object as a whole."""
    before: str
    """The live value as one line; empty if there is none. Never the value of a secret."""
    after: str
    """The new value as one line; empty if there is none."""
    direction: Direction
    """Stronger if it lets less happen than before the change."""
    act: Act
    """The action."""


@dataclass(frozen=True, order=True)
class LeftInPlace:
    """An object that exists and stays as it is, because the declaration does not manage it."""

    repository: str
    """Declared name of the repository."""
    object: Key
    """The object that stays."""
    why: str
    """A description of it, and a warning if it needs one."""
