"""aws:iam/rolePolicyAttachment:RolePolicyAttachment."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_role_name
from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.shapes import Properties, Property


class RolePolicyAttachment(ResourceType):
    """A managed policy on a role; its id is `role/arn`. Any change replaces it."""

    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"  # noqa: S105 - a type token
    inputs: ClassVar[Properties] = {
        "policyArn": Property(required=True, replaces=True),
        "role": Property(required=True, replaces=True, check=check_role_name),
    }
    outputs: ClassVar[Properties] = {
        "policyArn": Property(required=True),
        "role": Property(required=True),
    }

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Attach the policy; AWS accepts it if it is attached already."""
        iam.attach_role_policy(RoleName=given["role"], PolicyArn=given["policyArn"])
        return f"{given['role']}/{given['policyArn']}"

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Check whether the policy is still attached."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - see session.py

        role, arn = _parts(identity)
        pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        if any(p["PolicyArn"] == arn for page in pages for p in page["AttachedPolicies"]):
            return {"policyArn": arn, "role": role}
        message = f"{arn} is not attached to {role}"
        raise ClientError(
            {"Error": {"Code": "NoSuchEntity", "Message": message}}, "ListAttachedRolePolicies"
        )

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Never called: any change replaces the resource."""

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Detach the policy."""
        del old
        role, arn = _parts(identity)
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)


def _parts(identity: str) -> tuple[str, str]:
    role, separator, arn = identity.partition("/")
    if not separator:
        raise ValueError(f"{identity!r}: the id of an attachment is <role name>/<policy ARN>")
    return role, arn
