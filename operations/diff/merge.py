"""Bring together what the observer saw and what Pulumi's preview would change.

The observer says it better: names instead of ids, directions, what nobody manages. The preview
knows what `up` repairs. Where both speak of one thing, the words are the observer's and the remedy
is the preview's.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from components.objects.kind import Key
from components.objects.kinds import KINDS
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
#: A role's lists of policies remove the others; the plan that creates a list does not name them.
_LISTED: Final = {kind.lists.extra for kind in KINDS if kind.lists}
#: GitHub ignores the write.
_IGNORED: Final = {"environment/reviewer_access"}
#: `slipway refresh` tells Pulumi's state what the provider's refresh does not see.
_CORRECTABLE: Final = {
    rule for kind in KINDS for field in kind.fields if not field.refreshed for rule in field.rules
}


def merge(observed: Iterable[Finding], previewed: Iterable[Finding] | None) -> list[Finding]:
    """All findings once, sorted.

    Args:
        observed: what the observer's comparison found.
        previewed: what the preview would change; None where it could not be asked.
    """
    seen = list(observed)
    if previewed is None:
        return sorted(seen)
    planned = list(previewed)
    repaired = {_key(finding) for finding in planned}
    # What is not there is made whatever the plan says of its fields: one that is renamed.
    repaired |= {(finding.repository, finding.object, "") for finding in planned}
    # What is there and not in the state, GitHub lets a creation write over.
    made = {one.place for one in planned if one.rule == _CREATE}
    repaired |= {_key(one) for one in seen if one.place in made}
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


def _is_part(finding: Finding, repository: str, whole: Key, rule: str) -> bool:
    """Whether a plan's finding of that rule is about a part, or about a field, of the whole."""
    if (finding.repository, finding.rule) != (repository, rule):
        return False
    is_field = rule == _REPLACE and finding.object == whole
    return is_field or finding.object.parent == whole


def _key(finding: Finding) -> tuple[str, Key, str]:
    return finding.repository, finding.object, finding.field


def _remedied(finding: Finding, repaired: set[tuple[str, Key, str]]) -> Finding:
    """The finding with the remedy that the preview proves.

    What `up` would repair is in its plan; what is not in the plan, `up` would leave as it is.
    """
    if finding.rule in _IGNORED:
        return finding
    if _key(finding) in repaired or finding.rule in _PARTS:
        return replace(finding, repair=Repair.UP)
    if finding.repair is Repair.UP and finding.rule not in _LISTED:
        correctable = finding.rule in _CORRECTABLE
        return replace(finding, repair=Repair.REFRESH if correctable else Repair.HAND)
    return finding
