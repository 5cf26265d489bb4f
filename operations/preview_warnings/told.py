"""Which differences are left to tell beside Pulumi's own diff, and in which words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from components.config.sanitize import visible
from operations.diff.finding import Finding
from operations.engine.plan_findings import step_findings
from operations.engine.steps import Step
from operations.reports.remedies import remedy
from operations.reports.words import values, what

#: What belongs to another field, whose change says it as well.
_SAID_BY: Final = {"workflow/name": "content"}
#: A secret has no other field that Pulumi could change.
_SECRET: Final = "secret/overwritten"  # noqa: S105 - a rule's name


def untold(
    findings: Iterable[Finding],
    planned: Iterable[Step],
    undeclared: Iterable[Step],
    roles: Mapping[str, str],
) -> Iterator[Finding]:
    """The findings that Pulumi's diff does not show.

    Args:
        findings: what the observer's comparison found.
        planned: the creations and updates that the engine plans.
        undeclared: deletions of what the state has and nobody declares, or not by this name.
        roles: declared name of the repository by its roles' names in lower case.
    """
    shown = [one for step in planned for one in step_findings(step, roles)]
    created = {(one.repository, one.object) for one in shown if one.rule == "plan/create"}
    changed = {(one.repository, one.object, one.field) for one in shown}
    touched = {(one.repository, one.object) for one in shown}
    going = (one for step in undeclared for one in step_findings(step, roles))
    deleted = {(one.repository, one.object) for one in going}
    for finding in findings:
        place = (finding.repository, finding.object)
        field = _SAID_BY.get(finding.rule, finding.field)
        if not (
            place in created
            or (*place, field) in changed
            or (place in deleted and not finding.declared)
            or (place in touched and finding.rule == _SECRET)
        ):
            yield finding


def sentence(finding: Finding, owner: str, stack: str) -> str:
    """One difference on one line, as `slipway drift` says it, with its remedy."""
    place = f"{owner}/{visible(finding.repository)}: " if finding.repository else ""
    difference = f"{what(finding)}: {values(finding)}"
    said = remedy(finding, stack).replace("`", "")
    return f"{place}{finding.direction}: {difference}; {said}"
