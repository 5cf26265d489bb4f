"""Truth of three values: None is a question that cannot be answered (Kleene's strong logic)."""

from collections.abc import Iterable

Truth = bool | None


def both(values: Iterable[Truth]) -> Truth:
    """False if one is false, else None if one is not known; true without values."""
    found = set(values)
    return False if False in found else None if None in found else True


def either(values: Iterable[Truth]) -> Truth:
    """True if one is true, else None if one is not known; false without values."""
    found = set(values)
    return True if True in found else None if None in found else False


def opposite(value: Truth) -> Truth:
    """The opposite; None stays None."""
    return None if value is None else not value
