"""Propose the role of an environment: the existing role, with its own name and policies.

Its trust is not in this part: see `trust`.
"""

from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from components.model.role import Role
from components.model.types import PolicyName
from operations.live.observed import ObservedRole

_NAME: Final[TypeAdapter[str]] = TypeAdapter(PolicyName)


def propose_role(base: Role, name: str, live: ObservedRole) -> dict[str, Any]:
    """The role's part of the file; empty if nothing deviates.

    Args:
        base: the role by the stack's defaults and the standard.
        name: the role's name by them.
        live: the existing role.
    """
    part: dict[str, Any] = {} if live.name == name else {"name": live.name}
    for field in ("path", "permissions_boundary", "max_session_seconds"):
        if getattr(live, field) != getattr(base, field):
            part[field] = getattr(live, field)
    if live.managed_policies != set(base.managed_policies):
        part["managed_policies"] = sorted(live.managed_policies) or None
    policies = {
        policy: document
        for policy, document in sorted(live.inline_policies.items())
        if is_declarable(policy) and document != base.inline_policies.get(policy)
    }
    if policies:
        part["inline_policies"] = policies
    return part


def is_declarable(name: str, kind: TypeAdapter[str] = _NAME) -> bool:
    """True if a declaration accepts a name; by default, that of an inline policy."""
    try:
        kind.validate_python(name)
    except ValidationError:
        return False
    return True
