"""What a command that mends roles relies on, as the IAM API Reference says it."""

import json

import pytest
from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import trust

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
ISSUER = "https://token.actions.githubusercontent.com"


@pytest.fixture
def role(iam: IAMClient) -> str:
    """A role's name."""
    iam.create_role(RoleName="role", Path="/a/b/", AssumeRolePolicyDocument=trust())
    return "role"


def test_roles_are_listed_by_path_and_page(iam: IAMClient, role: str) -> None:
    """ListRoles: PathPrefix, and markers through every role once."""
    iam.create_role(RoleName="other", Path="/a/", AssumeRolePolicyDocument=trust())
    listed = iam.list_roles(PathPrefix="/a/b/")["Roles"]
    assert [each["RoleName"] for each in listed] == [role]
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1})
    told = [each["RoleName"] for page in pages for each in page["Roles"]]
    assert len(told) == len(set(told))
    assert {role, "other"} < set(told)


def test_client_ids_are_added_and_removed_idempotently(iam: IAMClient) -> None:
    """AddClientID…, RemoveClientID…: adding one that is there, or removing none, is no error."""
    arn = iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["one"])
    provider = arn["OpenIDConnectProviderArn"]
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(
            OpenIDConnectProviderArn=provider, ClientID="two"
        )
    told = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert sorted(told["ClientIDList"]) == ["one", "two"]
    for _ in range(2):
        iam.remove_client_id_from_open_id_connect_provider(
            OpenIDConnectProviderArn=provider, ClientID="two"
        )
    told = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert told["ClientIDList"] == ["one"]
    assert [
        each["Arn"] for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    ] == [provider]


def test_a_boundary_is_set_and_taken_away(iam: IAMClient, role: str) -> None:
    """PutRolePermissionsBoundary: of a policy that exists, else NoSuchEntity."""
    policy = iam.create_policy(PolicyName="boundary", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=policy)
    told = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]
    assert told["PermissionsBoundaryArn"] == policy
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=f"{policy}-none")
    iam.delete_role_permissions_boundary(RoleName=role)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=role)["Role"]


def test_tags_are_set_and_overwritten(iam: IAMClient, role: str) -> None:
    """TagRole: a key that is there takes the new value; UntagRole takes it away."""
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "2"}])
    tags = iam.get_role(RoleName=role)["Role"]["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "2", "b": "1"}
    iam.untag_role(RoleName=role, TagKeys=["a"])
    assert iam.list_role_tags(RoleName=role)["Tags"] == [{"Key": "b", "Value": "1"}]


def test_policies_are_taken_away_and_missing_ones_said(iam: IAMClient, role: str) -> None:
    """DeleteRolePolicy, DetachRolePolicy: NoSuchEntity for what is not there."""
    policy = iam.create_policy(PolicyName="managed", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="inline", PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    iam.delete_role_policy(RoleName=role, PolicyName="inline")
    iam.detach_role_policy(RoleName=role, PolicyArn=policy)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_role_policy(RoleName=role, PolicyName="inline")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.detach_role_policy(RoleName=role, PolicyArn=policy)
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
