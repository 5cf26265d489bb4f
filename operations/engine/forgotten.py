"""What a plan says of archived repositories that nobody declares any more.

Pulumi would delete what is in them, which GitHub refuses; `slipway up` and `slipway refresh` make
its state forget it. Their roles are AWS's, and go.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from components.model.repository import Repository
from components.objects import kinds
from operations.diff.finding import Direction, Finding, Repair

_DELETE: Final = "plan/delete"


def undeclared_in_plan(findings: Iterable[Finding], declared: Sequence[Repository]) -> set[str]:
    """Names of repositories that a plan deletes from, and no declaration has.

    Args:
        findings: what the plan would change.
        declared: the stack's repositories; by their former names they are declared, too.
    """
    known = {name.lower() for one in declared for name in (one.name, *one.previously)}
    return {
        finding.repository
        for finding in findings
        if finding.rule == _DELETE
        and _is_in_repository(finding)
        and finding.repository.lower() not in known
    }


def forgotten(findings: Iterable[Finding], archived: Collection[str]) -> list[Finding]:
    """The findings, with one for all that is in an archived repository.

    Args:
        findings: what the plan would change.
        archived: names of repositories that nobody declares and nobody can write to.
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
    """Whether it is GitHub's: a role and its policies are AWS's."""
    return bool(finding.repository) and not finding.object.kind.type.startswith("aws:")
