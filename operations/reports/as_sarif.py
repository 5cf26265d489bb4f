"""Findings as SARIF 2.1.0, for GitHub's code scanning: each at the declaration it departs from.

A fingerprint says what differs and not how, so that an alert stays one while its values change
(OASIS SARIF 2.1.0, 3.27.17; docs.github.com: SARIF support for code scanning).
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from components.config.sanitize import visible
from components.objects.rules import RULES
from operations.diff.finding import Direction, Finding
from operations.guard.consent import repaired_by
from operations.reports.report import StackReport
from operations.terminal.shorten import NOTHING

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final = {
    Direction.WEAKER: "error",
    Direction.STRONGER: "warning",
    Direction.NEUTRAL: "note",
}


def as_sarif(reports: Sequence[StackReport]) -> str:
    """One log with a run for each stack: its category keeps stacks apart on GitHub."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report) for report in reports]}
    return json.dumps(log, indent=2)


def _run(report: StackReport) -> dict[str, Any]:
    rules = sorted({finding.rule for finding in report.findings})
    notes = [
        {"level": "error", "message": {"text": f"Incomplete: {visible(reason)}"}}
        for reason in report.incomplete
    ]
    return {
        "tool": {
            "driver": {
                "name": "slipway",
                "semanticVersion": version("slipway"),
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "automationDetails": {"id": f"slipway-drift/{report.stack}/"},
        "invocations": [
            {
                "executionSuccessful": not report.incomplete,
                "endTimeUtc": report.when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "toolExecutionNotifications": notes,
            }
        ],
        "results": [_result(report, finding, rules) for finding in report.findings],
    }


def _rule(rule: str) -> dict[str, Any]:
    advice = f"{RULES[rule].meaning} The message says what differs and what to run."
    return {
        "id": rule,
        "shortDescription": {"text": RULES[rule].meaning},
        "fullDescription": {"text": RULES[rule].meaning},
        "help": {"text": advice},
    }


def _result(report: StackReport, finding: Finding, rules: list[str]) -> dict[str, Any]:
    file, line = report.places.get(finding.repository, (f"stacks/{report.stack}/_stack.yaml", 1))
    what = f"{finding.object}: {finding.field}" if finding.field else finding.object
    values = f"declared {finding.declared or NOTHING}, live {finding.live or NOTHING}"
    title = report.title(finding.repository)
    text = f"{title}: {what}: {values}. {finding.direction}; repair: {repaired_by(finding)}."
    same = "\0".join((report.stack, *_identity(finding)))
    return {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.direction],
        # Brackets would be links in SARIF's messages (3.11.6).
        "message": {"text": visible(text).replace("[", "\\[").replace("]", "\\]")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(file)},
                    "region": {"startLine": max(line, 1)},
                },
                "logicalLocations": [{"fullyQualifiedName": visible(f"{title}: {finding.object}")}],
            }
        ],
        "partialFingerprints": {"slipwayDrift/v1": sha256(same.encode()).hexdigest()},
        "properties": {
            "declared": finding.declared,
            "live": finding.live,
            "direction": finding.direction,
            "repair": finding.repair,
        },
    }


def _identity(finding: Finding) -> tuple[str, ...]:
    """What makes two findings one, whatever the values: an object's words name it in full."""
    return (finding.repository, str(finding.object), finding.field, finding.rule)
