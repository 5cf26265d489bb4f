"""Reports to render; one has hostile text in every place that others can write."""

from datetime import UTC, datetime

from operations.diff.finding import Direction, Finding, Repair
from operations.reports.report import StackReport
from tests.operations.keys import key

WHEN = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script></code>|`**@octocat** #1 acme/billing#2 [x](https://e.example) "
    "www.e.example &amp; $x$ --> \x1b[31m\u202e\r\n\\|"
)
REVIEWERS = Finding(
    "billing",
    key("environment prod"),
    "reviewers",
    "octocat, platform",
    "",
    Direction.WEAKER,
    Repair.REFRESH,
    "environment/reviewers",
)
BRANCH = Finding(
    "billing",
    key("branch develop"),
    "",
    "develop",
    "",
    Direction.NEUTRAL,
    Repair.UP,
    "branch/missing",
)
VARIABLE = Finding(
    "api",
    key(f"environment dev, variable {HOSTILE}"),
    "",
    "",
    HOSTILE,
    Direction.STRONGER,
    Repair.HAND,
    "variable/extra",
)


def report(*findings: Finding, incomplete: tuple[str, ...] = ()) -> StackReport:
    """Return a report of stack acme with 25 repositories."""
    declared = frozenset({"billing"})
    return StackReport("acme", "acme", 25, tuple(sorted(findings)), incomplete, WHEN, declared)


CLEAN = report()
FULL = report(REVIEWERS, BRANCH, VARIABLE, incomplete=(HOSTILE,))
