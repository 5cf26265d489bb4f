"""Bring together what the observer saw and what Pulumi's preview would change.

The observer says it better: names instead of ids, directions, what nobody manages. The preview
knows what `up` repairs. Where both speak of one thing, the words are the observer's and the remedy
is the preview's.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from operations.drifting.finding import Finding, Repair

#: What is missing as a whole, or open as a whole: that its parts are missing needs no words.
_WHOLES: Final = {
    "environment/missing": ", ",
    "environment/branch_policy": ", ",
    "role/missing": ", ",
}
#: What is a part of another finding's, and goes with it.
_PARTS: Final = {"workflow/name"}
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
    merged = [_remedied(finding, repaired) for finding in seen]
    known = {_key(finding) for finding in seen}
    wholes = [
        (finding.repository, finding.object + separator)
        for finding in seen
        if (separator := _WHOLES.get(finding.rule))
    ]
    merged += [
        finding
        for finding in planned
        if _key(finding) not in known
        and not any(
            finding.repository == repository and finding.object.startswith(prefix)
            for repository, prefix in wholes
            if finding.rule == "plan/create"
        )
    ]
    return sorted(set(merged))


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.repository, finding.object, finding.field


def _remedied(finding: Finding, repaired: set[tuple[str, str, str]]) -> Finding:
    """The finding with the remedy that the preview proves.

    What `up` would repair is in its plan; what is not in the plan, `up` would leave as it is.
    """
    if _key(finding) in repaired or finding.rule in _PARTS:
        return replace(finding, repair=Repair.UP)
    if finding.repair is Repair.UP:
        correctable = finding.rule in _CORRECTABLE
        return replace(finding, repair=Repair.REFRESH if correctable else Repair.HAND)
    return finding
