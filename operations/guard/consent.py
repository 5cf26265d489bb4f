"""Which differences `slipway up` puts right only with somebody's consent."""

from typing import Final

from components.documents.role import DERIVED
from operations.diff.finding import Direction, Finding, Repair

#: What protects an environment, or says who may assume a role and how far that goes.
_PROTECTING: Final = {
    "environment/admin_bypass",
    "environment/branch_policy",
    "environment/missing_branch_policy",
    "environment/prevent_self_review",
    "environment/reviewers",
    "environment/wait_minutes",
    "oidc_provider/audiences",
    "role/extra_inline_policy",
    "role/inline_policy",
    "role/missing_inline_policy",
    "role/max_session_seconds",
    "role/missing_managed_policy",
    "role/permissions_boundary",
    "role/trust",
}


def weakens(found: Finding) -> bool:
    """Whether something that protects lets more happen once `up` has put it right."""
    opens = found.repaired is Direction.WEAKER and found.repair is Repair.UP
    # A new policy of slipway's own making is as little as the declared deployment takes.
    derived = found.object.endswith(f", inline policy {DERIVED}")
    new = derived and found.rule == "role/missing_inline_policy"
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
