"""Find archived repositories in a plan that are no longer declared.

Pulumi would delete the objects in them, and GitHub refuses this. `slipway up` and `slipway refresh`
remove these objects from Pulumi's state instead. The roles are in AWS and are deleted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from components.model.repository import Repository
from components.objects import kinds
from operations.diff.finding import Direction, Finding, Repair

_DELETE: Final = "plan/delete"


def undeclared_in_plan(findings: Iterable[Finding], declared: Sequence[Repository]) -> set[str]:
    """Names of undeclared repositories in which a plan deletes objects.

    Args:
        findings: the plan's changes.
        declared: the stack's repositories; their former names count as declared.
    """
    return undeclared(
        (
            finding.repository
            for finding in findings
            if finding.rule == _DELETE and _is_in_repository(finding)
        ),
        declared,
    )


def undeclared(names: Iterable[str], declared: Sequence[Repository]) -> set[str]:
    """The names of repositories that are neither declared nor a declared former name."""
    known = {name.lower() for one in declared for name in (one.name, *one.previously)}
    return {name for name in names if name.lower() not in known}


def forgotten(findings: Iterable[Finding], archived: Collection[str]) -> list[Finding]:
    """The findings, with a single one for all objects in each archived repository.

    Args:
        findings: the plan's changes.
        archived: names of undeclared repositories that are read-only.
    """
    kept, gone = [], Counter[str]()
    for finding in findings:
        if finding.repository in archived and _is_in_repository(finding):
            gone[finding.repository] += 1
        else:
            kept.append(finding)
    for name, count in gone.items():
        live = f"archived, {count} of its objects in Pulumi's state"
        place = (name, kinds.REPOSITORY.at(), "archived", "", live)
        kept.append(Finding(*place, Direction.NEUTRAL, Repair.REFRESH, "plan/forget"))
    return kept


def _is_in_repository(finding: Finding) -> bool:
    """True if the object is on GitHub: a role and its policies are in AWS."""
    return bool(finding.repository) and not finding.object.kind.type.startswith("aws:")
