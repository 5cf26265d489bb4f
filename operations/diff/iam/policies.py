"""Whether one IAM policy document allows more than another, as far as that can be told by rules.

A statement that lists several actions, resources, principals or values of a condition is the union
of statements with one of each (IAM User Guide: policy elements), so documents are compared as sets
of such single statements. Understood are wildcards in actions, resources and patterns of
conditions, and that one condition more admits less; everywhere else what is the same only by its
meaning counts as different.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from operations.diff.finding import Direction
from operations.diff.iam.coverage import says_the_same, uncovered
from operations.diff.iam.statements import in_json, listed, parse

#: Single statements of a document that are told one by one.
_MOST: Final = 2000


def compare(declared: Mapping[str, Any], live: Mapping[str, Any]) -> Direction | None:
    """What the live document is beside the declared one; None: they say the same."""
    wanted, there = (
        [parse(one) for one in listed(d.get("Statement", ()))] for d in (declared, live)
    )
    more, less = list(uncovered(there, wanted)), list(uncovered(wanted, there))
    if not all(one.denies for one in more) or any(one.denies for one in less):
        return Direction.WEAKER
    if more or less:
        return Direction.STRONGER
    return None if says_the_same(wanted, there) else Direction.NEUTRAL


def goes_both_ways(declared: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether each of the documents lets something happen that the other does not."""
    return compare(declared, live) is compare(live, declared) is Direction.WEAKER


def differences(
    declared: Mapping[str, Any], live: Mapping[str, Any], *, brief: bool = False
) -> tuple[str, str]:
    """What only one of the documents has, each side on one line.

    Single statements as JSON; where each side has one, only the elements in which they differ.

    Args:
        declared: a document.
        live: another one.
        brief: leave out of every statement what all of both documents say, such as whose tokens
            a trust is about.
    """
    wanted, there = _apart(declared), _apart(live)
    ours, theirs = sorted(wanted - there), sorted(there - wanted)
    if len(ours) == len(theirs) == 1:
        one, other = (dict(_elements(json.loads(single))) for (single,) in (ours, theirs))
        return _in_words(one, other), _in_words(other, one)
    if brief:
        parts = {one: dict(_elements(json.loads(one))) for one in wanted | there}
        alike = dict(set.intersection(*(set(part.items()) for part in parts.values())))
        ours, theirs = ([_in_words(parts[one], alike) for one in side] for side in (ours, theirs))
    return "; ".join(ours), "; ".join(theirs)


def _elements(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf with the names that lead to it, `Condition` left out for brevity."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _elements(inner, path if key == "Condition" else f"{path} {key}".strip())
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _in_words(mine: Mapping[str, str], others: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in mine.items() if others.get(key) != value)


def _apart(document: Mapping[str, Any]) -> frozenset[str]:
    """The document's single statements as JSON; whole ones where that would be too many to read."""
    statements = [parse(one) for one in listed(document.get("Statement", ()))]
    if sum(one.size for one in statements) > _MOST:
        return frozenset(map(in_json, listed(document.get("Statement", ()))))
    return frozenset(in_json(single) for one in statements for single in one.singles())
