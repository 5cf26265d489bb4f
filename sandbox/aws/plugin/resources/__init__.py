"""The resource types that the plugin supports, by token."""

from collections.abc import Mapping
from typing import Final

from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.resources.oidc_provider import OpenIdConnectProvider
from sandbox.aws.plugin.resources.policy import Policy
from sandbox.aws.plugin.resources.role import Role
from sandbox.aws.plugin.resources.role_exclusive import (
    RolePoliciesExclusive,
    RolePolicyAttachmentsExclusive,
)
from sandbox.aws.plugin.resources.role_policy import RolePolicy
from sandbox.aws.plugin.resources.role_policy_attachment import RolePolicyAttachment

RESOURCES: Final[Mapping[str, ResourceType]] = {
    known.token: known
    for known in (
        OpenIdConnectProvider(),
        Policy(),
        Role(),
        RolePolicy(),
        RolePolicyAttachment(),
        RolePoliciesExclusive(),
        RolePolicyAttachmentsExclusive(),
    )
}
