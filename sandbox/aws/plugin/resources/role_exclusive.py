"""aws:iam/rolePoliciesExclusive and aws:iam/rolePolicyAttachmentsExclusive.

Each says of a role which policies it has and that it has no others; the role's name is its id. As
the provider does it: deleting one deletes nothing, a managed policy that is not attached is
attached, and an inline policy that is not there is put without a text, which fails.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_role_name
from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.shapes import Kind, Properties, Property


class _Exclusive(ResourceType):
    """What both have in common; `policies` is the name of the list."""

    policies: ClassVar[str]

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Take away, and add, until the role has what is listed."""
        self._reconcile(iam, given["roleName"], set(given[self.policies]))
        return str(given["roleName"])

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """What the role has now."""
        return {"roleName": identity, self.policies: sorted(self.live(iam, identity))}

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Another list."""
        del old
        if self.policies in new:
            self._reconcile(iam, identity, set(new[self.policies]))

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """The role keeps what it has."""

    def _reconcile(self, iam: Any, role: str, wanted: set[str]) -> None:
        there = self.live(iam, role)
        for policy in sorted(there - wanted):
            self.take(iam, role, policy)
        for policy in sorted(wanted - there):
            self.give(iam, role, policy)

    @abstractmethod
    def live(self, iam: Any, role: str) -> set[str]:
        """The role's policies of this kind."""

    @abstractmethod
    def take(self, iam: Any, role: str, policy: str) -> None:
        """Take one away."""

    @abstractmethod
    def give(self, iam: Any, role: str, policy: str) -> None:
        """Add one that is listed and not there."""


class RolePoliciesExclusive(_Exclusive):
    """Names of a role's inline policies."""

    token = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"  # noqa: S105 - a type token
    policies = "policyNames"
    inputs: ClassVar[Properties] = {
        "policyNames": Property(Kind.SET, required=True),
        "roleName": Property(required=True, replaces=True, check=check_role_name),
    }
    outputs: ClassVar[Properties] = {
        "policyNames": Property(Kind.SET, required=True),
        "roleName": Property(required=True),
    }

    def live(self, iam: Any, role: str) -> set[str]:
        """Their names, of all pages."""
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=role)
        return {name for page in pages for name in page["PolicyNames"]}

    def take(self, iam: Any, role: str, policy: str) -> None:
        """Delete it."""
        iam.delete_role_policy(RoleName=role, PolicyName=policy)

    def give(self, iam: Any, role: str, policy: str) -> None:
        """Fail: its text is not known here."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - see session.py

        del iam
        message = f"missing required field, PutRolePolicyInput.PolicyDocument ({role}, {policy})"
        raise ClientError({"Error": {"Code": "InvalidInput", "Message": message}}, "PutRolePolicy")


class RolePolicyAttachmentsExclusive(_Exclusive):
    """ARNs of a role's managed policies."""

    token = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"  # noqa: S105 - a type token
    policies = "policyArns"
    inputs: ClassVar[Properties] = {
        "policyArns": Property(Kind.SET, required=True),
        "roleName": Property(required=True, replaces=True, check=check_role_name),
    }
    outputs: ClassVar[Properties] = {
        "policyArns": Property(Kind.SET, required=True),
        "roleName": Property(required=True),
    }

    def live(self, iam: Any, role: str) -> set[str]:
        """Their ARNs, of all pages."""
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        return {one["PolicyArn"] for page in pages for one in page["AttachedPolicies"]}

    def take(self, iam: Any, role: str, policy: str) -> None:
        """Detach it."""
        iam.detach_role_policy(RoleName=role, PolicyArn=policy)

    def give(self, iam: Any, role: str, policy: str) -> None:
        """Attach it."""
        iam.attach_role_policy(RoleName=role, PolicyArn=policy)
