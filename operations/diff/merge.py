"""Bring together what the observer saw and what Pulumi's preview would change.

The observer says it better: names instead of ids, directions, what nobody manages. The preview
knows what `up` repairs. Where both speak of one thing, the words are the observer's and the remedy
is the preview's.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from operations.diff import objects
from operations.diff.finding import Finding, Repair

_CREATE: Final = "plan/create"
#: In the place of another, as an environment or a role is made whose name has changed.
_REPLACE: Final = "plan/replace"
#: What is missing or open as a whole, and the plan's words that say no more about its parts.
_WHOLES: Final = {
    "branch/missing": (_CREATE,),
    "environment/branch_policy": (_CREATE,),
    "environment/missing": (_CREATE, _REPLACE),
    "role/missing": (_CREATE, _REPLACE),
}
#: What is a part of another finding's, and goes with it.
_PARTS: Final = {"workflow/name"}
#: What a list of all that a role has removes: a plan that makes the list does not say what that is.
_LISTED: Final = {"role/extra_inline_policy", "role/extra_managed_policy"}
#: What GitHub takes no notice of when it is written.
_IN_VAIN: Final = {"environment/reviewer_access"}
#: What `slipway refresh` can tell Pulumi's state.
_CORRECTABLE: Final = {
    "environment/prevent_self_review",
    "environment/reviewers",
    "secret/overwritten",
}


def union(observed: Iterable[Finding], previewed: Iterable[Finding] | None) -> list[Finding]:
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
    made = {(one.repository, one.object) for one in planned if one.rule == _CREATE}
    repaired |= {_key(one) for one in seen if (one.repository, one.object) in made}
    merged = [_remedied(finding, repaired) for finding in seen]
    known = {_key(finding) for finding in seen}
    wholes = [
        (finding.repository, finding.object, rule)
        for finding in seen
        for rule in _WHOLES.get(finding.rule, ())
    ]
    merged += [
        finding
        for finding in planned
        if _key(finding) not in known and not any(_is_part(finding, *whole) for whole in wholes)
    ]
    return sorted(set(merged))


def _is_part(finding: Finding, repository: str, whole: str, rule: str) -> bool:
    """Whether a plan's finding of that rule is about a part, or about a field, of the whole."""
    if (finding.repository, finding.rule) != (repository, rule):
        return False
    is_field = rule == _REPLACE and finding.object == whole
    is_file = finding.object.endswith(f" on {whole.removeprefix(objects.branch(''))}")
    return is_field or is_file or finding.object.startswith(f"{whole}, ")


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.repository, finding.object, finding.field


def _remedied(finding: Finding, repaired: set[tuple[str, str, str]]) -> Finding:
    """The finding with the remedy that the preview proves.

    What `up` would repair is in its plan; what is not in the plan, `up` would leave as it is.
    """
    if finding.rule in _IN_VAIN:
        return finding
    if _key(finding) in repaired or finding.rule in _PARTS:
        return replace(finding, repair=Repair.UP)
    if finding.repair is Repair.UP and finding.rule not in _LISTED:
        correctable = finding.rule in _CORRECTABLE
        return replace(finding, repair=Repair.REFRESH if correctable else Repair.HAND)
    return finding
