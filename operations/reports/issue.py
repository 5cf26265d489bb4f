"""One GitHub issue a stack: opened on drift, kept current, closed when all is as declared.

It is known by a label, which takes rights to set, and by a marker at the start of its body. One
that was closed is opened again, so that a stack's history stays in one place. Of two that runs at
the same time made, the older stays; GitHub has no way to make an issue only if there is none.

A run that saw only a part neither closes the issue nor calls a finding gone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from operations.drifting.finding import Finding
from operations.reports.as_markdown import LIMIT, as_markdown
from operations.reports.issues_api import Issues
from operations.reports.report import StackReport, counted

LABEL: Final = "slipway-drift"
#: Findings whose keys a body holds: 13 characters each.
_MOST_KEYS: Final = 1000
_KEYS: Final = re.compile(r"<!-- findings:((?: [0-9a-f]{12})*) -->")

Issue = Mapping[str, Any]


def publish(report: StackReport, repository: str) -> None:
    """Bring the stack's issue to what the report says, with no write where nothing changed.

    Args:
        report: of one stack.
        repository: `OWNER/NAME` of the issue.

    Raises:
        ConfigurationError: as `Issues`.
    """
    issues = Issues(repository)
    mine = _mine(issues, report.stack)
    current = _single(issues, mine) or (mine[-1] if mine else None)
    if report.findings:
        _tell(issues, report, current)
    elif current and current["state"] == "open" and not report.incomplete:
        issues.comment(current["number"], f"{as_markdown([report])}\nClosed: nothing differs.")
        issues.change(current["number"], state="closed", state_reason="completed")


def _tell(issues: Issues, report: StackReport, current: Issue | None) -> None:
    body = _body(report)
    if current is None:
        issues.open(_title(report), body, LABEL)
        _single(issues, _mine(issues, report.stack))
        return
    number, before = current["number"], _known(current["body"])
    keys = {_key(finding): finding for finding in report.findings[:_MOST_KEYS]}
    new = [finding for key, finding in keys.items() if key not in before]
    gone = 0 if report.incomplete else len(before - keys.keys())
    reopened = current["state"] == "closed"
    if report.incomplete and not new and not reopened:
        return
    if _plain(current["body"]) != _plain(body):
        issues.change(number, body=body)
    if reopened:
        issues.change(number, state="open", state_reason="reopened")
    if new or gone or reopened:
        issues.comment(number, _news(report, new, gone, reopened=reopened))


def _news(report: StackReport, new: Sequence[Finding], gone: int, *, reopened: bool) -> str:
    words = [f"{len(new)} new"] if new else []
    words += [f"{gone} gone"] if gone else []
    said = "Drift is back. " if reopened else ""
    said += f"{', '.join(words)}: " if words else ""
    said += f"{counted(len(report.findings), 'finding', 'findings')} now.\n\n"
    if new:
        said += as_markdown([replace(report, findings=tuple(new))], LIMIT - len(said))
    return said


def _mine(issues: Issues, stack: str) -> list[Issue]:
    marker = _marker(stack)
    return [i for i in issues.labelled(LABEL) if (i["body"] or "").startswith(marker)]


def _single(issues: Issues, mine: Sequence[Issue]) -> Issue | None:
    """The oldest open issue; younger ones are closed."""
    still_open = [issue for issue in mine if issue["state"] == "open"]
    for issue in still_open[1:]:
        issues.comment(issue["number"], f"The same as #{still_open[0]['number']}.")
        issues.change(issue["number"], state="closed", state_reason="not_planned")
    return still_open[0] if still_open else None


def _title(report: StackReport) -> str:
    return f"Drift in stack {report.stack}"


def _body(report: StackReport) -> str:
    keys = "".join(f" {_key(finding)}" for finding in report.findings[:_MOST_KEYS])
    head = f"{_marker(report.stack)}\n<!-- findings:{keys} -->\n"
    return head + as_markdown([report], LIMIT - len(head))


def _marker(stack: str) -> str:
    # Two hyphens would end a comment.
    return f"<!-- slipway-drift stack:{quote(stack, safe='').replace('-', '%2D')} -->"


def _known(body: str) -> set[str]:
    found = _KEYS.search(body)
    return set(found[1].split()) if found else set()


def _key(finding: Finding) -> str:
    return sha256("\0".join(finding.as_dict().values()).encode()).hexdigest()[:12]


def _plain(body: str) -> str:
    """The body without what GitHub's editor changes: ends of lines, space around."""
    return body.replace("\r\n", "\n").strip()
