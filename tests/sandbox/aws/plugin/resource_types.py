"""The resource types that the plugin supports, each with inputs of one resource."""

from typing import Any

from pulumi.runtime.proto import provider_pb2

from tests.sandbox.aws.documents import GITHUB, permissions, trust

OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"

INPUTS: dict[str, dict[str, Any]] = {
    OIDC: {
        "url": f"https://{GITHUB}",
        "clientIdLists": ["sts.amazonaws.com", "other"],
        "tags": {"team": "platform"},
    },
    ROLE: {
        "name": "billing",
        "path": "/slipway/",
        "description": "Deploys",
        "assumeRolePolicy": trust(),
        "maxSessionDuration": 7200,
        "permissionsBoundary": READ_ONLY,
        "tags": {"repository": "acme/billing"},
    },
    ROLE_POLICY: {"role": "slipway", "name": "deploy", "policy": permissions()},
    POLICY: {"name": "deploy", "path": "/a/", "description": "d", "policy": permissions()},
    ATTACHMENT: {"role": "slipway", "policyArn": READ_ONLY},
}


def differing(answer: Any) -> dict[str, str]:
    """Kinds of difference by path."""
    names = provider_pb2.PropertyDiff.Kind.Name
    return {path: names(found.kind) for path, found in answer.detailedDiff.items()}
