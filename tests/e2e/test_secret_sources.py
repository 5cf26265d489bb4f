"""Secrets whose values are in the environment's own AWS account."""

from typing import Any

import boto3

from tests.e2e.conftest import Project
from tests.e2e.test_secrecy import SETTINGS

DECLARED = """\
repository: billing
environments:
  prod:
    secrets:
      FROM_MANAGER: {secretsmanager: billing/key}
      FROM_SSM: {ssm: /billing/key}
"""


def client(project: Project, service: str) -> Any:
    """A service of the prod account."""
    where = {"endpoint_url": project.world.record.aws_url, "region_name": "eu-west-1"}
    given = boto3.client(
        "sts", aws_access_key_id="sandbox", aws_secret_access_key="sandbox", **where
    ).assume_role(RoleArn="arn:aws:iam::333333333333:role/slipway", RoleSessionName="test")
    keys = given["Credentials"]
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        **where,
    )


def test_values_are_read_from_the_account_and_missing_ones_stop_the_run(project: Project) -> None:
    """Secrets Manager and SSM of the prod account give the values; without one nothing is made."""
    project.new_stack("s", SETTINGS, billing=DECLARED)
    client(project, "secretsmanager").create_secret(Name="billing/key", SecretString="m-value")
    project.world.control("POST", "requests/reset")
    refused = project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", expect=None)
    assert refused.returncode != 0
    said = refused.stdout + refused.stderr
    assert "stacks/s/billing.yaml:6: environments.prod.secrets.FROM_SSM: secret FROM_SSM" in said
    assert "put it into SSM as /billing/key" in said
    assert "FROM_MANAGER" not in said
    assert project.world.control("GET", "requests")["writes"] == 0

    client(project, "ssm").put_parameter(Name="/billing/key", Value="s-value", Type="SecureString")
    project.up("s")
    assert project.world.control("GET", "secrets/acme/billing/prod") == {
        "FROM_MANAGER": "m-value",
        "FROM_SSM": "s-value",
    }
    assert project.changes("s", "--expect-no-changes") == {}
