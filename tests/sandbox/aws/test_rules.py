"""AWS's refusals, as a user of boto3 gets them."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends
from mypy_boto3_iam import IAMClient

from sandbox.aws.seed import account_iam
from sandbox.serving import Server
from tests.sandbox.aws.documents import GITHUB, permissions, trust

ISSUER = f"https://{GITHUB}"


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, int]:
    """Code and status of a refused call."""
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    answer = refused.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def make_role(iam: IAMClient, name: str = "billing", **parameters: Any) -> None:
    """Create a role that AWS accepts."""
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(), **parameters)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"RoleName": "x" * 64 + "y"}, ("ValidationError", 400)),
        ({"RoleName": "a/b"}, ("ValidationError", 400)),
        ({"Path": "/no-end"}, ("ValidationError", 400)),
        ({"Description": "“curly”"}, ("ValidationError", 400)),
        ({"MaxSessionDuration": 43201}, ("ValidationError", 400)),
        ({"Tags": [{"Key": str(i), "Value": ""} for i in range(51)]}, ("LimitExceeded", 409)),
        ({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, ("InvalidInput", 400)),
        ({"AssumeRolePolicyDocument": "{"}, ("MalformedPolicyDocument", 400)),
        ({"AssumeRolePolicyDocument": trust(condition={})}, ("MalformedPolicyDocument", 400)),
        ({"AssumeRolePolicyDocument": trust(Sid="x" * 2048)}, ("LimitExceeded", 409)),
        ({"PermissionsBoundary": "arn:aws:iam::111111111111:policy/none"}, ("NoSuchEntity", 404)),
    ],
)
def test_a_role_is_refused(
    iam: IAMClient, changes: dict[str, Any], expected: tuple[str, int]
) -> None:
    """The call is refused, and no role is created."""
    wanted = {"RoleName": "billing", "AssumeRolePolicyDocument": trust()} | changes
    assert refusal(iam.create_role, **wanted) == expected
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["slipway"]


def test_two_roles_that_differ_in_case_are_one(iam: IAMClient) -> None:
    """The names of roles must differ in more than case."""
    make_role(iam, "Billing")
    wanted = {"RoleName": "billing", "AssumeRolePolicyDocument": trust()}
    assert refusal(iam.create_role, **wanted) == ("EntityAlreadyExists", 409)


def test_an_account_has_a_quota_of_roles(
    account: str, iam: IAMClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No role is created beyond the quota that GetAccountSummary returns (IAM User Guide)."""
    summary = iam.get_account_summary()["SummaryMap"]
    assert (summary["Roles"], summary["RolesQuota"]) == (1, 1000)
    monkeypatch.setattr(iam_backends[account]["aws"].account_summary, "_roles_quota", 1)
    wanted = {"RoleName": "billing", "AssumeRolePolicyDocument": trust()}
    assert refusal(iam.create_role, **wanted) == ("LimitExceeded", 409)
    assert iam.get_account_summary()["SummaryMap"]["Roles"] == 1


def test_an_account_has_one_provider_for_an_issuer(iam: IAMClient) -> None:
    """A second provider for the same issuer is refused."""
    iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["sts.amazonaws.com"])
    for url in (ISSUER, f"{ISSUER}/", f"https://{GITHUB.upper()}"):
        refused = refusal(iam.create_open_id_connect_provider, Url=url)
        assert refused == ("EntityAlreadyExists", 409)
    assert refusal(iam.create_open_id_connect_provider, Url=f"http://{GITHUB}")[1] == 400


def test_a_provider_that_is_gone_cannot_be_deleted_again(iam: IAMClient) -> None:
    """A deleted provider is NoSuchEntity for deletion (moto accepts it) and for audiences."""
    arn = iam.create_open_id_connect_provider(Url=ISSUER)["OpenIDConnectProviderArn"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    which = {"OpenIDConnectProviderArn": arn}
    gone = ("NoSuchEntity", 404)
    assert refusal(iam.delete_open_id_connect_provider, **which) == gone
    for call in (
        iam.add_client_id_to_open_id_connect_provider,
        iam.remove_client_id_from_open_id_connect_provider,
    ):
        assert refusal(call, **which, ClientID="other") == gone


def test_audiences_come_and_go(iam: IAMClient) -> None:
    """Audiences can be added and removed, at most 100; moto itself cannot do this."""
    made = iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["a"])
    which = {"OpenIDConnectProviderArn": made["OpenIDConnectProviderArn"]}
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(ClientID="b", **which)
    for _ in range(2):
        iam.remove_client_id_from_open_id_connect_provider(ClientID="a", **which)
    assert iam.get_open_id_connect_provider(**which)["ClientIDList"] == ["b"]
    for number in range(99):
        iam.add_client_id_to_open_id_connect_provider(ClientID=str(number), **which)
    refused = refusal(iam.add_client_id_to_open_id_connect_provider, ClientID="more", **which)
    assert refused == ("LimitExceeded", 409)


def test_thumbprints_cannot_be_emptied(iam: IAMClient) -> None:
    """An empty list is refused: if the list is removed, pulumi-aws changes nothing."""
    arn = iam.create_open_id_connect_provider(Url=ISSUER)["OpenIDConnectProviderArn"]
    call = iam.update_open_id_connect_provider_thumbprint
    for thumbprints in ([], ["f" * 40] * 6):
        refused = refusal(call, OpenIDConnectProviderArn=arn, ThumbprintList=thumbprints)
        assert refused[1] == 400


