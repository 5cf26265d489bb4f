"""Merge the findings of the comparison with those of Pulumi's preview.

The comparison has names instead of ids, directions, and objects that slipway does not manage. The
preview shows what `up` repairs. If both report one difference, the texts are the comparison's and
the remedy is the preview's.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from components.model.delivery import HEADS
from components.objects.kind import Key
from components.objects.kinds import BRANCH, KINDS, PULL_REQUEST, WORKFLOW
from operations.diff.finding import Finding, Repair

_CREATE: Final = "plan/create"
#: A plan replaces an environment or a role whose name has changed.
_REPLACE: Final = "plan/replace"
#: If the whole object is missing or open, these plan rules about its parts are redundant.
_WHOLES: Final = {kind.parent.missing: (_CREATE, _REPLACE) for kind in KINDS if kind.parent} | {
    "environment/branch_policy": (_CREATE,)
}
#: A workflow's name changes with its content, which has a finding of its own.
_PARTS: Final = {"workflow/name"}
#: Policies that a role's list of policies removes; a plan that creates the list does not name them.
_LISTED: Final = {kind.lists.extra for kind in KINDS if kind.lists}
#: GitHub ignores the write.
_IGNORED: Final = {"environment/reviewer_access"}
#: `slipway refresh` corrects these in Pulumi's state, as the provider's refresh does not see them.
_CORRECTABLE: Final = {
    rule for kind in KINDS for field in kind.fields if not field.refreshed for rule in field.rules
}


def merge(observed: Iterable[Finding], previewed: Iterable[Finding] | None) -> list[Finding]:
    """All findings once, sorted.

    Args:
        observed: the findings of the comparison with the live world.
        previewed: the changes of the preview; None if there was no preview.
    """
    seen = list(observed)
    if previewed is None:
        return sorted(seen)
    planned = list(previewed)
    repaired = {_key(finding) for finding in planned}
    # A pull request brings the files of its branch; findings about slipway's own branch add
    # nothing.
    opened = {(one.repository, one.object["branch"]) for one in planned if _is_request(one)}
    brought = [one for one in seen if one.object.kind is WORKFLOW and _on(one) in opened]
    repaired |= {_key(one) for one in brought}
    told = {_on(one) for one in brought}
    planned = [one for one in planned if not _is_means(one) and not _told(one, told)]
    # A missing object is created even if the plan lists changed fields, as of a renamed one.
    repaired |= {(finding.repository, finding.object, "") for finding in planned}
    # If an object exists and is not in the state, its creation overwrites it on GitHub.
    created = {one.place for one in planned if one.rule == _CREATE}
    repaired |= {_key(one) for one in seen if one.place in created}
    found = [_remedied(finding, repaired) for finding in seen]
    known = {_key(finding) for finding in seen}
    wholes = [
        (finding.repository, finding.object, rule)
        for finding in seen
        for rule in _WHOLES.get(finding.rule, ())
    ]
    found += [
        finding
        for finding in planned
        if _key(finding) not in known and not any(_is_part(finding, *whole) for whole in wholes)
    ]
    return sorted(set(found))


def _is_request(finding: Finding) -> bool:
    return finding.object.kind is PULL_REQUEST


def _on(finding: Finding) -> tuple[str, str]:
    """The branch that a finding's object is on, or is for."""
    return finding.repository, finding.object["branch"]


def _is_means(finding: Finding) -> bool:
    """True for the branch that a pull request is made from, and for the files on it."""
    key = finding.object
    return key.kind in (BRANCH, WORKFLOW) and key["branch"].startswith(HEADS)


def _told(finding: Finding, told: Collection[tuple[str, str]]) -> bool:
    """True if the files of a pull request have findings, so that the pull request needs none."""
    return _is_request(finding) and _on(finding) in told


def _is_part(finding: Finding, repository: str, whole: Key, rule: str) -> bool:
    """True if a plan's finding with this rule is about a part or a field of the whole object."""
    if (finding.repository, finding.rule) != (repository, rule):
        return False
    is_field = rule == _REPLACE and finding.object == whole
    return is_field or finding.object.parent == whole


def _key(finding: Finding) -> tuple[str, Key, str]:
    return finding.repository, finding.object, finding.field


def _remedied(finding: Finding, repaired: set[tuple[str, Key, str]]) -> Finding:
    """The finding with the remedy that the preview proves.

    `up` repairs exactly the differences that are in its plan.
    """
    if finding.rule in _IGNORED:
        return finding
    if _key(finding) in repaired or finding.rule in _PARTS:
        return replace(finding, repair=Repair.UP)
    if finding.repair is Repair.UP and finding.rule not in _LISTED:
        correctable = finding.rule in _CORRECTABLE
        return replace(finding, repair=Repair.REFRESH if correctable else Repair.HAND)
    return finding
