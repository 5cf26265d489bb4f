"""IAM's patterns: `*` is any number of characters, `?` is one (IAM User Guide: policy elements).

Every comparison of a pattern with a text or another pattern is here. All patterns of a comparison
are one automaton whose states are the bits of an integer; each compared character is one step. So
the time depends on the lengths only, also for hostile patterns.
`${*}`, `${?}` and `${$}` are these characters themselves; other policy variables are text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Final

_SIGN: Final = re.compile(r"\$\{[*?$]\}|.", re.DOTALL)
_WILDCARDS: Final = frozenset("*?")
#: A policy variable that stands for a character.
_ITSELF: Final = {"${$}": "$"}


class Patterns:
    """Groups of patterns that are compared with a text or pattern in one pass."""

    def __init__(self, groups: Mapping[int, Iterable[str]], *, ignore_case: bool = False) -> None:
        """Build the automaton.

        Args:
            groups: the patterns of each group, by the number of the bit that stands for the group.
            ignore_case: True to ignore the case of letters, as in names of actions.
        """
        self._ignore_case = ignore_case
        self._start = self._loops = self._any = 0
        self._match: dict[str, int] = {}
        self._ends: dict[int, int] = {}
        self._known: dict[tuple[str, ...], int] = {}
        state = 0
        for group, patterns in groups.items():
            for pattern in dict.fromkeys(map(self._cased, patterns)):
                state = self._add(pattern, state)
                self._ends[group] = self._ends.get(group, 0) | 1 << (state - 1)
        for char in self._match:
            self._match[char] |= self._any

    def covering(self, pattern: str) -> int:
        """Bits of the groups with a pattern that matches every text that this one matches."""
        return self._run(tuple(_signs(self._cased(pattern))))

    def matching(self, text: str) -> int:
        """Bits of the groups with a pattern that matches this literal text."""
        return self._run(tuple(_literal(self._cased(text))))

    def may_begin(self, text: str) -> bool:
        """True if one of the patterns matches some text with this beginning."""
        return bool(self._after(_literal(self._cased(text))))

    def _cased(self, text: str) -> str:
        return text.lower() if self._ignore_case else text

    def _add(self, pattern: str, state: int) -> int:
        """Add the states of one pattern from the given state on; return the next free state."""
        self._start |= 1 << state
        for wild, run in groupby(_signs(pattern), key=_WILDCARDS.__contains__):
            signs = list(run)
            # A gap of unknown length may grow at each of its states, at any position of its star.
            looping = wild and "*" in signs
            self._loops |= looping << state
            for sign in signs:
                if sign == "*":
                    continue
                if sign == "?":
                    self._any |= 1 << state
                else:
                    self._match[sign] = self._match.get(sign, 0) | 1 << state
                state += 1
                self._loops |= looping << state
        return state + 1

    def _run(self, signs: tuple[str, ...]) -> int:
        if signs in self._known:
            return self._known[signs]
        states = self._after(signs)
        found = sum(1 << group for group, ends in self._ends.items() if states & ends)
        self._known[signs] = found
        return found

    def _after(self, signs: Iterable[str]) -> int:
        """The remaining states, from each of which some text leads to its pattern's end."""
        states = self._start
        for sign in signs:
            stay = states & self._loops
            if sign == "*":
                states = stay
            else:
                states = (states & self._match.get(sign, self._any)) << 1 | stay
        return states


def matches(pattern: str, text: str, *, ignore_case: bool = False) -> bool:
    """True if a pattern matches a literal text."""
    return bool(_alone(pattern, ignore_case).matching(text))


def may_begin(pattern: str, text: str) -> bool:
    """True if a pattern matches some text with this beginning."""
    return _alone(pattern, ignore_case=False).may_begin(text)


@lru_cache(maxsize=1024)
def _alone(pattern: str, ignore_case: bool) -> Patterns:  # noqa: FBT001 - a cache's key
    return Patterns({0: [pattern]}, ignore_case=ignore_case)


def _signs(pattern: str) -> Iterator[str]:
    """Split a pattern into signs; a wildcard is one character long, an escaped one longer."""
    return (_ITSELF.get(found[0], found[0]) for found in _SIGN.finditer(pattern))


def _literal(text: str) -> Iterator[str]:
    return (f"${{{char}}}" if char in _WILDCARDS else char for char in text)
