"""The trust that is proposed for an existing role."""

from dataclasses import replace
from typing import Any

import pytest

from components.documents.role_trust import role_trust
from components.model.branches import as_found
from operations.adoption.proposal.repository import propose
from tests.operations.adoption import grown

LIVE = replace(grown.LEDGER, owner_id=1)
PINNED = {"claims": "pinned", "keep_subject_statement": False}
BRANCHES = {"deployment_branches": ["main", "hotfix"]}


def proposal(
    trust: dict[str, Any], defaults: dict[str, Any] | None = None, **prod: Any
) -> dict[str, Any]:
    """Prod's part of the proposal for a role that has the policy of this trust."""
    environments = {"prod": {**prod, "trust": trust}}
    declared = grown.resolved({"repository": "ledger", "environments": environments})
    patterns = declared.deployment_branches("prod")
    live = replace(
        LIVE,
        environments={
            "prod": replace(grown.PROD, branch_policy="custom", branches=dict.fromkeys(patterns, 1))
        },
    )
    policy = role_trust(grown.SETTINGS, declared, "prod", live)
    made = grown.role("acme.ledger-prod", "prod", trust=policy, path="/slipway/")
    base = as_found(grown.resolved({"repository": "ledger"}, defaults), live)
    found = propose(grown.SETTINGS, base, live, {"prod": made})
    part: dict[str, Any] = found["environments"]["prod"]
    return part


@pytest.mark.parametrize(
    "trust", [PINNED, {"claims": "pinned"}, {"subject": "both"}, PINNED | {"subject": "both"}]
)
@pytest.mark.parametrize("prod", [{}, BRANCHES])
def test_a_role_with_one_of_slipways_policies_keeps_it(
    trust: dict[str, Any], prod: dict[str, Any]
) -> None:
    """The proposal declares the policy that the role has, so the first `up` weakens nothing."""
    part = proposal(trust, **prod)
    assert part["trust"] == trust
    assert ("deployment_branches" in part) is bool(prod)


def test_what_the_stack_declares_is_not_repeated() -> None:
    """Only deviations are proposed, also the way back to the subject alone."""
    defaults = {"environments": {"prod": {"trust": PINNED}}}
    assert "trust" not in proposal(PINNED, defaults)
    assert proposal({}, defaults)["trust"] == {"claims": "subject", "keep_subject_statement": True}
    assert "trust" not in proposal({})


def test_of_another_policy_nothing_is_proposed() -> None:
    """No declaration has a pattern; the list of changes has the narrower trust."""
    made = grown.role("acme.ledger-prod", "prod", "repo:acme/ledger:*", path="/slipway/")
    base = as_found(grown.resolved({"repository": "ledger"}), LIVE)
    found = propose(grown.SETTINGS, base, LIVE, {"prod": made})
    assert "trust" not in found["environments"]["prod"]
