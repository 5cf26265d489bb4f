"""What docs/drift.md says of each rule: whether a preview tells it, and whether `up` repairs it.

The run of changes by hand in `tests.e2e.tampering` sees whether that is so.
"""

import re
from typing import Final, NamedTuple

from operations.terminal.output import PROJECT

YES: Final = "yes"
#: `slipway up`, or `slipway refresh` and then `pulumi up`.
REFRESHED: Final = "yes, refreshed"
ACCEPTED: Final = "with `--accept`"
NO: Final = "no"
#: The later one speaks for a rule of which several were tried.
ORDER: Final = (YES, REFRESHED, ACCEPTED, NO)

_ROW: Final = re.compile(
    r"^\| `([a-z_]+/[a-z_]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE
)
_REASON: Final = re.compile(r"^- ((?:`[a-z_]+/[a-z_]+`(?: and )?)+): ", re.MULTILINE)


class Row(NamedTuple):
    """Two columns of one rule."""

    seen: str
    repaired: str


def untried(row: Row) -> bool:
    """Whether the row says that the run of changes does not have the rule."""
    return all(cell[0] + cell[-1] == "()" for cell in row)


def _text() -> str:
    return (PROJECT / "docs/drift.md").read_text(encoding="utf-8")


def rows() -> dict[str, Row]:
    """The table, by rule."""
    return {rule: Row(seen, repaired) for rule, seen, repaired in _ROW.findall(_text())}


def reasons() -> set[str]:
    """Rules of which it is said why `up` leaves them."""
    return {rule for line in _REASON.findall(_text()) for rule in re.findall(r"`(.+?)`", line)}
