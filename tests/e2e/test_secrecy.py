"""A secret's value is read from its source and is stored only where it belongs."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, running_world
from tests.e2e.rights import called, least_rights, refused

MARKER = "marker-5d41402abc4b2a76b9719d911017c592"
DECLARED = """\
repository: billing
environments:
  prod:
    secrets:
      FROM_CONFIG: config
      FROM_ENV: {env: A_TOKEN}
      FROM_MANAGER: {secretsmanager: billing/key}
      FROM_SSM: {ssm: /billing/key}
"""
VALUES = {
    name: f"{MARKER}-{name}" for name in ("FROM_CONFIG", "FROM_ENV", "FROM_MANAGER", "FROM_SSM")
}


def holders(*folders: Path) -> list[str]:
    """Files below the folders that contain the marker; links are not followed."""
    return [
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and MARKER.encode() in path.read_bytes()
    ]


def client(project: Project, service: str) -> Any:
    """A client of one of AWS's services in the account of prod."""
    where: dict[str, Any] = {
        "endpoint_url": project.world.record.aws_url,
        "region_name": "eu-west-1",
    }
    sts = boto3.Session("sandbox", "sandbox").client("sts", **where)
    role = "arn:aws:iam::333333333333:role/slipway"
    given = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    keys = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    session: Any = boto3.Session(*keys)
    return session.client(service, **where)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A sandbox whose runs of Pulumi keep their log, as a user's do."""
    with running_world(tmp_path, log=True) as running:
        yield running


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """A folder for the temporary files of all runs."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def run(
    project: Project, temporary: Path, *command: str, expect: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """Run pulumi on the stack with the value of FROM_ENV."""
    variables = {"A_TOKEN": VALUES["FROM_ENV"], "TMPDIR": str(temporary)}
    return project.pulumi(*command, "--stack", "s", expect=expect, **variables)


def test_values_reach_github_and_nothing_else(project: Project, temporary: Path) -> None:
    """Values come from the configuration, the shell, Secrets Manager and SSM of prod's account.

    GitHub gets them. No state, log, output, export, workflow file or temporary file contains one.
    slipway may read these two secrets in AWS and no others. If a value is missing, nothing is
    created.
    """
    project.new_stack("s", ONE_ACCOUNT, billing=DECLARED)
    least_rights(project, "s")
    path = ("--path", "secrets.billing.prod.FROM_CONFIG")
    config = ("config", "set", "--secret", *path, VALUES["FROM_CONFIG"])
    run(project, temporary, *config)
    manager = client(project, "secretsmanager")
    manager.create_secret(Name="billing/key", SecretString=VALUES["FROM_MANAGER"])
    project.world.control("POST", "requests/reset")
    failed = run(project, temporary, "up", "--yes", "--skip-preview", expect=None)
    assert failed.returncode != 0
    output = failed.stdout + failed.stderr
    assert "stacks/s/billing.yaml:8: environments.prod.secrets.FROM_SSM: secret FROM_SSM" in output
    assert "put it into SSM as /billing/key" in output
    assert "FROM_MANAGER" not in output
    assert project.world.control("GET", "requests")["writes"] == 0

    ssm = client(project, "ssm")
    ssm.put_parameter(Name="/billing/key", Value=VALUES["FROM_SSM"], Type="SecureString")
    runs = [
        run(project, temporary, *command)
        for command in (
            ("preview", "--diff"),
            # At level 9 Pulumi itself logs every property of every call as clear text.
            ("up", "--yes", "--logtostderr", "-v=8", "--debug"),
            ("preview", "--refresh", "--json", "--expect-no-changes"),
            ("stack", "output", "--json"),
            ("stack", "export"),
        )
    ]
    assert project.world.control("GET", "secrets/acme/billing/prod") == VALUES
    shown = [done.args[1] for done in runs if MARKER in done.stdout or MARKER in done.stderr]
    assert shown == []
    sandbox = Path(project.world.environment["PULUMI_HOME"]).parent
    assert (sandbox / "state").is_dir()
    assert list((sandbox / "pulumi/logs").glob("*.log"))
    assert holders(project.folder, sandbox, temporary) == []
    seen = called(project)
    assert refused(seen) == set()
    assert {"secretsmanager:GetSecretValue", "ssm:GetParameter"} <= seen.keys()


def test_the_search_itself_finds_a_value(tmp_path: Path) -> None:
    """The search of the test above finds a file that contains the marker."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/leak").write_text(f"x{MARKER}y", encoding="utf-8")
    assert holders(tmp_path) == ["deep/leak"]
