"""Prove an adoption: Pulumi's own preview shows the listed changes, and no others.

The proof compares objects, properties, and whether an object is created or changed. It does not
compare values, as a preview shortens them and hides secrets.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.objects.kind import Key
from operations.adoption.change import Act, Change
from operations.diff.finding import Finding
from operations.engine.plan.findings import preview_findings
from operations.engine.steps import plan_steps, repository_of

#: The actions by the rule of a preview's finding.
_ACTS: Final = {"plan/create": Act.CREATE, "plan/update": Act.UPDATE}

_Effect = tuple[str, Key, str, bool]
"""Repository, object and property; True if the object is created."""


@dataclass(frozen=True)
class Difference:
    """The difference between a preview and the list; an adoption is proven if there is none."""

    unlisted: tuple[str, ...]
    """A text for each change that `up` would make and that was not listed."""
    absent: tuple[str, ...]
    """A text for each listed change that `up` would not make."""

    def __bool__(self) -> bool:
        """True if there is a difference."""
        return bool(self.unlisted or self.absent)


def adopted_part(
    plan: Mapping[str, Any], names: Collection[str], roles: Mapping[str, str]
) -> dict[str, Any]:
    """The part of a plan about the adopted repositories and the accounts.

    Args:
        plan: the JSON of `pulumi preview --json`, after the import.
        names: the adopted repositories.
        roles: declared name of the repository by its roles' names in lower case.
    """
    return {
        "steps": [
            step
            for step in plan["steps"]
            # A provider exists only in the state: creating it changes nothing else.
            if "::pulumi:providers:" not in step["urn"]
            and all(
                repository_of(one, roles) in {*names, ""} for one in plan_steps({"steps": [step]})
            )
        ]
    }


def difference(
    plan: Mapping[str, Any], listed: Iterable[Change], roles: Mapping[str, str]
) -> Difference:
    """Compare a plan with the list.

    Args:
        plan: the part of the plan, by `adopted_part`.
        listed: the listed changes.
        roles: declared name of the repository by its roles' names in lower case.
    """
    planned = {_key(finding): finding for finding in preview_findings(plan, roles)}
    changes = {
        (change.repository, change.object, change.field, change.act is Act.CREATE): change
        for change in listed
    }
    return Difference(
        unlisted=tuple(
            f"{_place(finding)}: {finding.live or 'nothing'} -> {finding.declared or 'nothing'}"
            for key, finding in planned.items()
            if key not in changes
        ),
        # A rewrite may turn out to be unnecessary.
        absent=tuple(
            f"{_place(change)}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
            for key, change in changes.items()
            if key not in planned and change.act is not Act.REWRITE
        ),
    )


def _key(finding: Finding) -> _Effect | Finding:
    """The finding itself if no list has its action, which is to delete or to replace."""
    act = _ACTS.get(finding.rule)
    if act is None:
        return finding
    return finding.repository, finding.object, finding.field, act is Act.CREATE


def _place(thing: Finding | Change) -> str:
    parts = (thing.repository, str(thing.object), thing.field)
    return ", ".join(part for part in parts if part)