def test_trust_cannot_be_opened_to_all_of_github_later(iam: IAMClient) -> None:
    """The refusal also applies to updates; the role keeps its trust policy."""
    make_role(iam)
    wanted = {"RoleName": "billing", "PolicyDocument": trust(condition={})}
    assert refusal(iam.update_assume_role_policy, **wanted) == ("MalformedPolicyDocument", 400)
    assert "Condition" in str(iam.get_role(RoleName="billing")["Role"])


def test_a_role_cannot_become_what_it_could_not_be_made(iam: IAMClient) -> None:
    """The limits of new roles also apply to updates."""
    make_role(iam, Tags=[{"Key": f"key-{i}", "Value": ""} for i in range(50)])
    name = {"RoleName": "billing"}
    assert refusal(iam.update_role, **name, MaxSessionDuration=43201)[0] == "ValidationError"
    assert refusal(iam.update_role_description, **name, Description="“”")[0] == "ValidationError"
    assert refusal(iam.tag_role, **name, Tags=[{"Key": "more", "Value": ""}])[0] == "LimitExceeded"
    iam.tag_role(RoleName="billing", Tags=[{"Key": "key-1", "Value": "other"}])
    boundary = {"PermissionsBoundary": "arn:aws:iam::111111111111:policy/none"}
    assert refusal(iam.put_role_permissions_boundary, **name, **boundary)[0] == "NoSuchEntity"


def test_inline_policies_have_a_limit_together(iam: IAMClient) -> None:
    """An overwritten policy does not count twice."""
    make_role(iam)
    big = permissions(Sid="x" * 6000)
    name = {"RoleName": "billing"}
    for _ in range(2):
        iam.put_role_policy(**name, PolicyName="a", PolicyDocument=big)
    second = {"PolicyName": "b", "PolicyDocument": big}
    assert refusal(iam.put_role_policy, **name, **second) == ("LimitExceeded", 409)
    malformed = {"PolicyName": "b", "PolicyDocument": "{"}
    assert refusal(iam.put_role_policy, **name, **malformed)[0] == "MalformedPolicyDocument"
    nobody = {"RoleName": "nobody", "PolicyName": "a", "PolicyDocument": permissions()}
    assert refusal(iam.put_role_policy, **nobody) == ("NoSuchEntity", 404)


def test_only_what_exists_can_be_attached(iam: IAMClient) -> None:
    """A policy must exist; AWS's own exist in every account. A role has at most ten."""
    make_role(iam)
    made = [
        iam.create_policy(PolicyName=f"p{i}", PolicyDocument=permissions())["Policy"]["Arn"]
        for i in range(10)
    ]
    missing = {"RoleName": "billing", "PolicyArn": f"{made[0]}-none"}
    assert refusal(iam.attach_role_policy, **missing) == ("NoSuchEntity", 404)
    for arn in ("arn:aws:iam::aws:policy/ReadOnlyAccess", *made[1:]):
        iam.attach_role_policy(RoleName="billing", PolicyArn=arn)
    eleventh = {"RoleName": "billing", "PolicyArn": made[0]}
    assert refusal(iam.attach_role_policy, **eleventh) == ("LimitExceeded", 409)


def test_a_policy_is_refused(iam: IAMClient) -> None:
    """The documents of managed policies and of their versions are checked too."""
    for changes in (
        {"PolicyName": "a/b"},
        {"PolicyDocument": permissions(Principal="*")},
        {"PolicyDocument": permissions(resource="x" * 6144)},
        {"Tags": [{"Key": "aws:a", "Value": ""}]},
    ):
        wanted: dict[str, Any] = {"PolicyName": "p", "PolicyDocument": permissions()} | changes
        assert refusal(iam.create_policy, **wanted)[1] in (400, 409)
    arn = iam.create_policy(PolicyName="p", PolicyDocument=permissions())["Policy"]["Arn"]
    version = {"PolicyArn": arn, "PolicyDocument": permissions(Sid="x" * 6144)}
    assert refusal(iam.create_policy_version, **version) == ("LimitExceeded", 409)


def test_a_role_with_policies_cannot_be_deleted(iam: IAMClient) -> None:
    """Inline and attached policies both prevent the deletion."""
    make_role(iam)
    name = {"RoleName": "billing"}
    iam.put_role_policy(**name, PolicyName="a", PolicyDocument=permissions())
    assert refusal(iam.delete_role, **name) == ("DeleteConflict", 409)
    iam.delete_role_policy(**name, PolicyName="a")
    policy = {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    iam.attach_role_policy(**name, **policy)
    assert refusal(iam.delete_role, **name) == ("DeleteConflict", 409)
    iam.detach_role_policy(**name, **policy)
    iam.delete_role(**name)


def test_a_role_that_does_not_exist_cannot_be_assumed(aws: Server, account: str) -> None:
    """Only an existing role can be assumed."""
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole") as refused:
        account_iam(aws.url, account, "nobody")
    assert refused.value.response["Error"]["Code"] == "AccessDenied"


def test_accounts_see_nothing_of_each_other(aws: Server, iam: IAMClient) -> None:
    """A role of one account does not exist in another."""
    make_role(iam)
    other = account_iam(aws.url, "999999999999")
    assert other.list_roles()["Roles"] == []
    other.close()


def test_who_assumed_a_role_is_in_its_account(aws: Server, account: str) -> None:
    """GetCallerIdentity returns the account of the assumed role."""
    sts = boto3.client(
        "sts",
        endpoint_url=aws.url,
        region_name="eu-west-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    role = f"arn:aws:iam::{account}:role/slipway"
    given = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    assumed = boto3.client(
        "sts",
        endpoint_url=aws.url,
        region_name="eu-west-1",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    identity = assumed.get_caller_identity()
    assert identity["Account"] == account
    assert identity["Arn"] == f"arn:aws:sts::{account}:assumed-role/slipway/test"
    sts.close()
    assumed.close()
