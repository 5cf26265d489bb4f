"""Decide whether other statements cover a statement of an IAM policy.

Some of the other statements cover each choice of the statement (an action, a resource, ...); they
are the bits of an integer. A combination of choices is covered if one other statement covers each
of its choices. Combinations with the same integer are one; usually there are few. If a policy has
too many on purpose, it counts as not covered.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

from operations.diff.iam.patterns import Patterns
from operations.diff.iam.statements import Demand, Statement, in_json

#: Largest number of different integers.
_MOST: Final = 4096


def uncovered(statements: Iterable[Statement], others: Sequence[Statement]) -> Iterator[Statement]:
    """The statements with a combination that no other statement covers, also by wildcards."""
    cover = _Cover(others, exact=False)
    return (one for one in statements if not cover.holds(one))


def says_the_same(one: Sequence[Statement], other: Sequence[Statement]) -> bool:
    """True if both lists have the same combinations, without any wildcard's meaning."""
    ours, theirs = _Cover(one, exact=True), _Cover(other, exact=True)
    return all(map(theirs.holds, one)) and all(map(ours.holds, other))


class _Cover:
    """The other statements; each is one bit."""

    def __init__(self, statements: Sequence[Statement], *, exact: bool) -> None:
        self._statements = statements
        self._exact = exact
        self._kinds: dict[str, int] = {}
        self._same: dict[tuple[str, str], int] = {}
        self._patterns = {}
        if not exact:
            self._patterns["Action"] = self._texts("Action", ignore_case=True)
            self._patterns["Resource"] = self._texts("Resource", ignore_case=False)
        for bit, statement in enumerate(statements):
            kind = self._kind(statement)
            self._kinds[kind] = self._kinds.get(kind, 0) | 1 << bit
            for key, choices in statement.choices.items():
                for choice in choices:
                    same = (key, in_json(choice))
                    self._same[same] = self._same.get(same, 0) | 1 << bit
        self._demands = _Demands(statements, exact=exact)

    def holds(self, special: Statement) -> bool:
        """True if one of these statements covers each combination of a statement."""
        reached = {self._kinds.get(self._kind(special), 0)}
        for key, choices in special.choices.items():
            reached = _both(reached, {self._choice(key, choice) for choice in choices})
        for met in self._demands.met_by(special):
            reached = _both(reached, met)
        return 0 not in reached

    def _kind(self, statement: Statement) -> str:
        if not self._exact:
            return statement.kind
        demands = statement.conditions
        return in_json([statement.kind, None if demands is None else sorted(demands)])

    def _texts(self, key: str, *, ignore_case: bool) -> Patterns:
        groups = {
            bit: [one for one in statement.choices.get(key, ()) if isinstance(one, str)]
            for bit, statement in enumerate(self._statements)
        }
        return Patterns(groups, ignore_case=ignore_case)

    def _choice(self, key: str, choice: Any) -> int:
        if key in self._patterns and isinstance(choice, str):
            return self._patterns[key].covering(choice)
        return self._same.get((key, in_json(choice)), 0)


class _Demands:
    """The conditions of the other statements; each operator and key of a statement is one bit."""

    def __init__(self, statements: Sequence[Statement], *, exact: bool) -> None:
        self._asked = [
            (bit, demand, values)
            for bit, statement in enumerate(statements)
            for demand, values in (statement.conditions or {}).items()
        ]
        self._same: dict[tuple[Demand, str], int] = {}
        likes: dict[str, dict[int, list[str]]] = {}
        for number, (_, demand, values) in enumerate(self._asked):
            for value in values:
                same = (demand, in_json(value))
                self._same[same] = self._same.get(same, 0) | 1 << number
            if demand[0] == "StringLike" and not exact:
                texts = [value for value in values if isinstance(value, str)]
                likes.setdefault(demand[1], {})[number] = texts
        self._patterns = {key: Patterns(groups) for key, groups in likes.items()}

    def met_by(self, special: Statement) -> Iterator[set[int]]:
        """For each key, the statements whose conditions on it are met, for each chosen value.

        The bits above those of the statements are set as well.
        """
        given: dict[str, list[set[int]]] = {key: [] for _, (_, key), _ in self._asked}
        for (operator, key), values in (special.conditions or {}).items():
            if key in given:
                given[key].append({self._meets(operator, key, value) for value in values})
        for key, choices in given.items():
            met = reduce(_either, choices, {0})
            yield {self._statements_with(key, numbers) for numbers in met}

    def _meets(self, operator: str, key: str, value: Any) -> int:
        found = self._same.get(((operator, key), in_json(value)), 0)
        if key in self._patterns and isinstance(value, str):
            if operator == "StringLike":
                found |= self._patterns[key].covering(value)
            elif operator == "StringEquals":
                found |= self._patterns[key].matching(value)
        return found

    def _statements_with(self, key: str, met: int) -> int:
        missed = {
            bit
            for number, (bit, (_, asked), _) in enumerate(self._asked)
            if asked == key and not met >> number & 1
        }
        return ~reduce(or_, (1 << bit for bit in missed), 0)


def _both(some: set[int], others: set[int]) -> set[int]:
    found = {one & other for one in some for other in others}
    return found if len(found) <= _MOST else {0}


def _either(some: set[int], others: set[int]) -> set[int]:
    found = {one | other for one in some for other in others}
    return found if len(found) <= _MOST else {0}
