"""Decide whether one IAM policy document allows more than another.

A statement that lists several actions, resources, principals or values of a condition is the union
of statements with one of each (IAM User Guide: policy elements), so documents are compared as sets
of such single statements. The comparison understands wildcards in actions, resources and patterns
of conditions, and that an additional condition admits less. Other statements of the same meaning
but with another text count as different.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from operations.diff.finding import Direction
from operations.diff.iam.coverage import says_the_same, uncovered
from operations.diff.iam.statements import Statement, in_json, listed, parse

#: Largest number of single statements that a difference lists one by one.
_MOST: Final = 2000

_OR: Final = " or "

#: Words for the claims that every trust of slipway compares.
_CLAIMS: Final = {"aud": "audience", "sub": "subject"}


def compare(declared: Mapping[str, Any], live: Mapping[str, Any]) -> Direction | None:
    """The direction of the live document compared with the declared one; None if equal."""
    if in_json(declared) == in_json(live):
        return None  # most policies are unchanged
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
    """True if each of the documents allows something that the other does not."""
    return compare(declared, live) is compare(live, declared) is Direction.WEAKER


def differences(
    declared: Mapping[str, Any], live: Mapping[str, Any], *, brief: bool = False
) -> tuple[str, str]:
    """The single statements that only one of the documents has, as JSON, each side on one line.

    If each side has one statement, only the elements in which they differ. A statement of a trust
    with other values in several elements is shown as it is written, as in `ref a or b`.

    Args:
        declared: a document.
        live: another one.
        brief: for trusts: leave elements out that all statements of both documents have, such as
            the provider. A statement without further elements is named by its conditions, as in
            `audience and subject alone`; those of the others are added to these: `also ref ...`.
    """
    wanted, there = _apart(declared), _apart(live)
    ours, theirs = sorted(wanted - there), sorted(there - wanted)
    changed = _changed(declared, live) if brief else None
    if not changed and len(ours) == len(theirs) == 1:
        changed = [dict(_elements(json.loads(single))) for (single,) in (ours, theirs)]
    if changed:
        one, other = changed
        alike = dict(one.items() & other.items())
        ours, theirs = [_in_words(one, other)], [_in_words(other, one)]
    elif brief:
        parts = {one: dict(_elements(json.loads(one))) for one in wanted | there}
        alike = dict(set.intersection(*(set(part.items()) for part in parts.values())))
        ours, theirs = ([_in_words(parts[one], alike) for one in side] for side in (ours, theirs))
    if brief and "" in (*ours, *theirs):
        ours, theirs = ([_beside(one, alike) for one in side] for side in (ours, theirs))
    return "; ".join(ours), "; ".join(theirs)


def _changed(declared: Mapping[str, Any], live: Mapping[str, Any]) -> list[dict[str, str]] | None:
    """The elements of the statement that differs on each side.

    None if there are others, or if a single element has several values: then the values that only
    one side has say more.
    """
    written = [[parse(one) for one in listed(d.get("Statement", ()))] for d in (declared, live)]
    if any(one.size > _MOST for side in written for one in side):
        return None
    wanted, there = ([_joined(one) for one in side] for side in written)
    ours = [one for one in wanted if one not in there]
    theirs = [one for one in there if one not in wanted]
    if len(ours) != 1 or len(theirs) != 1:
        return None
    several = [key for key, value in ours[0].items() ^ theirs[0].items() if _OR in value]
    return [*ours, *theirs] if len(set(several)) > 1 else None


def _joined(statement: Statement) -> dict[str, str]:
    """The elements of a statement, each with all of its values."""
    values: dict[str, set[str]] = {}
    for single in statement.singles():
        for key, value in _elements(single):
            values.setdefault(key, set()).add(value)
    return {key: _OR.join(sorted(values[key])) for key in sorted(values)}


def _elements(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf after the names that lead to it, without `Condition` for brevity."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _elements(inner, path if key == "Condition" else f"{path} {key}".strip())
    else:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _in_words(mine: Mapping[str, str], others: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in mine.items() if others.get(key) != value)


def _beside(words: str, alike: Mapping[str, str]) -> str:
    """A statement's words if another one has nothing but the elements that are alike."""
    conditions = sorted(key for key in alike if " " in key and "Principal" not in key)
    if not words:
        names = [_CLAIMS.get(name := key.rpartition(":")[2], name) for key in conditions]
        return f"{' and '.join(names)} alone" if names else "no condition"
    for operator in {key.rpartition(":")[0] for key in conditions}:
        words = words.replace(f"{operator}:", "")
    return f"also {words}"


def _apart(document: Mapping[str, Any]) -> frozenset[str]:
    """The document's single statements as JSON; whole statements if there are too many."""
    written = listed(document.get("Statement", ()))
    statements = [parse(one) for one in written]
    if sum(one.size for one in statements) > _MOST:
        return frozenset(map(in_json, written))
    return frozenset(in_json(single) for one in statements for single in one.singles())
