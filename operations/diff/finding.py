"""What drift is made of: one difference at one place, which way it goes, and who can repair it."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from components.objects.kind import Key


class Direction(StrEnum):
    """What the live world is, compared with the declaration."""

    WEAKER = "weaker"
    """It lets more happen than declared: a reviewer is gone, a trust policy admits more."""
    STRONGER = "stronger"
    """It lets less happen than declared."""
    NEUTRAL = "neutral"
    """Different, neither safer nor less safe."""


class Repair(StrEnum):
    """Who brings the live world back to the declaration."""

    UP = "up"
    """`pulumi up --refresh`."""
    REFRESH = "refresh, then up"
    """`slipway refresh`, which tells Pulumi's state what the provider cannot see, then `up`."""
    HAND = "by hand"
    """Nothing here manages it: declare it, or undo it on GitHub or AWS."""


@dataclass(frozen=True, order=True)
class Finding:
    """One difference between the declaration and the live world."""

    repository: str
    """Declared name of the repository; empty for what belongs to an account."""
    object: Key
    """What differs: its kind, and its key within the repository."""
    field: str
    """Which property of it, in the declaration's words; empty for the object as a whole."""
    declared: str
    """What the declaration says, as one line; empty for absence."""
    live: str
    """What the live world says, as one line; empty for absence. Never a secret's value."""
    direction: Direction
    """Whether the live world is weaker than declared."""
    repair: Repair
    """Who can put it right."""
    rule: str
    """Stable name of the kind of finding, as in `environment/reviewers`, for programs."""
    both_ways: bool = False
    """Whether a weaker one is stronger as well: others may approve, not some more."""

    @property
    def place(self) -> tuple[str, Key]:
        """Repository and object."""
        return self.repository, self.object

    @property
    def repaired(self) -> Direction:
        """Which way it goes from the live world to the declaration: weaker lets more happen."""
        if self.both_ways or self.direction is Direction.STRONGER:
            return Direction.WEAKER
        return Direction.STRONGER if self.direction is Direction.WEAKER else Direction.NEUTRAL

    def as_dict(self) -> dict[str, Any]:
        """The finding for JSON: every field by its name, as text, but for how it is judged."""
        names = (field.name for field in fields(self))
        return {name: str(getattr(self, name)) for name in names if name != "both_ways"}
