"""The project's AWS plugin under the real engine: a small program from `up` to `destroy`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import pytest
from mypy_boto3_iam import IAMClient

from sandbox.aws.folder import plugin_folder
from sandbox.aws.seed import account_iam, seed_account
from sandbox.aws.server import start_aws
from tests.e2e.own_engine import engine_near
from tests.e2e.vault import PROVIDER, key_service
from tests.sandbox.preloaded.sandbox import running

ACCOUNT = "111111111111"
GITHUB = "token.actions.githubusercontent.com"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PATIENCE = 120
SECRET = "marker-7d20aa"

PROGRAM = Template(
    """
import json
import pulumi
import pulumi_aws as aws

def policy(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})

def trust(arn):
    return policy(
        Principal={"Federated": arn},
        Action="sts:AssumeRoleWithWebIdentity",
        Condition={"StringEquals": {"${github}:sub": "repo:acme/billing:environment:dev"}},
    )

provider = aws.Provider(
    "aws",
    region="eu-west-1",
    allowed_account_ids=["$account"],
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::$account:role/slipway")],
)
options = pulumi.ResourceOptions(provider=provider)
oidc = aws.iam.OpenIdConnectProvider(
    "github", url="https://$github", client_id_lists=["sts.amazonaws.com"], opts=options
)
role = aws.iam.Role(
    "role",
    name="billing",
    path="/slipway/",
    assume_role_policy=oidc.arn.apply(trust),
    tags={"repository": "acme/billing", "token": pulumi.Output.secret("$secret")},
    opts=options,
)
boundary = aws.iam.Policy(
    "boundary", policy=policy(Action="s3:*", Resource="*"), opts=options
)
aws.iam.RolePolicy(
    "deploy",
    name="deploy",
    role=role.name,
    policy=policy(Action="s3:GetObject", Resource="*"),
    opts=options,
)
aws.iam.RolePolicyAttachment("read", role=role.name, policy_arn="$read_only", opts=options)
who = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(provider=provider))
pulumi.export("account", who.account_id)
pulumi.export("role", role.arn)
"""
).substitute(account=ACCOUNT, github=GITHUB, read_only=READ_ONLY, secret=SECRET)


@dataclass(frozen=True)
class Project:
    """A Pulumi project with one stack in its own folder, and the AWS account that it uses."""

    folder: Path
    environment: dict[str, str]
    iam: IAMClient

    def pulumi(self, *arguments: str, expect: int = 0) -> str:
        """Run the CLI; its exit code must be the expected one. Returns what it printed."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        output = f"{done.stdout}\n{done.stderr}"
        assert done.returncode == expect, output
        return done.stdout if expect == 0 else output

    def up(self) -> None:
        """Run `up`: the account gets the resources of the program."""
        self.pulumi("up", "--yes", "--skip-preview")

    def changes(self, *arguments: str, expect: int = 0) -> dict[str, str]:
        """The changes of a preview: operation by logical name, without unchanged resources."""
        output = self.pulumi("preview", "--json", *arguments, expect=expect)
        steps = json.JSONDecoder().raw_decode(output)[0]["steps"]  # Errors may follow.
        none = ("same", "refresh")
        return {
            step["urn"].rsplit("::", 1)[1]: step["op"] for step in steps if step["op"] not in none
        }

    def roles(self) -> list[str]:
        """Names of the roles that the account has."""
        return sorted(role["RoleName"] for role in self.iam.list_roles()["Roles"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a sandbox of which only the preloaded process runs, as in every sandbox."""
    folder = tmp_path_factory.mktemp("home")
    with running(folder):
        yield folder


@pytest.fixture
def project(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project with the program, in a new account."""
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(home))
    engine = engine_near()
    server = start_aws()
    seed_account(server.url, ACCOUNT)
    iam = account_iam(server.url, ACCOUNT)
    folder = tmp_path / "project"
    for place in (folder, tmp_path / "state", tmp_path / "pulumi"):
        place.mkdir()
    (folder / "Pulumi.yaml").write_text("name: trivial\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    environment = {
        "PATH": os.pathsep.join(
            (str(plugin_folder()), str(engine.folder), str(Path(sys.executable).parent), os.defpath)
        ),
        "HOME": str(tmp_path),
        "PULUMI_HOME": str(tmp_path / "pulumi"),
        "PULUMI_BACKEND_URL": (tmp_path / "state").as_uri(),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        **key_service(),
    }
    project = Project(folder, environment, iam)
    project.pulumi("stack", "init", "dev", "--secrets-provider", PROVIDER)
    yield project
    iam.close()
    server.stop()


def test_a_program_lives_its_life(project: Project) -> None:
    """A program is created, has no changes, is repaired after drift, and is destroyed completely.

    A deleted role takes its policies with it; the next run creates all of it again.
    """
    planned = project.changes()
    assert set(planned.values()) == {"create"}
    output = project.pulumi("up", "--yes", "--skip-preview", "--diff")
    outputs = json.loads(project.pulumi("stack", "output", "--json"))
    assert outputs == {"account": ACCOUNT, "role": f"arn:aws:iam::{ACCOUNT}:role/slipway/billing"}
    again = ("up", "--yes", "--skip-preview", "--refresh")
    project.pulumi(*again, "--expect-no-changes")
    assert_secret_is_hidden(project, output)

    tamper(project.iam)
    assert project.changes("--refresh", "--expect-no-changes", expect=7) == {
        "role": "update",
        "deploy": "update",
        "read": "create",
        "github": "update",
    }
    project.pulumi(*again)
    role = project.iam.get_role(RoleName="billing")["Role"]
    assert {tag["Key"]: tag["Value"] for tag in role["Tags"]} == {
        "repository": "acme/billing",
        "token": SECRET,
    }
    assert "rogue" not in json.dumps(role["AssumeRolePolicyDocument"])

    project.iam.delete_role_policy(RoleName="billing", PolicyName="deploy")
    project.iam.detach_role_policy(RoleName="billing", PolicyArn=READ_ONLY)
    project.iam.delete_role(RoleName="billing")
    # Only these exist: the changes above left nothing behind.
    created = {"role": "create", "deploy": "create", "read": "create"}
    assert project.changes("--refresh") == created
    project.pulumi(*again)
    assert project.roles() == ["billing", "slipway"]
    project.pulumi("preview", "--refresh", "--expect-no-changes")

    project.pulumi("destroy", "--yes", "--skip-preview")
    assert project.roles() == ["slipway"]
    assert project.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    assert project.iam.list_policies(Scope="Local")["Policies"] == []


def assert_secret_is_hidden(project: Project, output: str) -> None:
    """No secret value is readable in the output or in the state, where tags and tagsAll are."""
    exported = project.pulumi("stack", "export")
    state = "".join(
        file.read_text() for file in (project.folder.parent / "state").rglob("*") if file.is_file()
    )
    resources = json.loads(exported)["deployment"]["resources"]
    (role,) = (found for found in resources if found["type"] == "aws:iam/role:Role")
    assert "ciphertext" in role["outputs"]["tags"]
    assert "ciphertext" in role["outputs"]["tagsAll"]
    for text in (output, exported, state):
        assert SECRET not in text


def tamper(iam: IAMClient) -> None:
    """Change resources by hand, as the console does."""
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {f"{GITHUB}:sub": "repo:rogue/*"}},
            },
        }
    )
    iam.update_assume_role_policy(RoleName="billing", PolicyDocument=document)
    iam.tag_role(RoleName="billing", Tags=[{"Key": "repository", "Value": "rogue"}])
    permissions = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
        }
    )
    iam.put_role_policy(RoleName="billing", PolicyName="deploy", PolicyDocument=permissions)
    iam.detach_role_policy(RoleName="billing", PolicyArn=READ_ONLY)
    iam.add_client_id_to_open_id_connect_provider(
        OpenIDConnectProviderArn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}", ClientID="rogue"
    )


