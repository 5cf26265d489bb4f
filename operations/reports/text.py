"""Findings for people at a terminal: a table for each repository, the weakest first."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from operations.drifting.finding import Direction, Finding, Repair
from operations.reports.report import StackReport

_STYLES: Final = {
    Direction.WEAKER: "bold red",
    Direction.STRONGER: "yellow",
    Direction.NEUTRAL: "",
}
_ORDER: Final = list(Direction)
#: Values are shown up to here; JSON has them whole.
_WIDTH: Final = 60


def print_reports(reports: Sequence[StackReport], console: Console) -> None:
    """Print every stack's findings and, for each, a last line that sums up."""
    for report in reports:
        for part in _parts(report):
            console.print(part)


def _parts(report: StackReport) -> Iterator[RenderableType]:
    for repository, findings in groupby(report.findings, lambda finding: finding.repository):
        yield Text(f"{report.owner}/{repository}" if repository else "accounts", "bold")
        yield _table(sorted(findings, key=lambda finding: _ORDER.index(finding.direction)))
    for reason in report.incomplete:
        yield Text(f"incomplete: {reason}", "bold yellow")
    yield Text(report.summary(), "bold")
    yield from (Text(f"  {line}") for line in remedies(report))


def _table(findings: Sequence[Finding]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for finding in findings:
        style = _STYLES[finding.direction]
        what = f"{finding.object}: {finding.field}" if finding.field else finding.object
        live = f"{_short(finding.declared)} -> {_short(finding.live)}"
        table.add_row(Text(finding.direction, style), Text(what), Text(live))
    return table


def _short(value: str) -> str:
    if not value:
        return "nothing"
    return value if len(value) <= _WIDTH else f"{value[: _WIDTH - 1]}…"


def remedies(report: StackReport) -> Iterator[str]:
    """What to do about the findings, a line for each kind of remedy."""
    for repair, words in (
        (Repair.UP, f"pulumi up --refresh --stack {report.stack}"),
        (Repair.REFRESH, f"slipway refresh {report.stack}, then pulumi up --stack {report.stack}"),
        (Repair.HAND, "by hand: undo it there, or declare it"),
    ):
        count = sum(finding.repair is repair for finding in report.findings)
        if count:
            yield f"{count} repaired by {words}".replace("repaired by by hand", "by hand")
