"""The columns of docs/drift.md for each rule, computed from the run of manual changes."""

from collections.abc import Iterator, Mapping
from typing import Any

from operations.diff.finding import Direction, Finding, Repair
from operations.guard.consent import needs_consent
from tests.operations.diff.documented import ACCEPTED, NO, ORDER, REFRESHED, YES, Row
from tests.operations.keys import key

Found = Mapping[str, str]
Findings = Mapping[str, Found]


def acted(found: Found, place: str, upped: Findings, refreshed: Findings) -> str:
    """The result of the repairing runs for a finding."""
    if place in refreshed:
        return NO
    if place in upped:
        return REFRESHED
    return ACCEPTED if _asks(found) else YES


def promised(found: Found) -> str:
    """The repair that a finding names; in brackets if no run tried it."""
    if found["repair"] == Repair.HAND:
        return NO
    return f"({ACCEPTED if _asks(found) else YES})"


def _asks(found: Found) -> bool:
    """Whether `slipway up` would refuse it without `--accept`."""
    known = Finding.__dataclass_fields__
    fields: dict[str, Any] = {name: value for name, value in found.items() if name in known}
    fields |= {"direction": Direction(found["direction"]), "repair": Repair(found["repair"])}
    fields["object"] = key(found["object"])
    return needs_consent(Finding(**fields))


def columns(tried: Iterator[tuple[Found, bool, str]]) -> dict[str, Row]:
    """Compute the rows of all rules that were tried.

    A rule's row describes its findings that are not stronger than declared. If the rule has no such
    finding, the row describes the stronger ones.

    Args:
        tried: each finding, whether a plain preview reported it, and how it was repaired.
    """
    by_rule: dict[str, list[tuple[bool, bool, str]]] = {}
    for found, told, repaired in tried:
        stronger = found["direction"] == Direction.STRONGER
        by_rule.setdefault(found["rule"], []).append((stronger, told, repaired))
    rows = {}
    for rule, all_ in by_rule.items():
        least = min(stronger for stronger, _, _ in all_)
        ones = [(told, repaired) for stronger, told, repaired in all_ if stronger == least]
        worst = max((repaired for _, repaired in ones), key=_hardness)
        rows[rule] = Row(YES if all(told for told, _ in ones) else NO, worst)
    return rows


def _hardness(repaired: str) -> int:
    return ORDER.index(repaired.strip("()"))
