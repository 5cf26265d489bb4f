"""Prepare an account as an administrator does before slipway: its role and existing objects."""

import json
from collections.abc import Mapping
from contextlib import closing
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_sts import STSClient

#: The role that AWS Organizations creates in each new account: the first one that can be assumed.
FIRST_ROLE: Final = "OrganizationAccountAccessRole"
#: More than slipway needs, so that users can try things; `slipway rights` writes the minimum.
_ONBOARDING: Final = ("iam:*", "secretsmanager:*", "ssm:*")


def seed_account(  # noqa: PLR0913 - what an administrator prepares
    url: str,
    account_id: str,
    *,
    role: str = "slipway",
    oidc_provider: bool = False,
    issuer: str = "https://token.actions.githubusercontent.com",
    region: str = "us-east-1",
    policies: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Create the role that slipway assumes in an account, and other existing objects.

    Args:
        url: the sandbox's AWS endpoint.
        account_id: the account; moto creates accounts on demand.
        role: name of the role that slipway assumes.
        oidc_provider: whether GitHub's OIDC provider exists already.
        issuer: of GitHub's id-tokens.
        region: a region of the account's partition.
        policies: existing managed policies, documents by name.
    """
    with closing(account_iam(url, account_id, region=region)) as iam:
        iam.create_role(
            RoleName=role,
            Description="What slipway assumes to onboard repositories",
            AssumeRolePolicyDocument=json.dumps(
                _policy(Action="sts:AssumeRole", Principal={"AWS": account_id})
            ),
        )
        iam.put_role_policy(
            RoleName=role,
            PolicyName="onboard",
            PolicyDocument=json.dumps(_policy(Action=_ONBOARDING, Resource="*")),
        )
        if oidc_provider:
            iam.create_open_id_connect_provider(Url=issuer, ClientIDList=[_audience(region)])
        for name, document in (policies or {}).items():
            iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))


def account_iam(
    url: str, account_id: str, role: str = FIRST_ROLE, region: str = "us-east-1"
) -> "IAMClient":
    """An IAM client of an account, as one of its roles; the caller closes it."""
    # The plugin's processes import this package, but do not need boto3.
    import boto3  # noqa: PLC0415

    given = _sts(url, region).assume_role(
        RoleArn=f"arn:{_partition(region)}:iam::{account_id}:role/{role}", RoleSessionName="sandbox"
    )["Credentials"]
    return boto3.client(
        "iam",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@lru_cache(8)
def _sts(url: str, region: str) -> "STSClient":
    """The client that assumes the roles of all accounts: to make one takes longer than a call."""
    import boto3  # noqa: PLC0415

    return boto3.client(
        "sts",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id="sandbox",
        aws_secret_access_key="sandbox",  # noqa: S106 - opens nothing but the sandbox
    )


@cache
def _partition(region: str) -> str:
    """The partition of a region. A new session reads botocore's tables again."""
    import boto3  # noqa: PLC0415

    return str(boto3.Session().get_partition_for_region(region))


def _audience(region: str) -> str:
    """The audience that the README of aws-actions/configure-aws-credentials names."""
    return "sts.amazonaws.com.cn" if region.startswith("cn-") else "sts.amazonaws.com"


def _policy(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}
