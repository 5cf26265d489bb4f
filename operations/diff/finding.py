"""A finding of drift: one difference of one object, its direction, and the command to repair it."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from components.objects.kind import Key, Place


class Direction(StrEnum):
    """The strength of the live world's protection, compared with the declaration."""

    WEAKER = "weaker"
    """It lets more happen than declared: a reviewer is gone, a trust policy admits more."""
    STRONGER = "stronger"
    """It lets less happen than declared."""
    NEUTRAL = "neutral"
    """Different, neither safer nor less safe."""


class Repair(StrEnum):
    """The command that makes the live world match the declaration."""

    UP = "up"
    """`pulumi up --refresh`."""
    REFRESH = "refresh, then up"
    """`slipway up`; for plain `pulumi up`, `slipway refresh` comes first, which adds to Pulumi's
    state what the provider cannot read."""
    HAND = "by hand"
    """No command: declare it, or undo it on GitHub or AWS."""


@dataclass(frozen=True, order=True)
class Finding:
    """One difference between the declaration and the live world."""

    repository: str
    """Declared name of the repository; empty for objects of an account."""
    object: Key
    """The object that differs: its kind, and its key within the repository."""
    field: str
    """The property that differs, by its declared name; empty for the object as a whole."""
    declared: str
    """The declared value, as one line; empty for absence."""
    live: str
    """The live value, as one line; empty for absence. Never a secret's value."""
    direction: Direction
    """Whether the live world is weaker than declared."""
    repair: Repair
    """The command that repairs it."""
    rule: str
    """Stable name of the kind of finding, as in `environment/reviewers`, for programs."""
    both_ways: bool = False
    """True if the difference is weaker in one respect and stronger in another.

    For example, there are other reviewers instead of additional ones.
    """
    diff: tuple[str, ...] = ()
    """Lines of the unified diff of a workflow file, from the declared text to the live one."""

    @property
    def place(self) -> Place:
        """Repository and object."""
        return self.repository, self.object

    @property
    def repaired(self) -> Direction:
        """The repair's direction: weaker if the declaration protects less than the live world."""
        if self.both_ways or self.direction is Direction.STRONGER:
            return Direction.WEAKER
        return Direction.STRONGER if self.direction is Direction.WEAKER else Direction.NEUTRAL

    def as_dict(self) -> dict[str, Any]:
        """Every field but `both_ways` and `diff` by its name, as text: what identifies it."""
        names = (field.name for field in fields(self))
        hidden = {"both_ways", "diff"}
        return {name: str(getattr(self, name)) for name in names if name not in hidden}
