"""Keep one GitHub issue for each stack: open it on drift, update it, close it without drift.

The issue is found by a label, which only users with write access can set, and by a marker at the
beginning of its body. A closed issue is reopened, so that a stack's history stays in one place. If
two runs create an issue at the same time, the older issue stays: GitHub cannot create an issue only
if there is none.

A run that could not read everything neither closes the issue nor forgets a finding. If a user
closes the issue, it stays closed until there is a new finding: the body lists the known ones.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from operations.diff.finding import Finding
from operations.reports.as_markdown import LIMIT, as_markdown
from operations.reports.issues.api import Issues
from operations.reports.report import StackReport
from operations.terminal.lists import counted
from operations.terminal.output import talk

LABEL: Final = "slipway-drift"
_WHAT_IT_MARKS: Final = "Drift that slipway found"
#: The largest number of findings whose keys are kept in the body: 13 characters each.
_MOST_KEYS: Final = 1000
_KEYS: Final = re.compile(r"<!-- findings:((?: [0-9a-f]{12})*) -->")

Issue = Mapping[str, Any]


def publish(report: StackReport, repository: str) -> None:
    """Bring the stack's issue up to date, without a write if nothing changed.

    Args:
        report: the report of one stack.
        repository: `OWNER/NAME` of the repository that has the issue.

    Raises:
        ConfigurationError: as `Issues`.
    """
    issues = Issues(repository, report.github)
    mine = _mine(issues, report.stack)
    # If two runs created an issue at the same time, the newer was closed: continue with the oldest.
    current = _single(issues, mine) or (mine[0] if mine else None)
    if current is None and report.findings:
        issues.make_label(LABEL, _WHAT_IT_MARKS)
        number = issues.open(_title(report), _body(report), LABEL)
        kept = _single(issues, _mine(issues, report.stack))
        done = f"#{kept['number'] if kept else number} opened"
    elif current is None:
        done = "none, and no drift"
    elif report.findings:
        done = f"#{current['number']} {_tell(issues, report, current)}"
    else:
        done = f"#{current['number']} {_settle(issues, report, current)}"
    talk(f"{report.stack}: issue in {repository}: {done}")


def _settle(issues: Issues, report: StackReport, current: Issue) -> str:
    """Close the issue and forget its findings, so that each is new next time; return the action."""
    body, number = _body(report), current["number"]
    if report.incomplete:
        return "unchanged, as not everything could be compared"
    if current["state"] == "open":
        issues.comment(number, f"{as_markdown([report])}\nClosed: nothing differs.")
        issues.change(number, body=body, state="closed", state_reason="completed")
        return "closed"
    if _known(current["body"]):
        issues.change(number, body=body)
    return "stays closed"


def _tell(issues: Issues, report: StackReport, current: Issue) -> str:
    """Update the issue, and reopen it if there is a new finding; return the action."""
    number, before = current["number"], _known(current["body"])
    keys = {_key(finding): finding for finding in report.findings[:_MOST_KEYS]}
    new = [finding for key, finding in keys.items() if key not in before]
    gone = 0 if report.incomplete else len(before - keys.keys())
    closed = current["state"] == "closed"
    if not new and (closed or report.incomplete):
        return "stays closed, nothing is new" if closed else "unchanged, nothing is new"
    body = _body(report, before - keys.keys() if report.incomplete else ())
    values = {"state": "open", "state_reason": "reopened"} if closed else {}
    if _plain(current["body"]) != _plain(body):
        values["body"] = body
    if values:
        issues.change(number, **values)
    if new or gone:
        issues.comment(number, _news(report, new, gone, back=not before))
    if closed:
        return "opened again"
    return "updated" if values else "is current"


def _news(report: StackReport, new: Sequence[Finding], gone: int, *, back: bool) -> str:
    words = [f"{len(new)} new"] if new and not back else []
    words += [f"{gone} gone"] if gone else []
    said = "Drift is back. " if back else ""
    said += f"{', '.join(words)}: " if words else ""
    said += f"{counted(len(report.findings), 'finding', 'findings')} now.\n\n"
    if new:
        said += as_markdown([replace(report, findings=tuple(new))], LIMIT - len(said))
    return said


def _mine(issues: Issues, stack: str) -> list[Issue]:
    marker = _marker(stack)
    return [i for i in issues.labelled(LABEL) if (i["body"] or "").startswith(marker)]


def _single(issues: Issues, mine: Sequence[Issue]) -> Issue | None:
    """The oldest open issue; newer ones are closed."""
    still_open = [issue for issue in mine if issue["state"] == "open"]
    for issue in still_open[1:]:
        issues.comment(issue["number"], f"The same as #{still_open[0]['number']}.")
        issues.change(issue["number"], state="closed", state_reason="not_planned")
    return still_open[0] if still_open else None


def _title(report: StackReport) -> str:
    return f"Drift in stack {report.stack}"


def _body(report: StackReport, unseen: Collection[str] = ()) -> str:
    """The body; `unseen` are keys of known findings that this run could not check."""
    known = [*map(_key, report.findings), *sorted(unseen)]
    keys = "".join(f" {key}" for key in known[:_MOST_KEYS])
    head = f"{_marker(report.stack)}\n<!-- findings:{keys} -->\n"
    return head + as_markdown([report], LIMIT - len(head))


def _marker(stack: str) -> str:
    # Two hyphens would end the comment.
    return f"<!-- slipway-drift stack:{quote(stack, safe='').replace('-', '%2D')} -->"


def _known(body: str) -> set[str]:
    found = _KEYS.search(body)
    return set(found[1].split()) if found else set()


def _key(finding: Finding) -> str:
    return sha256("\0".join(finding.as_dict().values()).encode()).hexdigest()[:12]


def _plain(body: str) -> str:
    """The body without the line endings and outer white space that GitHub's editor changes."""
    return body.replace("\r\n", "\n").strip()
