"""Whether a role's trust policy admits a federated principal.

IAM User Guide: "Policy evaluation logic". The policy admits the principal if an Allow applies and
no Deny does. `NotPrincipal` is refused, because the sandbox does not evaluate it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sandbox.aws.conditions import Context, holds, like
from sandbox.aws.refusal import not_emulated

_EVERYBODY: Final = "*"


def admits(document: str, provider: str, action: str, context: Context) -> bool:
    """Whether the policy allows the action to the principal.

    Args:
        document: the trust policy.
        provider: ARN of the OIDC provider that vouches for the principal.
        action: for example `sts:AssumeRoleWithWebIdentity`.
        context: the request's condition keys.

    Raises:
        RefusedError: a statement on this principal and action cannot be evaluated here.
    """
    effects = {
        statement["Effect"]
        for statement in _listed(json.loads(document)["Statement"])
        if _names_principal(statement, provider)
        and _names_action(statement, action)
        and holds(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def _names_principal(statement: Mapping[str, Any], provider: str) -> bool:
    """Whether the statement's principal is the provider; AWS allows no wildcards in its ARN."""
    if "NotPrincipal" in statement:
        raise not_emulated("NotPrincipal in a trust policy")
    principal = statement.get("Principal", {})
    if principal == _EVERYBODY:
        return True
    return provider in _listed(principal.get("Federated", [])) or any(
        _EVERYBODY in _listed(principal.get(kind, [])) for kind in ("AWS", "Federated")
    )


def _names_action(statement: Mapping[str, Any], action: str) -> bool:
    """Whether the statement has the action; actions ignore case."""
    inverted = "NotAction" in statement
    patterns = _listed(statement["NotAction" if inverted else "Action"])
    return any(like(action.lower(), pattern.lower()) for pattern in patterns) != inverted


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
