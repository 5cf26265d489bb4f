"""aws:iam/rolePoliciesExclusive and aws:iam/rolePolicyAttachmentsExclusive.

Each one lists the policies of a role, which must have no others; its id is the role's name. It
behaves as pulumi-aws: deleting it changes nothing in AWS; a listed managed policy that is not
attached is attached; a listed inline policy that does not exist is put without a document, which
fails.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_role_name
from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.shapes import Kind, Properties, Property


class _Exclusive(ResourceType):
    """The common part of both types; `policies` is the name of the list."""

    policies: ClassVar[str]

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Remove and add policies until the role has exactly the listed ones."""
        self._reconcile(iam, given["roleName"], set(given[self.policies]))
        return str(given["roleName"])

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Read the role's policies."""
        return {"roleName": identity, self.policies: sorted(self.live(iam, identity))}

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Apply the new list."""
        del old
        if self.policies in new:
            self._reconcile(iam, identity, set(new[self.policies]))

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Do nothing: the role keeps its policies."""

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
        """Remove a policy from the role."""

    @abstractmethod
    def give(self, iam: Any, role: str, policy: str) -> None:
        """Add a listed policy that the role does not have."""


class RolePoliciesExclusive(_Exclusive):
    """The names of a role's inline policies."""

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
        """The names, from all pages."""
        pages = iam.get_paginator("list_role_policies").paginate(RoleName=role)
        return {name for page in pages for name in page["PolicyNames"]}

    def take(self, iam: Any, role: str, policy: str) -> None:
        """Delete it."""
        iam.delete_role_policy(RoleName=role, PolicyName=policy)

    def give(self, iam: Any, role: str, policy: str) -> None:
        """Fail, because the document is unknown here."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - see session.py

        del iam
        message = f"missing required field, PutRolePolicyInput.PolicyDocument ({role}, {policy})"
        raise ClientError({"Error": {"Code": "InvalidInput", "Message": message}}, "PutRolePolicy")


class RolePolicyAttachmentsExclusive(_Exclusive):
    """The ARNs of a role's managed policies."""

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
        """The ARNs, from all pages."""
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        return {one["PolicyArn"] for page in pages for one in page["AttachedPolicies"]}

    def take(self, iam: Any, role: str, policy: str) -> None:
        """Detach it."""
        iam.detach_role_policy(RoleName=role, PolicyArn=policy)

    def give(self, iam: Any, role: str, policy: str) -> None:
        """Attach it."""
        iam.attach_role_policy(RoleName=role, PolicyArn=policy)
