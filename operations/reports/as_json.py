"""Findings as JSON for programs: stable names, one document for all stacks.

`drift.schema.json`, beside this file, describes the document. `version` grows when a member changes
its meaning or is removed; members may be added without a new version.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from operations.diff.finding import Finding
from operations.reports.remedies import row_remedy
from operations.reports.report import StackReport

VERSION: Final = 1


def as_json(reports: Sequence[StackReport]) -> str:
    """The reports as indented JSON."""
    document = {"version": VERSION, "stacks": [_stack(report) for report in reports]}
    return json.dumps(document, indent=2)


def _stack(report: StackReport) -> dict[str, Any]:
    return {
        "stack": report.stack,
        "owner": report.owner,
        "repositories": report.repositories,
        "when": report.when.isoformat(timespec="seconds"),
        "incomplete": list(report.incomplete),
        "weaker": report.weaker,
        "findings": [_finding(report, finding) for finding in report.findings],
    }


def _finding(report: StackReport, finding: Finding) -> dict[str, Any]:
    remedy = row_remedy(finding, report.stack).replace("`", "")
    return {
        **finding.as_dict(),
        "remedy": remedy,
        "link": report.link(finding),
        "diff": "\n".join(finding.diff),
    }
