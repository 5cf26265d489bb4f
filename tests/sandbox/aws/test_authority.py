"""The rights of a role whose policies do not allow everything."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from mypy_boto3_iam import IAMClient

from sandbox.aws.seed import account_iam
from sandbox.serving import Server
from tests.sandbox.aws.documents import trust

BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
OTHER = "arn:aws:iam::aws:policy/AdministratorAccess"
PROVIDER = "https://token.actions.githubusercontent.com"

Limited = Callable[..., IAMClient]


@pytest.fixture
def limited(aws: Server, account: str, iam: IAMClient) -> Iterator[Limited]:
    """Yield a function that makes an IAM client of a role with only the given statements."""
    clients: list[IAMClient] = []

    def assumed(*statements: dict[str, Any], **role: Any) -> IAMClient:
        iam.create_role(RoleName="some", AssumeRolePolicyDocument=trust(), **role)
        document = {"Version": "2012-10-17", "Statement": [*statements]}
        iam.put_role_policy(
            RoleName="some", PolicyName="rights", PolicyDocument=json.dumps(document)
        )
        clients.append(account_iam(aws.url, account, "some"))
        return clients[-1]

    yield assumed
    for client in clients:
        client.close()


def may(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    """An Allow statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def refused(call: Callable[..., object], **given: Any) -> bool:
    """Whether the call is refused with AccessDenied."""
    try:
        call(**given)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDenied":
            raise
        return "is not authorized to perform: iam:" in str(error)
    return False


def role(name: str, **given: Any) -> dict[str, Any]:
    """The parameters of CreateRole."""
    return {"RoleName": name, "AssumeRolePolicyDocument": trust(), **given}


def test_what_no_statement_allows_is_refused(limited: Limited) -> None:
    """Actions ignore case and may have wildcards; a Deny overrides an Allow."""
    iam = limited(
        may("iam:list*"),
        {"Effect": "Deny", "Action": "iam:ListRoleTags", "Resource": "*"},
    )
    assert not refused(iam.list_roles)
    assert refused(iam.get_account_authorization_details)
    assert refused(iam.list_role_tags, RoleName="some")


def test_a_role_is_known_by_its_path_only_once_it_is_there(limited: Limited) -> None:
    """The ARN of a missing role has no path: rights below a path do not cover it."""
    place = "arn:aws:iam::*:role/below/*"
    iam = limited(may("iam:CreateRole", place), may("iam:GetRole", place))
    assert refused(iam.create_role, **role("a"))
    assert refused(iam.get_role, RoleName="a")
    assert not refused(iam.create_role, **role("a", Path="/below/"))
    assert not refused(iam.get_role, RoleName="a")


def test_a_managed_policy_is_named_by_its_arn(limited: Limited) -> None:
    """GetPolicy has the policy as its resource, GetAccountSummary has none."""
    iam = limited(may("iam:GetPolicy", OTHER), may("iam:GetAccountSummary", OTHER))
    assert not refused(iam.get_policy, PolicyArn=OTHER)
    assert refused(iam.get_policy, PolicyArn=BOUNDARY)
    assert refused(iam.get_account_summary)


def test_tags_are_a_right_of_their_own(limited: Limited) -> None:
    """Creation with tags also needs the right to tag (Service Authorization Reference)."""
    iam = limited(may("iam:Create*"))
    tags = [{"Key": "a", "Value": "b"}]
    assert refused(iam.create_role, **role("a", Tags=tags))
    assert refused(iam.create_open_id_connect_provider, Url=PROVIDER, Tags=tags)
    assert not refused(iam.create_role, **role("a"))
    assert not refused(iam.create_open_id_connect_provider, Url=PROVIDER)


