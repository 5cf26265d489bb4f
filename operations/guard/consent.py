"""Decide which differences `slipway up` repairs only with the user's consent."""

from typing import Final

from components.documents.role import DERIVED
from components.objects.kinds import INLINE_POLICY, KINDS
from operations.diff.finding import Direction, Finding, Repair

#: Rules about an environment's protection, and about a role's trust and permissions.
_PROTECTING: Final = {
    rule for kind in KINDS for field in kind.fields if field.protects for rule in field.rules
} | {rule for kind in KINDS if kind.protects for rule in (kind.missing, kind.extra)}


def weakens(found: Finding) -> bool:
    """True if `up` would repair the difference and thereby weaken a protection."""
    opens = found.repaired is Direction.WEAKER and found.repair is Repair.UP
    # slipway's own policy grants no more than the declared deployment needs.
    derived = found.object.kind is INLINE_POLICY and found.object["name"] == DERIVED
    new = derived and found.rule == INLINE_POLICY.missing
    return opens and found.rule in _PROTECTING and not new


def needs_consent(found: Finding) -> bool:
    """True if `slipway up` refuses the difference without `--accept`, as far as drift can tell.

    A both-ways difference counts as needing none: `up` repairs it without consent if the
    declaration is unchanged since the last `up`, and drift does not know that.
    """
    return (weakens(found) and not found.both_ways) or found.rule == "role/other_repository"


def repaired_by(found: Finding) -> str:
    """The words for the repair of a difference: `up`, with the option that it needs, or a person.

    `slipway up` refreshes the state by itself, so it needs no `slipway refresh` before it.
    """
    if found.repair is Repair.HAND:
        return str(found.repair)
    return "up --accept" if needs_consent(found) and found.repair is Repair.UP else "up"
