"""The unified diff of a workflow file: from the declared text to the live one.

Lines are compared whole: comparing their characters takes minutes for hostile texts. Deliberately
absent: making the lines visible, which each form of a report does.
"""

import difflib
from typing import Final, NamedTuple

#: The most lines of a diff, and the longest line; the rest is counted.
MOST: Final = 2000
WIDTH: Final = 500
_HEAD: Final = ("--- declared", "+++ live")


class FileDiff(NamedTuple):
    """How a file differs."""

    summary: str
    """The numbers of added and removed lines, or that only line endings differ."""
    lines: tuple[str, ...]
    """The unified diff, bounded; empty if both texts have the same lines."""


def file_diff(declared: str, live: str) -> FileDiff:
    """Compare two texts of a file."""
    both = (declared.splitlines(), live.splitlines())
    # The first two lines name the files.
    lines = list(difflib.unified_diff(*both, lineterm=""))[2:]
    if not lines:
        return FileDiff("only line endings differ", ())
    came, went = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    shown = [*_HEAD, *map(_cut, lines[:MOST])]
    if len(lines) > MOST:
        shown.append(f"… {len(lines) - MOST} more lines")
    return FileDiff(f"+{came} -{went} lines", tuple(shown))


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"
