"""Findings at a terminal: a table for each repository, the weakest first."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from components.config.sanitize import visible
from operations.diff.finding import Direction, Finding
from operations.reports.remedies import parts, remedies, row_remedy
from operations.reports.report import StackReport
from operations.reports.words import words
from operations.terminal.output import has_lines

_STYLES: Final = {
    Direction.WEAKER: "bold red",
    Direction.STRONGER: "yellow",
    Direction.NEUTRAL: "",
}


def print_reports(reports: Sequence[StackReport], console: Console) -> None:
    """Print the findings of each stack, then its summary and its remedies."""
    for report in reports:
        for part in _parts(report, folded=has_lines(console)):
            console.print(part)


def _parts(report: StackReport, *, folded: bool) -> Iterator[RenderableType]:
    for repository, findings in report.by_repository():
        yield Text(visible(report.title(repository)), "bold")
        rows = [finding for finding, _ in report.rows(findings)]
        yield from [_table(report, rows)] if folded else (_lines(report, row) for row in rows)
    for reason in report.incomplete:
        yield Text(f"incomplete: {visible(reason)}", "bold yellow")
    yield Text(report.summary(), "bold")
    for remedy in remedies(report):
        yield Text(f"  {''.join(visible(text) for text, _ in parts(remedy))}")


def _table(report: StackReport, findings: Sequence[Finding]) -> Table:
    """A table of two columns. Values are below the place, so that they have 66 of 80 characters."""
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(min_width=max(map(len, Direction)))
    table.add_column(overflow="fold")
    for finding in findings:
        style = _STYLES[finding.direction]
        text = Text("\n".join((*words(finding), _remedy(report, finding))))
        text.append("".join(f"\n{visible(line)}" for line in report.diff(finding)))
        if link := report.link(finding):
            # A folded address stays one link, where the terminal shows links.
            text.append(f"\n{link}", Style(link=link))
        table.add_row(Text(finding.direction, style), text)
    return table


def _remedy(report: StackReport, finding: Finding) -> str:
    return "".join(visible(text) for text, _ in parts(row_remedy(finding, report.stack)))


def _lines(report: StackReport, finding: Finding) -> Text:
    """The same for a pipe, without line breaks in values, so that `grep` finds them."""
    what, *others = (
        *words(finding),
        _remedy(report, finding),
        *map(visible, report.diff(finding)),
        report.link(finding),
    )
    below = "".join(f"\n{'':14}{line}" for line in others if line)
    return Text(f"  {finding.direction:<8}    {what}{below}")
