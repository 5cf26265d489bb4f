"""Read a statement of an IAM policy as choices, without writing out their combinations.

A statement that lists several actions, resources, principals or values of a condition is the union
of statements with one of each (IAM User Guide: policy elements). These may not fit into memory,
so they are written out only for messages.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

#: Elements whose list means "any of these".
_UNIONS: Final = ("Action", "Resource")
#: Operators that negate their values, or compare sets of values: all of them count together.
_NEGATED: Final = ("Not", "ForAllValues", "ForAnyValue")

Demand = tuple[str, str]
"""The operator of a condition, and its key in lower case."""


@dataclass(frozen=True)
class Statement:
    """One statement without its `Sid`, which has no meaning."""

    fixed: Mapping[str, Any]
    """Elements without a choice, such as `Effect`."""
    choices: Mapping[str, tuple[Any, ...]]
    """The values of `Action`, `Resource` and `Principal`, if the statement has them."""
    conditions: Mapping[Demand, tuple[Any, ...]] | None
    """Values of each condition, of which one suffices; None without a `Condition`."""

    @property
    def denies(self) -> bool:
        """True if its effect is Deny."""
        return self.fixed.get("Effect") == "Deny"

    @property
    def kind(self) -> str:
        """The parts that are equal in two comparable statements."""
        return in_json([self.fixed, sorted(self.choices)])

    @property
    def size(self) -> int:
        """The number of its single statements."""
        return prod(map(len, [*self.choices.values(), *(self.conditions or {}).values()]))

    def singles(self) -> Iterator[dict[str, Any]]:
        """The statements with one of each choice."""
        demands = self.conditions or {}
        for chosen in product(*self.choices.values(), *demands.values()):
            single = {**self.fixed, **dict(zip(self.choices, chosen, strict=False))}
            if self.conditions is not None:
                condition: dict[str, dict[str, Any]] = {}
                values = chosen[len(self.choices) :]
                for (operator, key), value in zip(demands, values, strict=True):
                    condition.setdefault(operator, {})[key] = value
                single["Condition"] = condition
            yield single


def parse(statement: Mapping[str, Any]) -> Statement:
    """Read a statement of a document."""
    fixed: dict[str, Any] = {}
    choices: dict[str, tuple[Any, ...]] = {}
    conditions: dict[Demand, tuple[Any, ...]] | None = None
    for key, value in statement.items():
        if key in _UNIONS:
            choices[key] = tuple(listed(value))
        elif key == "Principal":
            choices[key] = tuple(_principals(value))
        elif key == "Condition":
            conditions = dict(_demands(value))
        elif key != "Sid":
            fixed[key] = _ordered(value)
    return Statement(fixed, choices, conditions)


def listed(value: Any) -> list[Any]:
    """The value as a list: IAM may write a list of one without brackets."""
    return list(value) if isinstance(value, list | tuple) else [value]


def in_json(value: Any) -> str:
    """The value as JSON, equal for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _principals(value: Any) -> list[Any]:
    if not isinstance(value, Mapping):
        return [value]
    return [{kind: one} for kind, several in value.items() for one in listed(several)]


def _demands(value: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Demand, tuple[Any, ...]]]:
    for operator, wanted in value.items():
        for key, several in wanted.items():
            if any(part in operator for part in _NEGATED):
                yield (operator, key.lower()), (_ordered(several),)
            else:
                yield (operator, key.lower()), tuple(listed(several))


def _ordered(value: Any) -> Any:
    """The value; a list is sorted."""
    return sorted(value, key=str) if isinstance(value, list | tuple) else value
