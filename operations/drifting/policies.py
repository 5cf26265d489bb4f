"""Whether one IAM policy document allows more than another, as far as that can be told by rules.

A statement that lists several actions, resources, principals or values of a condition is the union
of statements with one of each (IAM User Guide: policy elements), so documents are compared as sets
of such single statements. What is the same only by the meaning of a wildcard counts as different.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

from operations.drifting.finding import Direction

#: Elements whose list means "any of these".
_UNIONS: Final = ("Action", "Resource")
#: Operators whose several values mean "any of these"; negated ones mean "none of these", and
#: those for sets of values are about all of them.
_NEGATED: Final = ("Not", "ForAllValues", "ForAnyValue")


def compare(declared: Mapping[str, Any], live: Mapping[str, Any]) -> Direction | None:
    """What the live document is beside the declared one; None: they say the same."""
    wanted, there = _singles(declared), _singles(live)
    if wanted == there:
        return None
    more = {single for single in there - wanted if not _denies(single)}
    less = {single for single in wanted - there if _denies(single)}
    return Direction.WEAKER if more or less else Direction.STRONGER


def differences(declared: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[str, str]:
    """The single statements that only one of the documents has, as JSON, each side on one line."""
    wanted, there = _singles(declared), _singles(live)
    return "; ".join(sorted(wanted - there)), "; ".join(sorted(there - wanted))


def _denies(single: str) -> bool:
    return bool(json.loads(single)["Effect"] == "Deny")


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
