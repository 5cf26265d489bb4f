"""Findings as one self-contained HTML page that sends no request.

Every text from outside is escaped. The content policy allows only the page's own style and script,
by their hashes, so markup that was not escaped could neither load nor run anything (w3.org: Content
Security Policy Level 3). In a browser without scripts the page still shows everything.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files

from components.config.sanitize import visible
from operations.diff.finding import Direction, Finding
from operations.reports.policy_text import laid_out
from operations.reports.remedies import parts, remedies, row_remedy
from operations.reports.report import StackReport
from operations.reports.words import site
from operations.terminal.lists import counted
from operations.terminal.shorten import NOTHING


def as_html(reports: Sequence[StackReport]) -> str:
    """The whole document."""
    style, script = (_source(name) for name in ("page.css", "page.js"))
    found = sum(len(report.findings) for report in reports)
    title = f"Drift: {counted(found, 'finding', 'findings')}"
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>",
        "<header>\n<h1>Drift</h1>",
        "<p class=soft>Declared in <code>stacks/</code>, compared with GitHub and AWS.</p>",
        f"{_counts(reports)}\n</header>\n<main>",
        *([_form(reports)] if found else []),
        *(part for report in reports for part in _stack(report)),
        "</main>",
        *([f"<script>{script}</script>"] if found else []),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _source(name: str) -> str:
    return files("operations.reports").joinpath(name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"


def _counts(reports: Sequence[StackReport]) -> str:
    directions = Counter(finding.direction for report in reports for finding in report.findings)
    numbers = {
        "findings": directions.total(),
        **{str(direction): directions[direction] for direction in Direction},
        "repositories differ": sum(report.differing for report in reports),
        "repositories in all": sum(report.total for report in reports),
    }
    items = (f"<li><b>{number}</b>{words}</li>" for words, number in numbers.items())
    return f'<ul class="counts" aria-label="Counts">{"".join(items)}</ul>'


def _form(reports: Sequence[StackReport]) -> str:
    titles = {report.title(name): None for report in reports for name, _ in report.by_repository()}
    return (
        '<form hidden aria-label="Filter">'
        f"{_select('direction', [str(each) for each in Direction])}"
        f'{_select("repository", sorted(titles))}<output role="status"></output></form>'
    )


def _select(name: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    options = f'<option value="">all</option>{options}'
    return f'<label>{name}<select name="{name}">{options}</select></label>'


def _stack(report: StackReport) -> Iterator[str]:
    clean = not report.findings and not report.incomplete
    when = report.when.isoformat(timespec="minutes")
    yield f"<section>\n<h2>{escape(report.stack)}</h2>"
    yield f"<p{' class=good' if clean else ''}>{escape(report.summary())}</p>"
    time = f'<time datetime="{when}">{report.when:%Y-%m-%d %H:%M} UTC</time>'
    yield f"<p class=soft>Looked at {time}</p>"
    for reason in report.incomplete:
        yield f'<p class="note"><strong>Incomplete:</strong> {escape(visible(reason))}</p>'
    if report.findings:
        lines = "".join(f"<li>{_remedy(line)}</li>" for line in remedies(report))
        yield f'<ul aria-label="What to do">{lines}</ul>'
    for repository, findings in report.by_repository():
        rows = [finding for finding, _ in report.rows(findings)]
        yield _group(report, report.title(repository), rows, len(findings))
    yield "</section>"


def _remedy(line: str) -> str:
    return "".join(_value(text) if is_code else escape(text) for text, is_code in parts(line))


def _group(report: StackReport, title: str, findings: Sequence[Finding], number: int) -> str:
    name = escape(title)
    weaker = sum(finding.direction is Direction.WEAKER for finding in findings)
    count = counted(number, "finding", "findings")
    mark = f', <span class="weaker">{weaker} weaker</span>' if weaker else ""
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Direction", "What", "Declared → live", "Repair")
    )
    return (
        f'<details open data-repository="{name}"><summary><h3>{name}</h3> '
        f'<span class="soft">{count}{mark}</span></summary>\n'
        f'<table aria-label="{name}"><thead><tr>{heads}</tr></thead>\n<tbody>\n'
        f"{''.join(_row(report, one) for one in findings)}</tbody></table></details>"
    )


def _row(report: StackReport, finding: Finding) -> str:
    field = f"<br><b>{escape(visible(finding.field))}</b>" if finding.field else ""
    return (
        f'<tr data-direction="{finding.direction}">'
        f'<td class="{finding.direction}">{finding.direction}</td>'
        f'<th scope="row">{escape(visible(str(finding.object)))}{field}</th>'
        f"<td><dl><dt>declared</dt><dd>{_value(finding.declared)}</dd>"
        f"<dt>live</dt><dd>{_value(finding.live)}</dd></dl>{_diff(finding)}</td>"
        f"<td>{_remedy(row_remedy(finding, report.stack))}{_link(report.link(finding))}</td></tr>\n"
    )


def _diff(finding: Finding) -> str:
    if not finding.diff:
        return ""
    lines = "\n".join(_diff_line(escape(visible(line)), line) for line in finding.diff)
    return f"<details><summary>diff</summary><pre><code>{lines}</code></pre></details>"


def _diff_line(shown: str, line: str) -> str:
    sign = {"+": "ins", "-": "del"}.get(line[:1])
    return f"<{sign}>{shown}</{sign}>" if sign else shown


def _link(url: str) -> str:
    if not url:
        return ""
    return f'<br><a href="{escape(url)}" rel="noopener noreferrer">{site(url)}</a>'


def _value(text: str) -> str:
    lines = "\n".join(visible(line) for line in laid_out(text))
    return f"<code>{escape(lines or NOTHING)}</code>"
