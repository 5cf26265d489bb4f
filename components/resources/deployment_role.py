"""The IAM role that one repository's jobs in one environment assume, with its policies.

slipway owns the role: a refresh finds policies that others attach to it, and the next update
removes them, unless `unmanaged.role_policies` declares that others manage such policies.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.resources.declared_names import name_in


class DeploymentRoleArgs(TypedDict):
    """Settings, trust and rights of the role."""

    role_name: str
    """Name in the account, at most 64 characters."""
    path: str
    """Path of the role; it is a part of the ARN."""
    description: str
    """Purpose of the role."""
    trust_policy: pulumi.Input[str]
    """JSON: the trust policy, which names the subjects that may assume the role."""
    inline_policies: Mapping[str, pulumi.Input[str]]
    """JSON documents by policy name."""
    managed_policies: Sequence[str]
    """ARNs to attach."""
    permissions_boundary: str | None
    """ARN of the policy that caps the role, or none."""
    max_session_seconds: int
    """Longest session."""
    other_inline_policies: bool
    """Whether inline policies of others may stay in the role; if not, `up` removes them."""
    other_managed_policies: bool
    """The same for managed policies."""
    tags: Mapping[str, str]
    """Tags of the role."""


class DeploymentRole(pulumi.ComponentResource):
    """A role with its inline and attached policies.

    Args:
        after: resources that exist before the role and are deleted after it. It is no option of the
            component, which would then wait itself: each resource that is registered late costs two
            writes of a state that is large by then (docs/performance.md).
    """

    arn: pulumi.Output[str]
    """ARN of the role."""

    def __init__(
        self,
        name: str,
        args: DeploymentRoleArgs,
        opts: pulumi.ResourceOptions | None = None,
        *,
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        super().__init__("slipway:aws:DeploymentRole", name, None, opts)
        role = aws.iam.Role(
            name,
            name=args["role_name"],
            path=args["path"],
            description=args["description"],
            assume_role_policy=args["trust_policy"],
            permissions_boundary=args["permissions_boundary"],
            max_session_duration=args["max_session_seconds"],
            tags=dict(args["tags"]),
            # AWS deletes no role that has policies: foreign ones would block the removal of trust.
            force_detach_policies=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        options = pulumi.ResourceOptions(parent=self)
        role_name = name_in(role, args["role_name"])
        policies: list[pulumi.Resource] = [
            aws.iam.RolePolicy(
                f"{name}-{policy}", name=policy, role=role_name, policy=document, opts=options
            )
            for policy, document in args["inline_policies"].items()
        ]
        policies += [
            aws.iam.RolePolicyAttachment(
                f"{name}-{arn}", role=role_name, policy_arn=arn, opts=options
            )
            for arn in args["managed_policies"]
        ]
        # After the policies: the provider cannot create a listed policy, as it has no text of it.
        listed = pulumi.ResourceOptions(parent=self, depends_on=policies)
        if not args["other_inline_policies"]:
            aws.iam.RolePoliciesExclusive(
                f"{name}-inline",
                role_name=role_name,
                policy_names=list(args["inline_policies"]),
                opts=listed,
            )
        if not args["other_managed_policies"]:
            aws.iam.RolePolicyAttachmentsExclusive(
                f"{name}-managed",
                role_name=role_name,
                policy_arns=list(args["managed_policies"]),
                opts=listed,
            )
        self.arn = role.arn
