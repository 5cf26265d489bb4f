"""Which differences `slipway up` puts right only with somebody's consent."""

from typing import Final

from components.documents.role import DERIVED
from components.objects.kinds import INLINE_POLICY, KINDS
from operations.diff.finding import Direction, Finding, Repair

#: Rules about what protects an environment, or about who may assume a role and what it may do.
_PROTECTING: Final = {
    rule for kind in KINDS for field in kind.fields if field.protects for rule in field.rules
} | {rule for kind in KINDS if kind.protects for rule in (kind.missing, kind.extra)}


def weakens(found: Finding) -> bool:
    """Whether something that protects lets more happen once `up` has put it right."""
    opens = found.repaired is Direction.WEAKER and found.repair is Repair.UP
    # A new policy of slipway's own making is as little as the declared deployment takes.
    derived = found.object.kind is INLINE_POLICY and found.object["name"] == DERIVED
    new = derived and found.rule == INLINE_POLICY.missing
    return opens and found.rule in _PROTECTING and not new


def needs_consent(found: Finding) -> bool:
    """Whether `slipway up` refuses a difference without `--accept`, as far as drift can tell.

    What goes both ways it puts right where the declaration is what it was the last time.
    """
    return (weakens(found) and not found.both_ways) or found.rule == "role/other_repository"


def repaired_by(found: Finding) -> str:
    """Who puts a difference right, with the option that it takes."""
    asks = needs_consent(found) and found.repair is Repair.UP
    return f"{found.repair} --accept" if asks else str(found.repair)
