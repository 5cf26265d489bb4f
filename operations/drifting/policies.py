"""Whether one IAM policy document allows more than another, as far as that can be told by rules.

A statement that lists several actions, resources, principals or values of a condition is the union
of statements with one of each (IAM User Guide: policy elements), so documents are compared as sets
of such single statements. Understood are wildcards in actions, resources and patterns of
conditions, and that one condition more admits less; everywhere else what is the same only by its
meaning counts as different.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Final

from operations.drifting.finding import Direction

#: Elements whose list means "any of these".
_UNIONS: Final = ("Action", "Resource")
#: Operators whose several values mean "any of these"; negated ones mean "none of these", and
#: those for sets of values are about all of them.
_NEGATED: Final = ("Not", "ForAllValues", "ForAnyValue")

Condition = Mapping[str, Mapping[str, Any]]
"""A `Condition` of a single statement: operators, and for each its keys with one value."""


def compare(declared: Mapping[str, Any], live: Mapping[str, Any]) -> Direction | None:
    """What the live document is beside the declared one; None: they say the same."""
    wanted, there = _singles(declared), _singles(live)
    if wanted == there:
        return None
    more, less = list(_uncovered(there, wanted)), list(_uncovered(wanted, there))
    if not all(map(_denies, more)) or any(map(_denies, less)):
        return Direction.WEAKER
    return Direction.STRONGER if more or less else Direction.NEUTRAL


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
    wanted, there = _singles(declared), _singles(live)
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


def _denies(single: str) -> bool:
    return bool(json.loads(single)["Effect"] == "Deny")


def _uncovered(singles: Iterable[str], others: Iterable[str]) -> Iterator[str]:
    """Those that no other one says as well, be it with a wildcard."""
    general = [json.loads(other) for other in others]
    for single in singles:
        special = json.loads(single)
        if not any(_covers(other, special) for other in general):
            yield single


def _covers(general: Mapping[str, Any], special: Mapping[str, Any]) -> bool:
    """Whether all that one single statement is about, another is about, too."""
    one, other = (
        {key: part[key] for key in part if key != "Condition"} for part in (general, special)
    )
    return (
        one.keys() == other.keys()
        and all(
            _matches(one[key], other[key], re.IGNORECASE if key == "Action" else re.NOFLAG)
            if key in _UNIONS
            else one[key] == other[key]
            for key in one
        )
        and _demands(special.get("Condition", {}), general.get("Condition", {}))
    )


def _demands(special: Condition, general: Condition) -> bool:
    """Whether who meets the one condition meets the other: all keys of a condition must be met."""
    return all(
        any(
            _implies(known, has[key], operator, value)
            for known, has in special.items()
            if key in has
        )
        for operator, wanted in general.items()
        for key, value in wanted.items()
    )


def _implies(operator: str, value: Any, wanted_operator: str, wanted: Any) -> bool:
    """Whether a key that meets the one value meets the other."""
    if (operator, value) == (wanted_operator, wanted):
        return True
    pattern = wanted_operator == "StringLike" and operator in {"StringEquals", "StringLike"}
    return (
        pattern
        and all(isinstance(text, str) for text in (value, wanted))
        and _matches(wanted, value)
    )


def _matches(pattern: str, text: str, flags: re.RegexFlag = re.NOFLAG) -> bool:
    """Whether a pattern has all that another has: `?` of one is not any number of the other's."""
    parts = {"*": ".*", "?": "[^*]"}
    expression = "".join(parts.get(char) or re.escape(char) for char in pattern)
    return re.fullmatch(expression, text, flags | re.DOTALL) is not None


def _singles(document: Mapping[str, Any]) -> frozenset[str]:
    """The document's statements, each with one action, resource, principal and condition value."""
    return frozenset(
        json.dumps(single, sort_keys=True, separators=(",", ":"))
        for statement in _listed(document.get("Statement", ()))
        for single in _split(statement)
    )


def _split(statement: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Single statements; Sid names a statement and means nothing."""
    choices: list[list[tuple[str, Any]]] = []
    for key, value in statement.items():
        if key == "Sid":
            continue
        if key in _UNIONS:
            choices.append([(key, one) for one in _listed(value)])
        elif key == "Principal":
            choices.append([(key, one) for one in _principals(value)])
        elif key == "Condition":
            choices.append([(key, one) for one in _conditions(value)])
        else:
            choices.append([(key, _ordered(value))])
    for combination in product(*choices):
        yield dict(combination)


def _principals(value: Any) -> list[Any]:
    if not isinstance(value, Mapping):
        return [value]
    return [{kind: one} for kind, several in value.items() for one in _listed(several)]


def _conditions(value: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every choice of one value for each key of each operator."""
    keys: list[list[tuple[str, str, Any]]] = []
    for operator, wanted in value.items():
        for key, several in wanted.items():
            if any(part in operator for part in _NEGATED):
                keys.append([(operator, key.lower(), _ordered(several))])
            else:
                keys.append([(operator, key.lower(), one) for one in _listed(several)])
    made = []
    for combination in product(*keys):
        condition: dict[str, dict[str, Any]] = {}
        for operator, key, one in combination:
            condition.setdefault(operator, {})[key] = one
        made.append(condition)
    return made


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _ordered(value: Any) -> Any:
    """A list as a set of its values, in an order of its own."""
    return sorted(value, key=str) if isinstance(value, list | tuple) else value
