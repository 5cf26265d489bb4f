"""Say how many things there are, and name the first of them."""

from collections.abc import Iterable
from typing import Final

#: Names that a message has by default.
_SHOWN: Final = 3


def counted(number: int, one: str, several: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else several}"


def sample(names: Iterable[object], most: int = _SHOWN, *, joined: str = ", ") -> str:
    """The first names, and the number of the others: `a, b and 3 more`."""
    texts = [str(name) for name in names]
    more = len(texts) - most
    shown = joined.join(texts[:most])
    return f"{shown} and {more} more" if more > 0 else shown
