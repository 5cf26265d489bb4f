"""Secrets whose values are in the environment's own AWS account."""

from typing import Any

import boto3

from tests.e2e.conftest import ONE_ACCOUNT, Project
from tests.e2e.rights import called, least_rights, refused

DECLARED = """\
repository: billing
environments:
  prod:
    secrets:
      FROM_MANAGER: {secretsmanager: billing/key}
      FROM_SSM: {ssm: /billing/key}
"""


def account(project: Project) -> Any:
    """A session of the prod account; its clients take any service."""
    where: dict[str, Any] = {
        "endpoint_url": project.world.record.aws_url,
        "region_name": "eu-west-1",
    }
    sts = boto3.Session("sandbox", "sandbox").client("sts", **where)
    role = "arn:aws:iam::333333333333:role/slipway"
    given = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def test_values_are_read_from_the_account_and_missing_ones_stop_the_run(project: Project) -> None:
    """Secrets Manager and SSM of the prod account give the values; without one nothing is made.

    slipway may read these two and no others.
    """
    project.new_stack("s", ONE_ACCOUNT, billing=DECLARED)
    least_rights(project, "s")
    where: dict[str, Any] = {
        "endpoint_url": project.world.record.aws_url,
        "region_name": "eu-west-1",
    }
    session = account(project)
    manager = session.client("secretsmanager", **where)
    manager.create_secret(Name="billing/key", SecretString="m-value")
    project.world.control("POST", "requests/reset")
    failed = project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", expect=None)
    assert failed.returncode != 0
    said = failed.stdout + failed.stderr
    assert "stacks/s/billing.yaml:6: environments.prod.secrets.FROM_SSM: secret FROM_SSM" in said
    assert "put it into SSM as /billing/key" in said
    assert "FROM_MANAGER" not in said
    assert project.world.control("GET", "requests")["writes"] == 0

    ssm = session.client("ssm", **where)
    ssm.put_parameter(Name="/billing/key", Value="s-value", Type="SecureString")
    project.up("s")
    assert project.world.control("GET", "secrets/acme/billing/prod") == {
        "FROM_MANAGER": "m-value",
        "FROM_SSM": "s-value",
    }
    assert project.changes("s", "--expect-no-changes") == {}
    seen = called(project)
    assert refused(seen) == set()
    assert {"secretsmanager:GetSecretValue", "ssm:GetParameter"} <= seen.keys()