def test_what_exists_is_imported(project: Project) -> None:
    """A stack without state imports every existing resource, and then has nothing to change."""
    project.up()
    described: dict[str, Any] = json.loads(project.pulumi("stack", "export"))
    project.pulumi("stack", "init", "other", "--secrets-provider", PROVIDER)
    file = project.folder / "import.json"
    project.pulumi("preview", "--import-file", str(file))
    wanted = json.loads(file.read_text())
    ids = {
        (resource["type"], resource["urn"].rsplit("::", 1)[1]): resource.get("id")
        for resource in described["deployment"]["resources"]
    }
    for resource in wanted["resources"]:
        if resource.get("id") == "<PLACEHOLDER>":
            resource["id"] = ids[resource["type"], resource["name"]]
    file.write_text(json.dumps(wanted))
    project.pulumi(
        *("import", "--file", str(file), "--generate-code=false", "--protect=false", "--yes"),
        "--skip-preview",
    )
    # The policy's generated name differs from the existing one; nothing else differs.
    assert project.changes() == {"boundary": "replace"}


def test_a_refusal_of_aws_stops_the_run(project: Project) -> None:
    """The message quotes AWS's own words, at the resource that AWS refuses."""
    program = PROGRAM.replace("StringEquals", "StringNotEquals")
    (project.folder / "__main__.py").write_text(program)
    output = project.pulumi("up", "--yes", "--skip-preview", expect=1)
    assert "MalformedPolicyDocument: Trust policy with trusted principal" in output
    assert project.roles() == ["slipway"]
