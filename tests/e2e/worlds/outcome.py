"""The outcome of a world: the repositories that each check refused, and the changes of `up`."""

from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.worlds.facts import Data, World


class BrokenError(AssertionError):
    """The property does not hold for a world."""

    def __init__(self, text: str, names: set[str]) -> None:
        """Take what was seen, and the names of the repositories it was seen of, if known."""
        super().__init__(text)
        self.text, self.names = text, names


@dataclass
class Outcome:
    """The outcome of a world."""

    world: World
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    """The checks that refused each repository, each with its problem."""
    stack_refused: set[str] = field(default_factory=set)
    """The checks that refused the stack's own file."""
    findings: list[Data] = field(default_factory=list)
    """What drift says after `up`."""
    changes: int = 0
    """Objects that `up` made or changed."""

    @property
    def accepted(self) -> list[str]:
        """Repositories that went through."""
        return [one.name for one in self.world.repositories if one.name not in self.refused]

    @property
    def checks(self) -> Counter[str]:
        """How many repositories each check refused."""
        return Counter(check for checks in self.refused.values() for check in checks)
