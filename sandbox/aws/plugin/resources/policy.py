"""aws:iam/policy:Policy.

Deliberately absent: `delayAfterPolicyCreationInMs`, because changes have no delay in the sandbox.
"""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_description, check_path, check_policy_name, check_tags
from sandbox.aws.plugin.resource_type import ResourceType, tag_list, tag_map
from sandbox.aws.plugin.shapes import Kind, Properties, Property
from sandbox.aws.policy_documents import check_json

#: The maximum of versions of a policy (IAM User Guide: quotas).
_VERSIONS = 5


class Policy(ResourceType):
    """A managed policy; its id is its ARN. A new document makes a new default version."""

    token = "aws:iam/policy:Policy"  # noqa: S105 - a type token
    inputs: ClassVar[Properties] = {
        "description": Property(replaces=True, default="", check=check_description),
        "name": Property(replaces=True, computed=True, check=check_policy_name),
        "path": Property(replaces=True, default="/", check=check_path),
        "policy": Property(Kind.POLICY, required=True, check=check_json),
        "tags": Property(Kind.MAP, default={}, check=check_tags),
    }
    outputs: ClassVar[Properties] = {
        "arn": Property(required=True),
        "attachmentCount": Property(Kind.NUMBER, required=True),
        "description": Property(),
        "name": Property(required=True),
        "namePrefix": Property(required=True),
        "path": Property(),
        "policy": Property(Kind.POLICY, required=True),
        "policyId": Property(required=True),
        "tags": Property(Kind.MAP),
        "tagsAll": Property(Kind.MAP, required=True),
    }
    autonamed = True

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Create it."""
        made = iam.create_policy(
            PolicyName=given["name"],
            PolicyDocument=given["policy"],
            Description=given.get("description", ""),
            Path=given.get("path", "/"),
            Tags=tag_list(given.get("tags", {})),
        )
        return str(made["Policy"]["Arn"])

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Read it, in its default version."""
        found = iam.get_policy(PolicyArn=identity)["Policy"]
        version = iam.get_policy_version(PolicyArn=identity, VersionId=found["DefaultVersionId"])[
            "PolicyVersion"
        ]
        document = version["Document"]
        return {
            "arn": found["Arn"],
            "attachmentCount": found["AttachmentCount"],
            "description": found.get("Description", ""),
            "name": found["PolicyName"],
            "namePrefix": "",
            "path": found["Path"],
            "policy": document
            if isinstance(document, str)
            else json.dumps(document, separators=(",", ":")),
            "policyId": found["PolicyId"],
            "tags": tag_map(found.get("Tags")),
        }

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Add a version and change tags; delete the oldest version if there are too many."""
        if "policy" in new:
            versions = _old_versions(iam, identity)
            if len(versions) >= _VERSIONS - 1:
                iam.delete_policy_version(PolicyArn=identity, VersionId=versions[0])
            iam.create_policy_version(
                PolicyArn=identity, PolicyDocument=new["policy"], SetAsDefault=True
            )
        if "tags" in new:
            if gone := sorted((old["tags"] or {}).keys() - new["tags"].keys()):
                iam.untag_policy(PolicyArn=identity, TagKeys=gone)
            if new["tags"]:
                iam.tag_policy(PolicyArn=identity, Tags=tag_list(new["tags"]))

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete its versions, then the policy; AWS refuses while it is attached."""
        del old
        for version in _old_versions(iam, identity):
            iam.delete_policy_version(PolicyArn=identity, VersionId=version)
        iam.delete_policy(PolicyArn=identity)


def _old_versions(iam: Any, arn: str) -> list[str]:
    """Versions other than the default one, oldest first."""
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    old = [version["VersionId"] for version in versions if not version["IsDefaultVersion"]]
    return sorted(old, key=lambda version: int(version.removeprefix("v")))