def test_a_boundary_may_be_demanded(limited: Limited, iam: IAMClient) -> None:
    """The condition key has the boundary of the request for a new role, later the role's own."""
    demand: dict[str, Any] = {"Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}}
    deploying = limited(may("iam:*", **demand))
    document = json.dumps({"Version": "2012-10-17", "Statement": [may("s3:GetObject")]})
    put = {"PolicyName": "p", "PolicyDocument": document}
    assert refused(deploying.create_role, **role("a"))
    assert refused(deploying.create_role, **role("a", PermissionsBoundary=OTHER))
    assert not refused(deploying.create_role, **role("a", PermissionsBoundary=BOUNDARY))
    assert not refused(deploying.put_role_policy, RoleName="a", **put)
    iam.create_role(**role("b"))
    assert refused(deploying.put_role_policy, RoleName="b", **put)
    change = deploying.put_role_permissions_boundary
    assert refused(change, RoleName="a", PermissionsBoundary=OTHER)
    assert not refused(change, RoleName="b", PermissionsBoundary=BOUNDARY)
    assert not refused(deploying.put_role_policy, RoleName="b", **put)


def test_which_policy_is_attached_may_be_limited(limited: Limited) -> None:
    """A condition can limit the ARN of the attached policy."""
    only: dict[str, Any] = {"Condition": {"ArnEquals": {"iam:PolicyARN": BOUNDARY}}}
    iam = limited(may("iam:AttachRolePolicy", **only))
    assert refused(iam.attach_role_policy, RoleName="some", PolicyArn=OTHER)
    assert not refused(iam.attach_role_policy, RoleName="some", PolicyArn=BOUNDARY)


def test_managed_policies_count_and_a_boundary_caps(limited: Limited, iam: IAMClient) -> None:
    """PowerUserAccess as a boundary removes almost all rights of IAM."""
    capped = limited(may("s3:GetObject"), PermissionsBoundary=BOUNDARY)
    iam.attach_role_policy(RoleName="some", PolicyArn=OTHER)
    assert refused(capped.create_user, UserName="a")
    assert not refused(capped.list_roles)


def test_a_secret_is_named_by_its_arn(aws: Server, account: str, limited: Limited) -> None:
    """A secret's ARN ends with six random characters; a parameter's ARN has its path."""
    place = f"eu-west-1:{account}"
    secret = f"arn:aws:secretsmanager:{place}:secret:billing/key-??????"
    parameter = f"arn:aws:ssm:{place}:parameter/billing/key"
    limited(may("secretsmanager:GetSecretValue", secret), may("ssm:GetParameter", parameter))
    where = {"endpoint_url": aws.url, "region_name": "eu-west-1"}
    nobody: Any = boto3.Session("sandbox", "sandbox")

    def service(name: str, role: str) -> Any:
        with closing(nobody.client("sts", **where)) as sts:
            arn = f"arn:aws:iam::{account}:role/{role}"
            given = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        keys = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        session: Any = boto3.Session(*(given[key] for key in keys))
        return session.client(name, **where)

    with (
        closing(service("secretsmanager", "OrganizationAccountAccessRole")) as manager,
        closing(service("ssm", "OrganizationAccountAccessRole")) as ssm,
        closing(service("secretsmanager", "some")) as reader,
        closing(service("ssm", "some")) as parameters,
    ):
        for name in ("billing/key", "billing/key-2"):
            manager.create_secret(Name=name, SecretString=name)
            ssm.put_parameter(Name=f"/{name}", Value=name, Type="SecureString")
        assert reader.get_secret_value(SecretId="billing/key")["SecretString"] == "billing/key"
        read = parameters.get_parameter(Name="/billing/key", WithDecryption=True)
        assert read["Parameter"]["Value"] == "billing/key"
        for call, given in (
            (reader.get_secret_value, {"SecretId": "billing/key-2"}),
            (parameters.get_parameter, {"Name": "/billing/key-2"}),
        ):
            with pytest.raises(ClientError) as error:
                call(**given)
            assert error.value.response["Error"]["Code"] == "AccessDeniedException"
