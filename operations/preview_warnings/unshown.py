"""Select the differences that Pulumi's own diff does not show, and put each into one line."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.engine.plan.findings import step_findings
from operations.engine.steps import Step
from operations.reports.remedies import remedy
from operations.reports.words import values, what

#: Rules about a part of another field: if Pulumi changes that field, it shows the part as well.
_PART_OF: Final = {"workflow/name": "content"}
#: A secret has no other field that Pulumi could change.
_SECRET: Final = "secret/overwritten"  # noqa: S105 - a rule's name


def not_shown_by_pulumi(
    findings: Iterable[Finding],
    planned: Iterable[Step],
    undeclared: Iterable[Step],
    roles: Mapping[str, str],
) -> Iterator[Finding]:
    """The findings that Pulumi's diff does not show.

    Args:
        findings: the result of the comparison with the live world.
        planned: the creations and updates that the engine plans.
        undeclared: deletions of resources that the state has and the program does not register.
        roles: declared name of the repository by its roles' names in lower case.
    """
    shown = [one for step in planned for one in step_findings(step, roles)]
    created = {one.place for one in shown if one.rule == "plan/create"}
    changed = {(*one.place, one.field) for one in shown}
    touched = {one.place for one in shown}
    deleted = {one.place for step in undeclared for one in step_findings(step, roles)}
    for finding in findings:
        field = _PART_OF.get(finding.rule, finding.field)
        if not (
            finding.place in created
            or (*finding.place, field) in changed
            or (finding.place in deleted and not finding.declared)
            or (finding.place in touched and finding.rule == _SECRET)
        ):
            yield finding


def sentence(finding: Finding, owner: str, stack: str) -> str:
    """One difference and its remedy on one line, in the words of `slipway drift`."""
    place = f"{owner}/{visible(finding.repository)}: " if finding.repository else ""
    difference = f"{what(finding)}: {values(finding)}"
    said = remedy(finding, stack).replace("`", "")
    return f"{place}{finding.direction}: {difference}; {said}"
