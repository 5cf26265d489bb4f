"""One thing that the first `up` after an adoption does to what exists, or adds to it."""

from dataclasses import dataclass, fields
from enum import StrEnum

from components.objects.kind import Key
from operations.diff.finding import Direction


class Act(StrEnum):
    """What happens to the object."""

    CREATE = "create"
    """It is not there yet."""
    UPDATE = "update"
    """It is there and becomes another."""
    REWRITE = "rewrite"
    """It is written without anybody knowing whether it differs, or just as it is: a secret that the
    declaration gives a value, a file's commit, a rule that GitHub does not tell."""


@dataclass(frozen=True, order=True)
class Change:
    """One change."""

    repository: str
    """Declared name of the repository; empty for what belongs to an account."""
    object: Key
    """Which object changes."""
    field: str
    """Which property of it, in the declaration's words; empty for the object as a whole."""
    before: str
    """What is live, as one line; empty for absence. Never a secret's value."""
    after: str
    """What will be, as one line; empty for absence."""
    direction: Direction
    """What the change makes of it: stronger lets less happen than today."""
    act: Act
    """What happens."""

    def as_dict(self) -> dict[str, str]:
        """The change for JSON: every field by its name, as text."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, order=True)
class LeftInPlace:
    """Something that exists and stays as it is, because nothing in the declaration is about it."""

    repository: str
    """Declared name of the repository."""
    object: Key
    """Which object stays."""
    why: str
    """What it is, and what to know about it."""

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {"repository": self.repository, "object": str(self.object), "why": self.why}
