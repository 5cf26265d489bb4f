"""The table of rules in docs/drift.md; `python -m tests.operations.diff.documented` writes it.

The run of changes by hand in `tests.e2e.tampering` sees whether that is so.
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
#: The later one speaks for a rule of which several were tried.
ORDER: Final = (YES, REFRESHED, ACCEPTED, NO)

HEAD: Final = "| rule | what it means | seen by plain preview | repaired by up |\n|---|---|---|---|"
_TABLE: Final = re.compile(rf"^{re.escape(HEAD)}\n(?:\|.*\n)*", re.MULTILINE)
_REASON: Final = re.compile(r"^- ((?:`[a-z_]+/[a-z_]+`(?: and )?)+): ", re.MULTILINE)


class Row(NamedTuple):
    """Two columns of one rule."""

    seen: str
    repaired: str


def untried(row: Row) -> bool:
    """Whether the row says that the run of changes does not have the rule."""
    return all(cell[0] + cell[-1] == "()" for cell in row)


_DOCUMENT: Final = PROJECT / "docs/drift.md"


def _text() -> str:
    return _DOCUMENT.read_text(encoding="utf-8")


def rows() -> dict[str, Row]:
    """The two columns, by rule."""
    return {name: Row(rule.seen, rule.repaired) for name, rule in RULES.items()}


def with_table() -> str:
    """The document with the table as it should be."""
    lines = [f"| `{name}` | {r.meaning} | {r.seen} | {r.repaired} |" for name, r in RULES.items()]
    table = "\n".join([HEAD, *lines, ""])
    return _TABLE.sub(lambda _: table, _text())


def reasons() -> set[str]:
    """Rules of which it is said why `up` leaves them."""
    return {rule for line in _REASON.findall(_text()) for rule in re.findall(r"`(.+?)`", line)}


if __name__ == "__main__":
    _DOCUMENT.write_text(with_table(), encoding="utf-8")
