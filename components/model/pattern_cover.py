"""Decide whether deployment patterns together admit everything that another pattern admits.

A pattern is a finite automaton (`ref_patterns` has the rules), so the question has an exact answer:
walk through all names that the pattern admits, one character for each group of characters that no
pattern tells apart, until the others do not admit one. That name is the example of a message.
Deliberately absent: git's other rules for names of refs (no `..`, no end in `.lock`); without them
the answer may be "not covered" for names that no ref can have.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from components.model.ref_patterns import Part, admits, parts_of

#: Characters that may be in the name of a ref (git-check-ref-format), in the order of preference
#: for an example. Patterns add their own.
_CHARACTERS: Final = (
    "xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!\"#$%&'()+,;<=>@]`{|}é"
)
_NEVER: Final = frozenset(" ~^:?*[\\/\x7f")
_WILD: Final = frozenset("*?[\\")
#: Steps of the walk; patterns of people need some dozens.
_MOST: Final = 5_000

#: Part of the pattern, place in the part; -1 is "inside a part that `**/` skips".
_Place = tuple[int, int]
_Places = frozenset[_Place]


class _Automaton:
    """A pattern as states between the characters of a name."""

    def __init__(self, pattern: str) -> None:
        self.parts: list[Part | None] = list(parts_of(pattern))
        self.start = self._further({(0, 0)})

    def after(self, places: _Places, character: str) -> _Places:
        """The places after one more character; a slash ends a part."""
        found: set[_Place] = set()
        for here, there in places:
            part = self.parts[here]
            if character == "/":
                if part is None:
                    found.add((here, 0))
                elif there == len(part) and here + 1 < len(self.parts):
                    found.add((here + 1, 0))
            elif part is None:
                found.add((here, -1))
            elif there < len(part):
                condition = part[there]
                if condition is None:
                    found.add((here, there))
                elif condition(character):
                    found.add((here, there + 1))
        return self._further(found)

    def ends(self, places: _Places) -> bool:
        """Whether a name may end here."""
        last = self.parts[-1]
        return last is not None and (len(self.parts) - 1, len(last)) in places

    def _further(self, places: set[_Place]) -> _Places:
        """The places, with those that need no character: after `*`, and after `**/`."""
        found, new = set(places), list(places)
        while new:
            here, there = new.pop()
            part = self.parts[here]
            if part is None:
                step = (here + 1, 0) if there == 0 and here + 1 < len(self.parts) else None
            else:
                step = (here, there + 1) if there < len(part) and part[there] is None else None
            if step is not None and step not in found:
                found.add(step)
                new.append(step)
        return frozenset(found)


def uncovered(pattern: str, allowed: Sequence[str]) -> str | None:
    """A ref's name that a pattern admits and no allowed one does; None if there is none.

    It is the pattern itself if the patterns are too large to be compared.
    """
    if pattern in allowed:
        return None
    if not _WILD & set(pattern):
        return None if any(admits(one, pattern) for one in allowed) else pattern
    ours, others = _Automaton(pattern), [_Automaton(one) for one in allowed]
    characters = list(_representatives([pattern, *allowed], [ours, *others]))
    begin = (ours.start, tuple(one.start for one in others), False)
    seen, waiting = {begin}, [("", *begin)]
    for name, places, theirs, inside in waiting:
        covered = any(one.ends(at) for one, at in zip(others, theirs, strict=True))
        if inside and ours.ends(places) and not covered:
            return name
        for character in [*characters, "/"]:
            # No part of a ref's name is empty or begins with a dot.
            if not inside and character in "/.":
                continue
            next_places = ours.after(places, character)
            pairs = zip(others, theirs, strict=True)
            state = (
                next_places,
                tuple(one.after(at, character) for one, at in pairs),
                character != "/",
            )
            if next_places and state not in seen:
                seen.add(state)
                waiting.append((name + character, *state))
        if len(seen) > _MOST:
            return pattern
    return None


def _representatives(patterns: Sequence[str], automata: Sequence[_Automaton]) -> Iterator[str]:
    """One character of each group of characters that every condition treats alike."""
    own = {character for text in patterns for character in text}
    beside = {chr(code) for one in own if one > "~" for code in (ord(one) - 1, ord(one) + 1)}
    further = sorted(one for one in own | beside if one > " " and one not in _NEVER)
    conditions = [
        condition
        for automaton in automata
        for part in automaton.parts
        for condition in part or ()
        if condition is not None
    ]
    groups: set[tuple[bool, ...]] = set()
    for character in (*_CHARACTERS, *further):
        # A dot is a group of its own: it does not begin a part.
        group = (character == ".", *(condition(character) for condition in conditions))
        if group not in groups:
            groups.add(group)
            yield character
