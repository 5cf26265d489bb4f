"""aws:iam/role:Role.

Deliberately absent: the inputs `inlinePolicies` and `managedPolicyArns`, which pulumi-aws
deprecates in favour of separate resources. The outputs exist.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import (
    check_description,
    check_path,
    check_role_name,
    check_session_duration,
    check_tags,
)
from sandbox.aws.plugin.resource_type import ResourceType, tag_list, tag_map
from sandbox.aws.plugin.shapes import Kind, Properties, Property
from sandbox.aws.policy_documents import check_json


class Role(ResourceType):
    """A role; its id is its name."""

    token = "aws:iam/role:Role"  # noqa: S105 - a type token
    inputs: ClassVar[Properties] = {
        "assumeRolePolicy": Property(Kind.POLICY, required=True, check=check_json),
        "description": Property(default="", check=check_description),
        "forceDetachPolicies": Property(Kind.TRUTH, default=False),
        "maxSessionDuration": Property(Kind.NUMBER, default=3600, check=check_session_duration),
        "name": Property(replaces=True, computed=True, check=check_role_name),
        "path": Property(replaces=True, default="/", check=check_path),
        "permissionsBoundary": Property(default=""),
        "tags": Property(Kind.MAP, default={}, check=check_tags),
    }
    outputs: ClassVar[Properties] = {
        "arn": Property(required=True),
        "assumeRolePolicy": Property(Kind.POLICY, required=True),
        "createDate": Property(required=True),
        "description": Property(),
        "forceDetachPolicies": Property(Kind.TRUTH),
        "inlinePolicies": Property(Kind.ANY, required=True),
        "managedPolicyArns": Property(Kind.SET, required=True),
        "maxSessionDuration": Property(Kind.NUMBER),
        "name": Property(required=True),
        "namePrefix": Property(required=True),
        "path": Property(),
        "permissionsBoundary": Property(),
        "tags": Property(Kind.MAP),
        "tagsAll": Property(Kind.MAP, required=True),
        "uniqueId": Property(required=True),
    }
    autonamed = True

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Create it."""
        boundary = given.get("permissionsBoundary")
        iam.create_role(
            RoleName=given["name"],
            AssumeRolePolicyDocument=given["assumeRolePolicy"],
            Description=given.get("description", ""),
            MaxSessionDuration=given.get("maxSessionDuration", 3600),
            Path=given.get("path", "/"),
            Tags=tag_list(given.get("tags", {})),
            **({"PermissionsBoundary": boundary} if boundary else {}),
        )
        return str(given["name"])

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Read it, with its policies."""
        found = iam.get_role(RoleName=identity)["Role"]
        attached = iam.list_attached_role_policies(RoleName=identity)["AttachedPolicies"]
        return {
            "arn": found["Arn"],
            "assumeRolePolicy": _text(found["AssumeRolePolicyDocument"]),
            "createDate": found["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": found.get("Description", ""),
            "inlinePolicies": [
                {"name": name, "policy": _text(_document(iam, identity, name))}
                for name in iam.list_role_policies(RoleName=identity)["PolicyNames"]
            ],
            "managedPolicyArns": sorted(policy["PolicyArn"] for policy in attached),
            "maxSessionDuration": found["MaxSessionDuration"],
            "name": found["RoleName"],
            "namePrefix": "",
            "path": found["Path"],
            "permissionsBoundary": found.get("PermissionsBoundary", {}).get(
                "PermissionsBoundaryArn", ""
            ),
            "tags": tag_map(found.get("Tags")),
            "uniqueId": found["RoleId"],
        }

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Change trust, description, duration, boundary and tags, each with its own call."""
        if "assumeRolePolicy" in new:
            iam.update_assume_role_policy(RoleName=identity, PolicyDocument=new["assumeRolePolicy"])
        if "description" in new or "maxSessionDuration" in new:
            live = iam.get_role(RoleName=identity)["Role"]
            iam.update_role(
                RoleName=identity,
                Description=new.get("description", live.get("Description", "")),
                MaxSessionDuration=new.get("maxSessionDuration", live["MaxSessionDuration"]),
            )
        if new.get("permissionsBoundary"):
            iam.put_role_permissions_boundary(
                RoleName=identity, PermissionsBoundary=new["permissionsBoundary"]
            )
        elif "permissionsBoundary" in new:
            iam.delete_role_permissions_boundary(RoleName=identity)
        if "tags" in new:
            if gone := sorted((old["tags"] or {}).keys() - new["tags"].keys()):
                iam.untag_role(RoleName=identity, TagKeys=gone)
            if new["tags"]:
                iam.tag_role(RoleName=identity, Tags=tag_list(new["tags"]))

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete it. AWS refuses if it has policies; `forceDetachPolicies` removes them first."""
        if old.get("forceDetachPolicies"):
            attached = iam.list_attached_role_policies(RoleName=identity)["AttachedPolicies"]
            for policy in attached:
                iam.detach_role_policy(RoleName=identity, PolicyArn=policy["PolicyArn"])
            for name in iam.list_role_policies(RoleName=identity)["PolicyNames"]:
                iam.delete_role_policy(RoleName=identity, PolicyName=name)
        iam.delete_role(RoleName=identity)


def _document(iam: Any, role: str, policy: str) -> Any:
    return iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]


def _text(document: Any) -> str:
    """A policy document as text; botocore has already parsed it."""
    return document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
