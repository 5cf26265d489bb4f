"""Judge the `Condition` of one statement of a trust policy.

IAM User Guide: "Condition operators", "Multivalued context keys", "Policy variables". It knows
the operators on strings with `IfExists`, `ForAnyValue:` and `ForAllValues:`, and `Null`. The rest
cannot be judged and is never guessed: other operators, policy variables, and `Arn...`, since no
claim of a token is an ARN, and AWS does not say how it compares other texts.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from operations.commands.explain.iam.logic import Truth
from operations.commands.explain.iam.request import Missing, Request, value_of
from operations.diff.iam.patterns import matches

_VARIABLE: Final = "${"
#: IfExists is true without the key, ForAnyValue false; of both together users report false
#: (repost.aws: "ForAnyValue:StringEqualsIfExists behaving unexpectedly").
_CONTRADICTED: Final = "AWS does not say which of ForAnyValue and IfExists counts"
_SETS: Final = ("forallvalues", "foranyvalue")


class _Operator(NamedTuple):
    set_: str
    """`forallvalues`, `foranyvalue`, or empty."""
    comparison: str
    negated: bool
    if_exists: bool


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition: an operator, a key, and whether the request meets it."""

    operator: str
    key: str
    wanted: tuple[str, ...]
    """The values of the policy."""
    got: str | Missing
    """The value of the request."""
    met: Truth
    """None: it cannot be judged."""
    why: str = ""
    """Why it cannot be judged."""


def conditions(element: Any, request: Request) -> Iterator[Condition]:
    """Each condition of a statement; all must be met.

    Raises:
        TypeError: the element has no form that IAM accepts.
    """
    if not isinstance(element, Mapping):
        raise TypeError("its Condition is no object")
    for operator, keys in element.items():
        if not isinstance(keys, Mapping):
            raise TypeError(f"its condition {operator} is no object")
        for key, values in keys.items():
            yield _condition(operator, key, _texts(values), request)


def _condition(operator: str, key: str, wanted: tuple[str, ...], request: Request) -> Condition:
    got = value_of(key, request)
    met, why = _judged(operator, wanted, got)
    return Condition(operator=operator, key=key, wanted=wanted, got=got, met=met, why=why)


def _judged(operator: str, wanted: Sequence[str], got: str | Missing) -> tuple[Truth, str]:
    """Whether it is met, and why this cannot be said."""
    if any(_VARIABLE in text for text in wanted):
        return None, "policy variables are not evaluated"
    if operator.lower() == "null":
        return _presence(wanted, got)
    parsed = _parsed(operator)
    if parsed is None:
        return None, f"the operator {operator} is not known here"
    if got is Missing.UNKNOWN:
        return None, "the request's value is not known"
    if isinstance(got, Missing):
        met = _absent(parsed)
        return met, _CONTRADICTED if met is None else ""
    found = any(_same(parsed.comparison, got, one) for one in wanted)
    return found != parsed.negated, ""


def _presence(wanted: Sequence[str], got: str | Missing) -> tuple[Truth, str]:
    """`Null`: `true` demands that the key is absent, `false` that it is there."""
    if not set(wanted) <= {"true", "false"}:
        return None, "Null is judged with true and false only"
    if got is Missing.UNKNOWN:
        return (True, "") if len(set(wanted)) > 1 else (None, "the request's value is not known")
    return ("true" if got is Missing.ABSENT else "false") in wanted, ""


def _absent(operator: _Operator) -> Truth:
    """Whether a key that is absent meets the operator; None where AWS contradicts itself."""
    if operator.if_exists and operator.set_ == "foranyvalue":
        return None
    if operator.if_exists or operator.set_ == "forallvalues":
        return True
    return operator.negated and not operator.set_


def _parsed(operator: str) -> _Operator | None:
    """The parts of an operator on strings; None for any other operator."""
    set_, colon, name = operator.lower().rpartition(":")
    if bool(colon) != (set_ in _SETS):
        return None
    bare = name.removesuffix("ifexists")
    comparison = bare.replace("stringnot", "string")
    if comparison not in {"stringequals", "stringequalsignorecase", "stringlike"}:
        return None
    return _Operator(set_, comparison, comparison != bare, bare != name)


def _same(comparison: str, got: str, wanted: str) -> bool:
    if comparison == "stringlike":
        return matches(wanted, got)
    if comparison == "stringequalsignorecase":
        return got.casefold() == wanted.casefold()
    return got == wanted


def _texts(values: Any) -> tuple[str, ...]:
    """One value or several as texts: IAM keeps numbers and truth values as they are written."""
    listed = values if isinstance(values, list) else [values]
    return tuple(one if isinstance(one, str) else json.dumps(one) for one in listed)
