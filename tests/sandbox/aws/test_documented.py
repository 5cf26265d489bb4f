"""The behaviour of IAM that slipway relies on, by the IAM API Reference."""

import json

import pytest
from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import trust

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW]})
ISSUER = "https://token.actions.githubusercontent.com"


@pytest.fixture
def role(iam: IAMClient) -> str:
    """The name of an existing role."""
    iam.create_role(RoleName="role", Path="/a/b/", AssumeRolePolicyDocument=trust())
    return "role"


def test_roles_are_listed_by_path_and_page(iam: IAMClient, role: str) -> None:
    """ListRoles filters by PathPrefix; its markers lead through all roles once."""
    iam.create_role(RoleName="other", Path="/a/", AssumeRolePolicyDocument=trust())
    listed = iam.list_roles(PathPrefix="/a/b/")["Roles"]
    assert [each["RoleName"] for each in listed] == [role]
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 1})
    told = [each["RoleName"] for page in pages for each in page["Roles"]]
    assert len(told) == len(set(told))
    assert {role, "other"} < set(told)


def test_client_ids_are_added_and_removed_idempotently(iam: IAMClient) -> None:
    """AddClientID…, RemoveClientID…: adding a present or removing a missing one is no error."""
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
    """PutRolePermissionsBoundary needs an existing policy; otherwise NoSuchEntity."""
    policy = iam.create_policy(PolicyName="boundary", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=policy)
    told = iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]
    assert told["PermissionsBoundaryArn"] == policy
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=f"{policy}-none")
    iam.delete_role_permissions_boundary(RoleName=role)
    assert "PermissionsBoundary" not in iam.get_role(RoleName=role)["Role"]


def test_tags_are_set_and_overwritten(iam: IAMClient, role: str) -> None:
    """TagRole overwrites the value of an existing key; UntagRole removes the key."""
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
    iam.tag_role(RoleName=role, Tags=[{"Key": "a", "Value": "2"}])
    tags = iam.get_role(RoleName=role)["Role"]["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "2", "b": "1"}
    iam.untag_role(RoleName=role, TagKeys=["a"])
    assert iam.list_role_tags(RoleName=role)["Tags"] == [{"Key": "b", "Value": "1"}]


def test_policies_are_taken_away_and_missing_ones_said(iam: IAMClient, role: str) -> None:
    """DeleteRolePolicy and DetachRolePolicy of a missing policy are NoSuchEntity."""
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
