"""The checks of stacks as one table, one line for each check, with the worst result in colour."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from components.config.sanitize import message, visible
from operations.checks.check import Check, Result, StackChecks
from operations.terminal.output import has_lines

_STYLES: Final = {
    Result.PROBLEM: "bold red",
    Result.NOT_ASKED: "bold yellow",
    Result.NOTICE: "yellow",
    Result.OK: "green",
}


def print_checks(stacks: Sequence[StackChecks], console: Console) -> None:
    """Print the table; with several stacks their names are a column of it."""
    rows = [(stack, check) for stack in stacks for check in stack.checks]
    named = bool(stacks[1:])
    cells = [_cells(stack, check, named=named) for stack, check in rows]
    if has_lines(console):
        console.print(_table([check for _, check in rows], cells))
        return
    # In a pipe a line has no width: each check is one line, so that `grep` finds it.
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        padded = [f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)]
        console.print(Text("  ".join(padded).rstrip()))


def _table(checks: Sequence[Check], cells: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for check, row in zip(checks, cells, strict=True):
        result, *others = row
        table.add_row(Text(result, _STYLES[check.result]), *map(Text, others))
    return table


def _cells(stack: StackChecks, check: Check, *, named: bool) -> list[str]:
    own = [visible(stack.stack)] if named else []
    return [str(check.result), *own, check.of, check.name, visible(message(check.answer))]
