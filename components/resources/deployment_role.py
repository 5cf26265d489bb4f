"""The IAM role that one repository's jobs in one environment assume, and what it may do.

The role is slipway's alone: what somebody attaches to it besides is seen by a refresh and removed
by the next update, unless others are declared to manage policies of it as well.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws


class DeploymentRoleArgs(TypedDict):
    """What the role is, whom it trusts and what it may do."""

    role_name: str
    """Name in the account, at most 64 characters."""
    path: str
    """Path of the role; it is a part of the ARN."""
    description: str
    """What the role is for."""
    trust_policy: pulumi.Input[str]
    """JSON: who may assume the role."""
    inline_policies: Mapping[str, pulumi.Input[str]]
    """JSON documents by policy name."""
    managed_policies: Sequence[str]
    """ARNs to attach."""
    permissions_boundary: str | None
    """ARN of the policy that caps the role, or none."""
    max_session_seconds: int
    """Longest session."""
    other_inline_policies: bool
    """Whether somebody else puts inline policies into the role; otherwise it has no others."""
    other_managed_policies: bool
    """The same of managed policies."""
    tags: Mapping[str, str]
    """Tags of the role."""


class DeploymentRole(pulumi.ComponentResource):
    """A role with its inline and attached policies.

    Args:
        after: what has to be there before the role, and is deleted after it. Not an option of the
            component, which would then wait itself: each resource that is registered late costs two
            writings of a state that is large by then (docs/performance.md).
    """

    arn: pulumi.Output[str]
    """ARN of the role."""
    role_name: pulumi.Output[str]
    """Name of the role."""

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
            # AWS deletes no role that has a policy: somebody's would hold up that trust goes first.
            force_detach_policies=True,
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        options = pulumi.ResourceOptions(parent=self)
        policies: list[pulumi.Resource] = [
            aws.iam.RolePolicy(
                f"{name}-{policy}", name=policy, role=role.name, policy=document, opts=options
            )
            for policy, document in args["inline_policies"].items()
        ]
        policies += [
            aws.iam.RolePolicyAttachment(
                f"{name}-{arn}", role=role.name, policy_arn=arn, opts=options
            )
            for arn in args["managed_policies"]
        ]
        # After the policies: of one that is listed and not there the provider knows no text.
        listed = pulumi.ResourceOptions(parent=self, depends_on=policies)
        if not args["other_inline_policies"]:
            aws.iam.RolePoliciesExclusive(
                f"{name}-inline",
                role_name=role.name,
                policy_names=list(args["inline_policies"]),
                opts=listed,
            )
        if not args["other_managed_policies"]:
            aws.iam.RolePolicyAttachmentsExclusive(
                f"{name}-managed",
                role_name=role.name,
                policy_arns=list(args["managed_policies"]),
                opts=listed,
            )
        self.arn = role.arn
        self.role_name = role.name
