import json
from typing import Any

import boto3
import grpc
import pytest
from mypy_boto3_iam import IAMClient

from sandbox.serving import Server
from tests.sandbox.aws.documents import GITHUB, trust
from tests.sandbox.aws.plugin.engine import UNKNOWN, Engine, Secret

PROVIDER = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider"
ROLE = "aws:iam/getRole:getRole"
SECRET = "aws:secretsmanager/getSecretVersion:getSecretVersion"
PARAMETER = "aws:ssm/getParameter:getParameter"


@pytest.fixture
def session(aws: Server, account: str) -> boto3.Session:
    """A boto3 session in the test's account."""
    place = {"endpoint_url": aws.url, "region_name": "eu-west-1"}
    keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    sts = boto3.Session().client("sts", **place, **keys)  # type: ignore[call-overload] # as text
    role = f"arn:aws:iam::{account}:role/slipway"
    given = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    sts.close()
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def test_a_provider_is_found_by_arn_or_url(engine: Engine, iam: IAMClient, account: str) -> None:
    """The function finds an existing provider by its ARN and by its URL."""
    iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}",
        ClientIDList=["sts.amazonaws.com"],
        Tags=[{"Key": "team", "Value": "platform"}],
    )
    arn = f"arn:aws:iam::{account}:oidc-provider/{GITHUB}"
    expected = {
        "arn": arn,
        "clientIdLists": ["sts.amazonaws.com"],
        "id": arn,
        "tags": {"team": "platform"},
        "thumbprintLists": [],
        "url": GITHUB,
    }
    for given in ({"arn": arn}, {"url": f"https://{GITHUB}"}, {"url": f"{GITHUB}/"}):
        assert engine.invoke(PROVIDER, **given) == (expected, {})


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"arn": f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"}, "NoSuchEntity"),
        ({"url": f"https://{GITHUB}"}, "the account has no OIDC provider for"),
        ({}, "give one of arn and url"),
    ],
)
def test_a_provider_that_is_missing_stops_the_run(
    engine: Engine, given: dict[str, str], reason: str
) -> None:
    """A missing provider is an error, so that no role trusts a provider that does not exist."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.invoke(PROVIDER, **given)
    assert reason in str(refused.value.details())


def test_a_role_is_found_by_name(engine: Engine, iam: IAMClient) -> None:
    """The function finds an existing role and returns its trust policy as text."""
    iam.create_role(RoleName="billing", AssumeRolePolicyDocument=trust(), Path="/slipway/")
    found, _ = engine.invoke(ROLE, name="billing")
    assert json.loads(found["assumeRolePolicy"]) == json.loads(trust())
    assert (found["id"], found["path"], found["tags"]) == ("billing", "/slipway/", {})


def test_a_secret_is_read_in_its_region(engine: Engine, session: boto3.Session, aws: Any) -> None:
    """The value is read in the given region and marked as secret."""
    place = {"endpoint_url": aws.url, "region_name": "eu-central-1"}
    client = session.client("secretsmanager", **place)
    client.create_secret(Name="billing/database", SecretString="marker-91c2")
    client.close()
    found, _ = engine.invoke(SECRET, secretId="billing/database", region="eu-central-1")
    assert found["secretString"] == Secret("marker-91c2")
    assert (found["secretId"], found["versionStage"]) == ("billing/database", "AWSCURRENT")
    with pytest.raises(grpc.RpcError, match="ResourceNotFoundException"):
        engine.invoke(SECRET, secretId="billing/database")


def test_a_parameter_is_decrypted(engine: Engine, session: boto3.Session, aws: Any) -> None:
    """The value is decrypted and marked as secret; only a plain one is also an insecure value."""
    client = session.client("ssm", endpoint_url=aws.url, region_name="eu-west-1")
    client.put_parameter(Name="/secret", Value="marker-5d1e", Type="SecureString")
    client.put_parameter(Name="/plain", Value="eu", Type="String")
    client.close()
    found, _ = engine.invoke(PARAMETER, name="/secret", withDecryption=True)
    assert (found["value"], found["insecureValue"]) == (Secret("marker-5d1e"), "")
    found, _ = engine.invoke(PARAMETER, name="/plain")
    assert (found["value"], found["insecureValue"], found["version"]) == (Secret("eu"), "eu", 1)


def test_the_partition_is_the_commercial_one(engine: Engine) -> None:
    """The partition is `aws`."""
    assert engine.invoke("aws:index/getPartition:getPartition")[0]["partition"] == "aws"


def test_unknown_arguments_give_unknown_results(engine: Engine) -> None:
    """With an unknown argument, as in a preview, the results are unknown."""
    found, failures = engine.invoke(ROLE, name=UNKNOWN)
    assert failures == {}
    assert set(found.values()) == {UNKNOWN}


def test_bad_arguments_are_refused_by_name(engine: Engine) -> None:
    """All bad arguments are reported at once, each with its name."""
    _, failures = engine.invoke(ROLE, nam="billing", tags="a")
    assert failures == {
        "nam": "'nam' is not supported by the sandbox's pulumi-resource-aws",
        "name": "Missing required property 'name'",
        "tags": "expected map, got str",
    }
