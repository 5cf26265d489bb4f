"""Say how to repair the findings of a report, one line for each kind of remedy.

Commands are in backticks, which each form of the report shows in its own way.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from components.objects.rules import advice
from operations.diff.finding import Finding, Repair
from operations.guard.consent import needs_consent
from operations.reports.report import UNDECLARED, StackReport

_REPAIRED: Final = {
    Repair.UP: "`slipway up {0}`, or `pulumi up --refresh --stack {0}`",
    Repair.REFRESH: ("`slipway up {0}`, or `slipway refresh {0}` and then `pulumi up --stack {0}`"),
}


def remedies(report: StackReport) -> Iterator[str]:
    """The lines, such as ``2 repaired by `slipway up acme` ``; none without findings."""
    stack = report.stack
    undeclared = sum(one.rule == UNDECLARED for one in report.findings)
    findings = [one for one in report.findings if one.rule != UNDECLARED and not needs_consent(one)]
    for repair, words in _REPAIRED.items():
        count = sum(one.repair is repair for one in findings)
        if count:
            usually = "usually " if report.incomplete else ""
            yield f"{count} {usually}repaired by {words.format(stack)}"
    if asking := sum(map(needs_consent, report.findings)):
        way = f"`slipway up {stack}`, which lists an identifier for `--accept`"
        yield f"{asking} repaired by {way}: the repair lets more happen than now"
    if undeclared:
        them = "it" if undeclared == 1 else "them"
        yield f"{undeclared} not declared any more: `slipway up {stack}` would delete {them}"
    told = Counter(_advice(one, stack) for one in report.findings if one.repair is Repair.HAND)
    for words, count in told.most_common():
        yield f"{count} by hand: {words}"


def remedy(finding: Finding, stack: str) -> str:
    """The remedy of one finding, such as ``repaired by `slipway up acme` ``."""
    if finding.repair is Repair.HAND:
        return f"by hand: {_advice(finding, stack)}"
    return f"repaired by {_REPAIRED[finding.repair].format(stack)}"


def row_remedy(finding: Finding, stack: str) -> str:
    """The same in short, for one row of a report: a command, or what a person does."""
    if finding.repair is Repair.HAND:
        return f"by hand: {_advice(finding, stack)}"
    if finding.rule == UNDECLARED:
        return f"declare it again, or `slipway up {stack}` deletes it"
    asks = ", which lists an identifier for `--accept`" if needs_consent(finding) else ""
    return f"`slipway up {stack}`{asks}"


def _advice(finding: Finding, stack: str) -> str:
    return advice(finding.rule).replace(" STACK`", f" {stack}`").replace(" STACK ", f" {stack} ")


def parts(remedy: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a remedy's text; True for a piece that is code."""
    for number, text in enumerate(remedy.split("`")):
        if text:
            yield text, number % 2 == 1
