"""Whether the policies of an assumed role allow a request.

IAM User Guide: "Policy evaluation logic", for identity-based policies and the permissions boundary.
It checks IAM's actions and reading secrets and parameters, as far as `needed_rights` knows their
resources. Deliberately absent: users, the first role of an account, resource-based and session
policies, and the actions of deployments (Lambda, S3).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from moto.iam.models import Role, iam_backends
from moto.sts.models import sts_backends

from sandbox.aws.call import Call
from sandbox.aws.conditions import holds, like
from sandbox.aws.needed_rights import NeededRight, needed_rights
from sandbox.aws.refusal import RefusedError
from sandbox.aws.seed import FIRST_ROLE

Statements = tuple[Mapping[str, Any], ...]
_READS: Final = ("GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters")


def caller(call: Call) -> Role | None:
    """The assumed role that sends the request; None for any other principal."""
    if call.key is None:
        return None
    assumed = sts_backends[call.account][call.partition].get_assumed_role_from_access_key(call.key)
    if assumed is None or assumed.role_arn.endswith(f"/{FIRST_ROLE}"):
        return None
    roles = iam_backends[call.account][call.partition].get_roles()
    return next((role for role in roles if role.arn == assumed.role_arn), None)


def rights_to_check(call: Call, role: Role | None) -> Sequence[NeededRight]:
    """The rights that the role needs for the request; none for other principals."""
    is_checked = call.service == "iam" or call.action in _READS
    return list(needed_rights(call)) if role is not None and is_checked else ()


def check_rights(role: Role | None, wanted: Sequence[NeededRight]) -> None:
    """Check that the role's policies allow all wanted rights.

    Raises:
        RefusedError: the policies do not allow one of them.
    """
    if role is None:
        return
    for one in wanted:
        boundary = role.permissions_boundary_arn
        within = boundary is None or allow(_managed(role, [boundary]), one)
        if not (within and allow(_identity(role), one)):
            who = f"arn:{role.partition}:sts::{role.account_id}:assumed-role/{role.name}/sandbox"
            raise RefusedError(
                "AccessDenied",
                f"User: {who} is not authorized to perform: {one.action} on resource: "
                f"{one.resource}",
            )


def _identity(role: Role) -> Iterator[Mapping[str, Any]]:
    for text in role.policies.values():
        yield from _statements(text)
    yield from _managed(role, role.managed_policies)


def _managed(role: Role, arns: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    policies = iam_backends[role.account_id][role.partition].managed_policies
    for arn in arns:
        versions = policies[arn].versions
        yield from _statements(next(one.document for one in versions if one.is_default))


@lru_cache(maxsize=512)
def _statements(text: str) -> Statements:
    return tuple(_as_list(json.loads(text)["Statement"]))


def allow(statements: Iterable[Mapping[str, Any]], one: NeededRight) -> bool:
    """Whether a statement allows the right and no statement denies it."""
    effects = {
        statement["Effect"]
        for statement in statements
        if _covers(statement, "Action", one.action.lower(), fold=True)
        and _covers(statement, "Resource", one.resource)
        and holds(statement.get("Condition", {}), one.context)
    }
    return effects == {"Allow"}


def _covers(statement: Mapping[str, Any], element: str, value: str, *, fold: bool = False) -> bool:
    """Whether a statement's `Action` or `Resource` (or its `Not...` form) covers the value."""
    inverted = f"Not{element}" in statement
    patterns = _as_list(statement[f"Not{element}" if inverted else element])
    return any(like(value, one.lower() if fold else one) for one in patterns) != inverted


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
