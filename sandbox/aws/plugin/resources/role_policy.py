"""aws:iam/rolePolicy:RolePolicy."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_policy_name, check_role_name
from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.shapes import Kind, Properties, Property
from sandbox.aws.policy_documents import check_json


class RolePolicy(ResourceType):
    """An inline policy of a role; its id is `role:policy`."""

    token = "aws:iam/rolePolicy:RolePolicy"  # noqa: S105 - a type token
    inputs: ClassVar[Properties] = {
        "name": Property(replaces=True, computed=True, check=check_policy_name),
        "policy": Property(Kind.POLICY, required=True, check=check_json),
        "role": Property(required=True, replaces=True, check=check_role_name),
    }
    outputs: ClassVar[Properties] = {
        "name": Property(required=True),
        "namePrefix": Property(required=True),
        "policy": Property(Kind.POLICY, required=True),
        "role": Property(required=True),
    }
    autonamed = True

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Put it; AWS overwrites a policy with the same name."""
        self._put(iam, given["role"], given["name"], given["policy"])
        return f"{given['role']}:{given['name']}"

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Read it."""
        role, name = _parts(identity)
        found = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        text = found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))
        return {"name": name, "namePrefix": "", "policy": text, "role": role}

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Put the new document."""
        del old
        if "policy" in new:
            self._put(iam, *_parts(identity), new["policy"])

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete it."""
        del old
        role, name = _parts(identity)
        iam.delete_role_policy(RoleName=role, PolicyName=name)

    @staticmethod
    def _put(iam: Any, role: str, name: str, document: str) -> None:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _parts(identity: str) -> tuple[str, str]:
    role, separator, name = identity.partition(":")
    if not separator:
        raise ValueError(f"{identity!r}: the id of a role policy is <role name>:<policy name>")
    return role, name
