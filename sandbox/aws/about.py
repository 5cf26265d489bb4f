"""What a request is about, as policies name it: actions, a resource, and condition keys.

Service Authorization Reference: IAM, Secrets Manager, Systems Manager. What has no resource of its
own, or one of a kind that is not listed here, is `*`: only a statement on `*` is about it.
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

#: Actions on a role that know the key iam:PermissionsBoundary: of the request, or of the role.
_BOUNDED: Final = re.compile(
    "CreateRole|GetRole|DeleteRole|UpdateRole|UpdateRoleDescription|UpdateAssumeRolePolicy|"
    "(Put|Delete|Attach|Detach)Role(Policy|PermissionsBoundary)"
)
_REQUESTED: Final = ("CreateRole", "PutRolePermissionsBoundary")


@dataclass(frozen=True)
class Asked:
    """One thing that a request needs the right to."""

    #: `iam:CreateRole`.
    action: str
    resource: str
    context: Context


def asked(call: Call) -> Iterator[Asked]:
    """Each right that the request needs: a role that is made with tags needs two."""
    action, given = f"{call.service}:{call.action}", call.parameters
    if call.service != "iam":
        yield Asked(action, _value(call), {})
        return
    iam = iam_backends[call.account]["aws"]
    resource = _resource(iam, call.action, given)
    yield Asked(action, resource, dict(_context(iam, call.action, given)))
    tagged = any(name.startswith("Tags.member.") for name in given)
    if tagged and call.action in ("CreateRole", "CreateOpenIDConnectProvider"):
        yield Asked(f"iam:Tag{call.action.removeprefix('Create')}", resource, {})


def _resource(iam: IAMBackend, action: str, given: Mapping[str, str]) -> str:
    place = f"arn:aws:iam::{iam.account_id}"
    if action == "CreateOpenIDConnectProvider":
        return f"{place}:oidc-provider/{given.get('Url', '').removeprefix('https://')}"
    if "OpenIDConnectProviderArn" in given:
        return given["OpenIDConnectProviderArn"]
    if "RoleName" not in given:
        return "*"
    if action == "CreateRole":
        return f"{place}:role{given.get('Path', '/')}{given['RoleName']}"
    found = _role(iam, given["RoleName"])
    # Of a role that is not there IAM knows the name alone, and no path.
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
    """ARN of the secret or parameter; of a secret that is not there, the name as it is given."""
    given = json.loads(call.body)
    place = f"{call.region}:{call.account}"
    if "SecretId" in given:
        known = secretsmanager_backends[call.account][call.region].secrets.get(given["SecretId"])
        return str(known.arn if known else given["SecretId"])
    if "Name" in given:
        name = given["Name"].partition(":")[0].removeprefix("/")
        return f"arn:aws:ssm:{place}:parameter/{name}"
    return "*"
