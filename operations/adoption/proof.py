"""Prove an adoption: Pulumi's own preview shows what was listed, and nothing else.

Compared are object, property and whether something is made or changed. Values are not: a preview
shortens them and hides secrets.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.objects.kind import Key
from operations.adoption.change import Act, Change
from operations.diff.finding import Finding
from operations.engine.plan_findings import preview_findings
from operations.engine.steps import plan_steps, repository_of

#: What a preview calls the two acts.
_ACTS: Final = {"plan/create": Act.CREATE, "plan/update": Act.UPDATE}

_Effect = tuple[str, Key, str, bool]
"""Repository, object and property; whether it is made."""


@dataclass(frozen=True)
class Difference:
    """What a preview shows beside what was listed; empty is the proof."""

    unlisted: tuple[str, ...]
    """What `up` would do and nobody was told, a text each."""
    absent: tuple[str, ...]
    """What was listed and `up` would not do, a text each."""

    def __bool__(self) -> bool:
        """Whether there is a difference."""
        return bool(self.unlisted or self.absent)


def adopted_part(
    plan: Mapping[str, Any], names: Collection[str], roles: Mapping[str, str]
) -> dict[str, Any]:
    """What a plan does to the adopted repositories and to accounts; others are their own matter.

    Args:
        plan: the JSON of `pulumi preview --json`, after the import.
        names: repositories that were adopted.
        roles: declared name of the repository by its roles' names in lower case.
    """
    return {
        "steps": [
            step
            for step in plan["steps"]
            # A provider is Pulumi's own: making it asks nobody for anything.
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
        plan: the part of a plan that is about what was adopted.
        listed: what was said to change.
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
        # What is written again may turn out to be needless.
        absent=tuple(
            f"{_place(change)}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
            for key, change in changes.items()
            if key not in planned and change.act is not Act.REWRITE
        ),
    )


def _key(finding: Finding) -> _Effect | Finding:
    """The finding itself where it is an act that no list has: to delete, to replace."""
    act = _ACTS.get(finding.rule)
    if act is None:
        return finding
    return finding.repository, finding.object, finding.field, act is Act.CREATE


def _place(thing: Finding | Change) -> str:
    parts = (thing.repository, str(thing.object), thing.field)
    return ", ".join(part for part in parts if part)
