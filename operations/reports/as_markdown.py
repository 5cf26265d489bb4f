"""Findings as GitHub's Markdown, for an issue, a comment or a job's summary.

Others' text stands in `<code>`, where GitHub makes neither mentions nor references, with every
character that means something to Markdown as a numeric character reference, which CommonMark never
takes for structure (spec.commonmark.org: entity and numeric character references).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.guard.consent import repaired_by
from operations.reports.remedies import parts, remedies
from operations.reports.report import StackReport, counted
from operations.terminal.shorten import pair, short

#: GitHub's limit of an issue's or a comment's body, in characters.
LIMIT: Final = 65_536
#: Values are shown up to here; JSON has them whole.
_WIDTH: Final = 200
#: A reason may be all that Pulumi said; it must leave room for findings.
_REASON_WIDTH: Final = 1000
_HEAD: Final = "| | what | declared | live | repair |\n|---|---|---|---|---|"
#: Room for the words that say what was left out.
_REST: Final = 100
_MEANING: Final = re.compile(r"[^\w \-.,/=+]|_|(?<=[wW]{3})\.")


def as_markdown(reports: Sequence[StackReport], limit: int = LIMIT) -> str:
    """The reports, cut to at most `limit` characters; what is left out is counted."""
    lines: list[str] = []
    room, left = limit - _REST, 0
    for line, findings in (piece for report in reports for piece in _lines(report)):
        if left or len(line) + 1 > room:
            left += findings
            room = 0
            continue
        lines.append(line)
        room -= len(line) + 1
    if room <= 0:
        lines.append(f"\n{counted(left, 'finding is', 'findings are')} left out here.")
    return "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Others' text, inert."""
    return f"<code>{_MEANING.sub(lambda match: f'&#{ord(match[0])};', visible(text))}</code>"


def _lines(report: StackReport) -> Iterator[tuple[str, int]]:
    """Each piece, and how many findings it tells."""
    yield f"## {code(report.stack)}\n\n{report.summary().partition(': ')[2]}.\n", 0
    yield from (
        (f"> incomplete: {code(short(reason, _REASON_WIDTH))}\n", 0) for reason in report.incomplete
    )
    yield from ((f"- {_remedy(line)}", 0) for line in remedies(report))
    for repository, findings in report.by_repository():
        head = f"\n### {code(report.title(repository))}\n\n{_HEAD}\n"
        for finding, count in report.rows(findings):
            yield head + _row(finding), count
            head = ""


def _row(finding: Finding) -> str:
    what = f"{finding.object}: {finding.field}" if finding.field else finding.object
    cells = (
        f"**{finding.direction}**" if finding.direction == "weaker" else str(finding.direction),
        code(short(str(what), _WIDTH)),
        *map(code, pair(finding.declared, finding.live, _WIDTH)),
        repaired_by(finding),
    )
    return f"| {' | '.join(cells)} |"


def _remedy(line: str) -> str:
    """A remedy, whose commands hold the stack's name."""
    return "".join(code(text) if is_code else text for text, is_code in parts(line))
