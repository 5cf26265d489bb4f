"""Accounts in every partition: its objects have its ARNs, and roles are assumed only within it."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.aws.partitions import partition_of
from sandbox.aws.seed import FIRST_ROLE, account_iam, seed_account
from sandbox.serving import Server
from tests.sandbox.aws.documents import permissions

_KNOWN = boto3.Session()  # one, which reads the list of all endpoints once
REGIONS = {
    name: next(
        region
        for region in _KNOWN.get_available_regions("lambda", partition_name=name)
        if not region.startswith("fips")
    )
    for name in _KNOWN.get_available_partitions()
}


@pytest.mark.parametrize("partition", REGIONS)
def test_an_account_is_in_its_partition(aws: Server, partition: str) -> None:
    """Role, provider and policy have ARNs of the region's partition; the role works there."""
    region = REGIONS[partition]
    account = f"9{sorted(REGIONS).index(partition):011}"
    document = json.loads(permissions())
    seed_account(
        aws.url, account, oidc_provider=True, policies={"deployments": document}, region=region
    )
    iam = account_iam(aws.url, account, "slipway", region=region)
    place = f"arn:{partition}:iam::{account}"
    assert partition_of(region) == partition
    assert iam.get_role(RoleName="slipway")["Role"]["Arn"] == f"{place}:role/slipway"
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert provider["Arn"].startswith(f"{place}:oidc-provider/")
    (policy,) = iam.list_policies(Scope="Local")["Policies"]
    assert policy["Arn"] == f"{place}:policy/deployments"
    iam.close()


def test_a_role_of_another_partition_cannot_be_assumed(aws: Server) -> None:
    """STS of one partition does not know the roles of another, even of the same account id."""
    account = "980000000000"
    seed_account(aws.url, account, region="cn-north-1")
    sts = boto3.client(
        "sts",
        endpoint_url=aws.url,
        region_name="eu-west-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",
    )
    for place in ("aws", "aws-cn"):
        name = "slipway" if place == "aws" else FIRST_ROLE
        arn = f"arn:{place}:iam::{account}:role/{name}"
        with pytest.raises(ClientError) as refused:
            sts.assume_role(RoleArn=arn, RoleSessionName="test")
        assert refused.value.response["Error"]["Code"] == "AccessDenied"
    sts.close()
