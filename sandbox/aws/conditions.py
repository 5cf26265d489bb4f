"""Evaluate the `Condition` of a policy statement, as far as slipway's policies need it.

IAM User Guide: "IAM JSON policy elements: Condition operators" and "Multivalued context keys". It
evaluates all operators on strings, `ArnEquals` and `ArnLike`, their `...IfExists` and set forms,
and `Null`. Everything else (other operators, condition keys without a value in the sandbox, policy
variables) is refused and never counts as met.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sandbox.aws.refusal import not_emulated

#: Values of the request by condition key in lower case. A known key without values is absent.
Context = Mapping[str, Sequence[str]]

_OPERATOR: Final = re.compile(
    r"(?:(?P<set>forallvalues|foranyvalue):)?(?P<name>(?:string|arn)\w+?)(?P<if_exists>ifexists)?"
)


def like(value: str, pattern: str) -> bool:
    """Whether a value matches a pattern; `*` is any text and `?` any one character."""
    return _expression(pattern).fullmatch(value) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern as an expression. Each call of a role is compared with all patterns it has."""
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character) or re.escape(character) for character in pattern)
    return re.compile(expression, re.DOTALL)


def _equal(value: str, wanted: str) -> bool:
    return value == wanted


def _equal_ignoring_case(value: str, wanted: str) -> bool:
    return value.casefold() == wanted.casefold()


def _like_arn(value: str, pattern: str) -> bool:
    """Compare the six parts of two ARNs one by one: a `*` never matches a colon."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(like, parts, patterns))


#: By operator: the comparison, and True if the operator is negated (`...NotEquals`, `...NotLike`).
_COMPARISONS: Final[Mapping[str, tuple[Callable[[str, str], bool], bool]]] = {
    "stringequals": (_equal, False),
    "stringnotequals": (_equal, True),
    "stringequalsignorecase": (_equal_ignoring_case, False),
    "stringnotequalsignorecase": (_equal_ignoring_case, True),
    "arnequals": (_like_arn, False),
    "arnlike": (_like_arn, False),
    "arnnotequals": (_like_arn, True),
    "arnnotlike": (_like_arn, True),
    "stringlike": (like, False),
    "stringnotlike": (like, True),
}


def holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Whether all operators are met for all of their keys.

    Raises:
        RefusedError: one part cannot be evaluated here, even if another part is not met.
    """
    # Evaluate all parts first, so that one part that is not met does not hide an unknown one.
    met = [
        _is_met(operator, key, values, context)
        for operator, keys in condition.items()
        for key, values in keys.items()
    ]
    return all(met)


def _is_met(operator: str, key: str, values: Any, context: Context) -> bool:
    wanted = _texts(values)
    given = context.get(key.lower(), ())
    if key.lower() not in context and "." not in key.partition(":")[0]:
        # An issuer's condition keys begin with its host; those of others are absent, as in AWS.
        raise not_emulated(f"the condition key {key}")
    if operator.lower() == "null":
        return _presence(wanted, given)
    found = _OPERATOR.fullmatch(operator.lower())
    if found is None or found["name"] not in _COMPARISONS:
        raise not_emulated(f"the condition operator {operator}")
    compare, negated = _COMPARISONS[found["name"]]
    if not given:
        if found["if_exists"] and found["set"] == "foranyvalue":
            # By one page true, by another false; users report false (repost.aws: "ForAnyValue:
            # StringEqualsIfExists behaving unexpectedly").
            raise not_emulated(f"the operator {operator} for an absent key")
        if found["if_exists"] or found["set"] == "forallvalues":
            return True
        return negated and found["set"] is None
    matches = [any(compare(value, one) for one in wanted) != negated for value in given]
    return any(matches) if found["set"] == "foranyvalue" else all(matches)


def _presence(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """The operator `Null`: `true` requires that the key is absent, `false` that it is present."""
    if any(word not in ("true", "false") for word in wanted):
        raise not_emulated(f"the operator Null with {wanted}")
    return ("false" if given else "true") in wanted


def _texts(values: Any) -> list[str]:
    """One value, or a list of values, as texts."""
    listed = values if isinstance(values, list) else [values]
    texts = [value if isinstance(value, str) else json.dumps(value) for value in listed]
    for text in texts:
        if "${" in text:
            raise not_emulated(f"the policy variable in {text}")
    return texts
