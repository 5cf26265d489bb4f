"""The `Condition` of a policy statement, as far as trust policies and slipway's rights need it.

IAM User Guide: "IAM JSON policy elements: Condition operators" and "Multivalued context keys". All
operators on strings, `ArnEquals` and `ArnLike`, their `...IfExists` and set forms, and `Null`.
Anything else (other operators, keys that the sandbox has no value for, policy variables) is
refused, never taken as met.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sandbox.aws.refusal import not_emulated

#: Values of the request by condition key in lower case; a key without values is known, and absent.
Context = Mapping[str, Sequence[str]]

_OPERATOR: Final = re.compile(
    r"(?:(?P<set>forallvalues|foranyvalue):)?(?P<name>(?:string|arn)\w+?)(?P<if_exists>ifexists)?"
)


def like(value: str, pattern: str) -> bool:
    """Whether a value matches a pattern, in which `*` is any text and `?` any one character."""
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character) or re.escape(character) for character in pattern)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _equal(value: str, wanted: str) -> bool:
    return value == wanted


def _equal_ignoring_case(value: str, wanted: str) -> bool:
    return value.casefold() == wanted.casefold()


def _like_arn(value: str, pattern: str) -> bool:
    """The six parts of an ARN one by one: no `*` reaches over a colon."""
    parts, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(like, parts, patterns))


#: Comparison, and whether the operator is met by values that do not compare.
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
    """Whether every operator is met for every one of its keys.

    Raises:
        RefusedError: a part cannot be evaluated here, whether another part fails or not.
    """
    # All are looked at first: nothing after a part that fails goes unseen.
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
        # Keys of issuers begin with a host; of another issuer they are absent, as in AWS.
        raise not_emulated(f"the condition key {key}")
    if operator.lower() == "null":
        return _presence(wanted, given)
    found = _OPERATOR.fullmatch(operator.lower())
    if found is None or found["name"] not in _COMPARISONS:
        raise not_emulated(f"the condition operator {operator}")
    compare, negated = _COMPARISONS[found["name"]]
    if not given:
        if found["if_exists"] or found["set"] == "forallvalues":
            return True
        return negated and found["set"] is None
    matches = [any(compare(value, one) for one in wanted) != negated for value in given]
    return any(matches) if found["set"] == "foranyvalue" else all(matches)


def _presence(wanted: Sequence[str], given: Sequence[str]) -> bool:
    """`Null`: `true` wants the key absent, `false` wants it present."""
    if any(word not in ("true", "false") for word in wanted):
        raise not_emulated(f"the operator Null with {wanted}")
    return ("false" if given else "true") in wanted


def _texts(values: Any) -> list[str]:
    """One value or a list of them, as texts."""
    listed = values if isinstance(values, list) else [values]
    texts = [value if isinstance(value, str) else json.dumps(value) for value in listed]
    for text in texts:
        if "${" in text:
            raise not_emulated(f"the policy variable in {text}")
    return texts
