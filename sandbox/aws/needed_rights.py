"""The rights that a request needs, in the terms of policies: action, resource, condition keys.

Service Authorization Reference: IAM, Secrets Manager, Systems Manager. If an action has no resource
type, or none that this module knows, its resource is `*`: only a statement on `*` applies to it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from moto.iam.models import IAMBackend, Role, iam_backends
from moto.secretsmanager.models import secretsmanager_backends

from sandbox.aws.call import Call
from sandbox.aws.conditions import Context

#: Actions with the condition key iam:PermissionsBoundary. Its value is the request's or the role's.
_BOUNDED: Final = re.compile(
    "CreateRole|GetRole|DeleteRole|UpdateRole|UpdateRoleDescription|UpdateAssumeRolePolicy|"
    "(Put|Delete|Attach|Detach)Role(Policy|PermissionsBoundary)"
)
#: Actions whose resource is a managed policy.
_OF_POLICIES: Final = ("GetPolicy", "GetPolicyVersion", "ListPolicyVersions")
_REQUESTED: Final = ("CreateRole", "PutRolePermissionsBoundary")


@dataclass(frozen=True)
class NeededRight:
    """One right that a request needs."""

    #: For example `iam:CreateRole`.
    action: str
    resource: str
    context: Context


def needed_rights(call: Call) -> Iterator[NeededRight]:
    """All rights that the request needs: to create a role with tags needs two."""
    action, given = f"{call.service}:{call.action}", call.parameters
    if call.service != "iam":
        yield NeededRight(action, _value(call), {})
        return
    iam = iam_backends[call.account][call.partition]
    resource = _resource(iam, call.action, given)
    yield NeededRight(action, resource, dict(_context(iam, call.action, given)))
    tagged = any(name.startswith("Tags.member.") for name in given)
    if tagged and call.action in ("CreateRole", "CreateOpenIDConnectProvider"):
        yield NeededRight(f"iam:Tag{call.action.removeprefix('Create')}", resource, {})


def _resource(iam: IAMBackend, action: str, given: Mapping[str, str]) -> str:
    place = f"arn:{iam.partition}:iam::{iam.account_id}"
    if action == "CreateOpenIDConnectProvider":
        return f"{place}:oidc-provider/{given.get('Url', '').removeprefix('https://')}"
    if "OpenIDConnectProviderArn" in given:
        return given["OpenIDConnectProviderArn"]
    if action in _OF_POLICIES:
        return given.get("PolicyArn", "*")
    if "RoleName" not in given:
        return "*"
    if action == "CreateRole":
        return f"{place}:role{given.get('Path', '/')}{given['RoleName']}"
    found = _role(iam, given["RoleName"])
    # For a role that does not exist IAM has only the name, without a path.
    return found.arn if found else f"{place}:role/{given['RoleName']}"


def _context(
    iam: IAMBackend, action: str, given: Mapping[str, str]
) -> Iterator[tuple[str, list[str]]]:
    if action in ("AttachRolePolicy", "DetachRolePolicy"):
        yield "iam:policyarn", [given.get("PolicyArn", "")]
    if _BOUNDED.fullmatch(action):
        role = _role(iam, given.get("RoleName", ""))
        live = role.permissions_boundary_arn if role else None
        boundary = given.get("PermissionsBoundary") if action in _REQUESTED else live
        yield "iam:permissionsboundary", [boundary] if boundary else []


def _role(iam: IAMBackend, name: str) -> Role | None:
    return next((role for role in iam.get_roles() if role.name.lower() == name.lower()), None)


def _value(call: Call) -> str:
    """The ARN of the secret or parameter; for an unknown secret the given id."""
    given = json.loads(call.body)
    place = f"{call.region}:{call.account}"
    if "SecretId" in given:
        known = secretsmanager_backends[call.account][call.region].secrets.get(given["SecretId"])
        return str(known.arn if known else given["SecretId"])
    if "Name" in given:
        name = given["Name"].partition(":")[0].removeprefix("/")
        return f"arn:{call.partition}:ssm:{place}:parameter/{name}"
    return "*"
