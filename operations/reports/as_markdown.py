"""Findings as GitHub's Markdown, for an issue, a comment or a job's summary.

Text from outside is put into `<code>`, where GitHub makes neither mentions nor references. Each
character that has a meaning in Markdown becomes a numeric character reference, which CommonMark
never reads as structure (spec.commonmark.org: entity and numeric character references).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.reports.remedies import parts, remedies, row_remedy
from operations.reports.report import StackReport
from operations.reports.words import WIDTH, shown, site, what
from operations.terminal.lists import counted
from operations.terminal.shorten import short

#: GitHub's limit of an issue's or a comment's body, in characters.
LIMIT: Final = 65_536
#: A reason may be the whole output of Pulumi; it must leave room for findings.
_REASON_WIDTH: Final = 1000
_HEAD: Final = "| | what | declared | live | repair |\n|---|---|---|---|---|"
#: Room for the line that counts the findings left out.
_REST: Final = 100
_MEANING: Final = re.compile(r"[^\w \-.,/=+]|_|(?<=[wW]{3})\.")


def as_markdown(reports: Sequence[StackReport], limit: int = LIMIT) -> str:
    """The reports, cut to at most `limit` characters; a last line counts findings left out."""
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
    without = 0
    for piece in (piece for report in reports for piece in _diffs(report)):
        if len(piece) + 1 > room:
            without += 1
            continue
        lines.append(piece)
        room -= len(piece) + 1
    if without:
        lines.append(f"\n{counted(without, 'diff is', 'diffs are')} left out here.")
    return "\n".join(lines) + "\n"


def _diffs(report: StackReport) -> Iterator[str]:
    """The diffs of edited workflow files, which come after all findings."""
    for repository, findings in report.by_repository():
        for finding in findings:
            if lines := report.diff(finding):
                place = code(f"{report.title(repository)}: {what(finding)}")
                text = "\n".join(map(_coded, lines))
                # In a block that begins with <pre>, Markdown has no structure until </pre>.
                head = f"\n<details><summary>{place}</summary>"
                yield f"{head}\n\n<pre><code>{text}\n</code></pre>\n\n</details>"


def code(text: str) -> str:
    """Text from outside, without any effect in Markdown."""
    return f"<code>{_coded(text)}</code>"


def _coded(text: str) -> str:
    return _MEANING.sub(lambda match: f"&#{ord(match[0])};", visible(text))


def _lines(report: StackReport) -> Iterator[tuple[str, int]]:
    """Each piece of text, and the number of findings in it."""
    yield f"## {code(report.stack)}\n\n{report.summary().partition(': ')[2]}.\n", 0
    yield from (
        (f"> incomplete: {code(short(reason, _REASON_WIDTH))}\n", 0) for reason in report.incomplete
    )
    yield from ((f"- {_remedy(line)}", 0) for line in remedies(report))
    for repository, findings in report.by_repository():
        head = f"\n### {code(report.title(repository))}\n\n{_HEAD}\n"
        for finding, count in report.rows(findings):
            yield head + _row(report, finding), count
            head = ""


def _row(report: StackReport, finding: Finding) -> str:
    cells = (
        f"**{finding.direction}**" if finding.direction == "weaker" else str(finding.direction),
        code(short(what(finding), WIDTH)),
        *map(code, shown(finding)),
        _remedy(row_remedy(finding, report.stack)) + _link(report.link(finding)),
    )
    return f"| {' | '.join(cells)} |"


def _link(url: str) -> str:
    """A link to a page. An address has no character of Markdown but those replaced here."""
    if not url:
        return ""
    target = "".join(f"%{ord(sign):02X}" if sign in "()<>|`*" else sign for sign in url)
    return f" ([{site(url)}]({target}))"


def _remedy(line: str) -> str:
    """A remedy. Its commands contain the stack's name, which is text from outside."""
    return "".join(code(text) if is_code else text for text, is_code in parts(line))
