"""Refuse requests to IAM and STS that AWS refuses, by their action and the account's content.

Deliberately absent: refusals that moto makes itself, such as deleting a role that still has
policies, or attaching a policy that does not exist.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from moto.iam.models import IAMBackend, OpenIDConnectProvider, Role, iam_backends

from sandbox.aws import limits, policy_documents
from sandbox.aws.aws_policies import add_aws_policy
from sandbox.aws.refusal import RefusedError
from sandbox.aws.seed import FIRST_ROLE

Parameters = Mapping[str, str]


def check_request(iam: IAMBackend, parameters: Parameters) -> None:
    """Refuse the request if AWS would.

    Raises:
        RefusedError: AWS would refuse it; code and message are AWS's.
    """
    for name in ("PolicyArn", "PermissionsBoundary"):
        add_aws_policy(iam, parameters.get(name, ""))
    rule = _RULES.get(parameters.get("Action", ""))
    if rule is not None:
        rule(iam, parameters)


def _create_role(iam: IAMBackend, given: Parameters) -> None:
    name = given.get("RoleName", "")
    limits.check_role_name(name)
    limits.check_path(given.get("Path", "/"))
    limits.check_description(given.get("Description", ""))
    limits.check_session_duration(int(given.get("MaxSessionDuration", limits.SESSION.start)))
    limits.check_tags(_tags(given))
    policy_documents.check_trust_policy(given.get("AssumeRolePolicyDocument", ""))
    _check_boundary(iam, given)
    roles = list(iam.get_roles())
    if any(role.name.lower() == name.lower() for role in roles):
        raise RefusedError("EntityAlreadyExists", f"Role with name {name} already exists.")
    # GetAccountSummary tells the same quota.
    most = iam.account_summary.summary_map["RolesQuota"]
    if len(roles) >= most:
        raise RefusedError("LimitExceeded", f"Cannot exceed quota for RolesPerAccount: {most}")


def _update_trust(iam: IAMBackend, given: Parameters) -> None:
    _role(iam, given)
    policy_documents.check_trust_policy(given.get("PolicyDocument", ""))


def _update_role(iam: IAMBackend, given: Parameters) -> None:
    _role(iam, given)
    limits.check_description(given.get("Description", ""))
    limits.check_session_duration(int(given.get("MaxSessionDuration", limits.SESSION.start)))


def _tag_role(iam: IAMBackend, given: Parameters) -> None:
    role = _role(iam, given)
    limits.check_tags(_merged({tag["Key"]: tag["Value"] for tag in role.tags or []}, _tags(given)))


def _put_boundary(iam: IAMBackend, given: Parameters) -> None:
    _role(iam, given)
    _check_boundary(iam, given)


def _put_role_policy(iam: IAMBackend, given: Parameters) -> None:
    role = _role(iam, given)
    name, document = given.get("PolicyName", ""), given.get("PolicyDocument", "")
    limits.check_policy_name(name)
    policy_documents.check_permission_policy(document)
    others = {policy: text for policy, text in role.policies.items() if policy != name}
    policy_documents.check_inline_policies(role.name, [*others.values(), document])


def _attach_role_policy(iam: IAMBackend, given: Parameters) -> None:
    role, arn = _role(iam, given), given.get("PolicyArn", "")
    if len(role.managed_policies.keys() | {arn}) > limits.ATTACHED_POLICIES:
        raise RefusedError(
            "LimitExceeded", f"Cannot exceed quota for PoliciesPerRole: {limits.ATTACHED_POLICIES}"
        )


def _create_policy(_iam: IAMBackend, given: Parameters) -> None:
    limits.check_policy_name(given.get("PolicyName", ""))
    limits.check_path(given.get("Path", "/"))
    limits.check_description(given.get("Description", ""))
    limits.check_tags(_tags(given))
    policy_documents.check_managed_policy(given.get("PolicyDocument", ""))


def _create_policy_version(_iam: IAMBackend, given: Parameters) -> None:
    policy_documents.check_managed_policy(given.get("PolicyDocument", ""))


def _create_oidc_provider(iam: IAMBackend, given: Parameters) -> None:
    url = given.get("Url", "")
    limits.check_issuer(url)
    limits.check_client_ids(_list(given, "ClientIDList"))
    limits.check_thumbprints(_list(given, "ThumbprintList"))
    limits.check_tags(_tags(given))
    arn = f":oidc-provider/{url.removeprefix('https://').rstrip('/')}".lower()
    if any(known.lower().endswith(arn) for known in iam.open_id_providers):
        raise RefusedError("EntityAlreadyExists", f"Provider with url {url} already exists.")


def _update_thumbprints(iam: IAMBackend, given: Parameters) -> None:
    _oidc_provider(iam, given)
    thumbprints = _list(given, "ThumbprintList")
    if not thumbprints:
        raise RefusedError("InvalidInput", "Thumbprint list must contain at least one entry.")
    limits.check_thumbprints(thumbprints)


def _add_client_id(iam: IAMBackend, given: Parameters) -> None:
    known = _oidc_provider(iam, given).client_id_list
    limits.check_client_ids([*known, given.get("ClientID", "")])


def _oidc_provider(iam: IAMBackend, given: Parameters) -> OpenIDConnectProvider:
    arn = given.get("OpenIDConnectProviderArn", "")
    provider = iam.open_id_providers.get(arn)
    if provider is None:
        raise RefusedError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}")
    return provider


def _must_exist(iam: IAMBackend, given: Parameters) -> None:
    _oidc_provider(iam, given)


def _assume_role(iam: IAMBackend, given: Parameters) -> None:
    arn = given.get("RoleArn", "")
    # A caller of one partition can assume no role of another.
    found = re.fullmatch(rf"arn:{iam.partition}:iam::(\d{{12}}):role/(?:.*/)?([^/]+)", arn)
    if found:
        roles = iam_backends[found[1]][iam.partition].get_roles()
        if found[2] == FIRST_ROLE or any(role.arn == arn for role in roles):
            return
    raise RefusedError(
        "AccessDenied",
        f"User: arn:{iam.partition}:iam::{iam.account_id}:user/sandbox is not authorized to "
        f"perform: sts:AssumeRole on resource: {arn}",
    )


_RULES: Final[Mapping[str, Callable[[IAMBackend, Parameters], None]]] = {
    "AddClientIDToOpenIDConnectProvider": _add_client_id,
    "AssumeRole": _assume_role,
    "AttachRolePolicy": _attach_role_policy,
    "CreateOpenIDConnectProvider": _create_oidc_provider,
    "CreatePolicy": _create_policy,
    "CreatePolicyVersion": _create_policy_version,
    "CreateRole": _create_role,
    "DeleteOpenIDConnectProvider": _must_exist,
    "PutRolePermissionsBoundary": _put_boundary,
    "PutRolePolicy": _put_role_policy,
    "RemoveClientIDFromOpenIDConnectProvider": _must_exist,
    "TagRole": _tag_role,
    "UpdateAssumeRolePolicy": _update_trust,
    "UpdateOpenIDConnectProviderThumbprint": _update_thumbprints,
    "UpdateRole": _update_role,
    "UpdateRoleDescription": _update_role,
}


def _role(iam: IAMBackend, given: Parameters) -> Role:
    name = given.get("RoleName", "")
    for role in iam.get_roles():
        if role.name.lower() == name.lower():
            return role
    raise RefusedError("NoSuchEntity", f"The role with name {name} cannot be found.")


def _check_boundary(iam: IAMBackend, given: Parameters) -> None:
    arn = given.get("PermissionsBoundary", "")
    if arn and arn not in iam.managed_policies:
        raise RefusedError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")


def _list(given: Parameters, name: str) -> list[str]:
    """A list in AWS's query protocol: `Name.member.1`, `Name.member.2`, ..."""
    return [value for key, value in given.items() if key.startswith(f"{name}.member.")]


def _tags(given: Parameters) -> dict[str, str]:
    tags: dict[str, Any] = {}
    for key, value in given.items():
        if (found := re.fullmatch(r"Tags\.member\.(\d+)\.Key", key)) is not None:
            if value in tags:
                raise RefusedError(
                    "InvalidInput",
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
                )
            tags[value] = given.get(f"Tags.member.{found[1]}.Value", "")
    return tags


def _merged(known: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """All tags after some were added: keys that differ only in case are the same key."""
    folded = {key.lower(): (key, value) for key, value in known.items()}
    folded |= {key.lower(): (key, value) for key, value in added.items()}
    return dict(folded.values())
