"""Decide whether a deployment branch or tag pattern admits a ref.

GitHub matches these patterns with Ruby's File.fnmatch and FNM_PATHNAME (docs.github.com: deployment
branch policies). These are its rules:

- `*` and `?` match within one part of a name, never a slash; `**` inside a part is `*`.
- `**/` at the beginning of a part matches any number of whole parts, none included.
- `[a-z]` matches one character, `[^a-z]` and `[!a-z]` any other; a set that is not closed, or that
  is empty, matches nothing. A backward range matches its two ends.
- A backslash makes the next character literal.

Deliberately absent: Ruby's rule for parts that begin with a dot. Names of refs have none
(git-check-ref-format).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

OneCharacter = Callable[[str], bool]
"""True if this place of a pattern allows the character."""
Part = Sequence[OneCharacter | None]
"""The conditions for one part of a name, between two slashes; None is `*`."""

Wanted = TypeVar("Wanted")
Found = TypeVar("Found")


def admits(pattern: str, name: str) -> bool:
    """Whether a pattern matches the name of a branch or tag, written without `refs/heads/`.

    The time grows at most with the product of both lengths, for every pattern.
    """
    return _matches(list(parts_of(pattern)), name.split("/"), _part_matches)


def _part_matches(wanted: Part, part: str) -> bool:
    return _matches(wanted, part, lambda allows, character: allows(character))


def _matches(
    wanted: Sequence[Wanted | None], found: Sequence[Found], same: Callable[[Wanted, Found], bool]
) -> bool:
    """Whether `found` matches `wanted`, in order; None in `wanted` matches any number of items."""
    here = there = 0
    any_number, its_end = -1, 0
    while there < len(found):
        item = wanted[here] if here < len(wanted) else None
        if here < len(wanted) and item is None:
            any_number, its_end = here, there
            here += 1
        elif item is not None and same(item, found[there]):
            here, there = here + 1, there + 1
        elif any_number >= 0:
            its_end += 1
            here, there = any_number + 1, its_end
        else:
            return False
    return all(item is None for item in wanted[here:])


def parts_of(pattern: str) -> Iterator[Part | None]:
    """The parts of a pattern; None is `**/`."""
    part: list[OneCharacter | None] = []
    position = 0
    while position < len(pattern):
        if not part and pattern.startswith("**/", position):
            yield None
            position += 3
            continue
        character = pattern[position]
        position += 1
        if character == "\\":
            if position == len(pattern):
                break  # Ruby ignores a backslash at the end
            character = pattern[position]
            position += 1
        elif character in "*?[":
            allowed, position = _wildcard(pattern, character, position)
            part.append(allowed)
            continue
        if character == "/":
            yield part
            part = []
        else:
            part.append(character.__eq__)
    yield part


def _wildcard(pattern: str, sign: str, position: int) -> tuple[OneCharacter | None, int]:
    """The condition of a wildcard, and the position after it."""
    if sign == "*":
        return None, position
    if sign == "?":
        return lambda _character: True, position
    return _set(pattern, position)


def _set(pattern: str, position: int) -> tuple[OneCharacter, int]:
    """The characters of a `[...]` whose inside begins at `position`."""
    negated = pattern[position : position + 1] in {"!", "^"}
    position += negated
    ranges: list[tuple[str, str]] = []
    while position < len(pattern):
        if pattern[position] == "]":
            return _one_of(ranges, negated=negated), position + 1
        low, position = _member(pattern, position)
        high = low
        if pattern[position : position + 1] == "-" and pattern[position + 1 : position + 2] != "]":
            high, position = _member(pattern, position + 1)
        ranges.append((low, high))
    return (lambda _character: False), position


def _one_of(ranges: Sequence[tuple[str, str]], *, negated: bool) -> OneCharacter:
    def allows(character: str) -> bool:
        inside = any(character in ends or ends[0] < character < ends[1] for ends in ranges)
        return inside != negated

    return allows


def _member(pattern: str, position: int) -> tuple[str, int]:
    """One character of a set, and the position after it."""
    if pattern[position : position + 1] == "\\" and position + 1 < len(pattern):
        position += 1
    return pattern[position : position + 1], position + 1
