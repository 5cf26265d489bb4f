"""The table of rules in docs/drift.md; `python -m tests.operations.diff.documented` writes it.

The run of manual changes in `tests.e2e.tampering` verifies the table.
"""

import re
from typing import Final, NamedTuple

from components.objects.rules import RULES
from operations.terminal.output import PROJECT

YES: Final = "yes"
#: `slipway up`, or `slipway refresh` and then `pulumi up`.
REFRESHED: Final = "yes, refreshed"
ACCEPTED: Final = "with `--accept`"
NO: Final = "no"
#: If several cases have the same rule, the last one counts.
ORDER: Final = (YES, REFRESHED, ACCEPTED, NO)

HEAD: Final = "| rule | what it means | seen by plain preview | repaired by up |\n|---|---|---|---|"
_TABLE: Final = re.compile(rf"^{re.escape(HEAD)}\n(?:\|.*\n)*", re.MULTILINE)
_REASON: Final = re.compile(r"^- ((?:`[a-z_]+/[a-z_]+`(?: and )?)+): ", re.MULTILINE)


class Row(NamedTuple):
    """Two columns of the table for one rule."""

    seen: str
    repaired: str


def untried(row: Row) -> bool:
    """True if the row says that the run of changes does not try the rule."""
    return all(cell[0] + cell[-1] == "()" for cell in row)


_DOCUMENT: Final = PROJECT / "docs/drift.md"


def _text() -> str:
    return _DOCUMENT.read_text(encoding="utf-8")


def rows() -> dict[str, Row]:
    """Return the two columns by rule."""
    return {name: Row(rule.seen, rule.repaired) for name, rule in RULES.items()}


def with_table() -> str:
    """Return the document with the current table."""
    lines = [f"| `{name}` | {r.meaning} | {r.seen} | {r.repaired} |" for name, r in RULES.items()]
    table = "\n".join([HEAD, *lines, ""])
    return _TABLE.sub(lambda _: table, _text())


def reasons() -> set[str]:
    """Return the rules for which the document says why `up` leaves them."""
    return {rule for line in _REASON.findall(_text()) for rule in re.findall(r"`(.+?)`", line)}


if __name__ == "__main__":
    _DOCUMENT.write_text(with_table(), encoding="utf-8")
