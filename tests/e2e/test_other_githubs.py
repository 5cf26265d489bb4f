"""A stack on ghe.com and one on an Enterprise Server, each in another partition of AWS.

During the test the sandbox is that GitHub: it listens at its own address, and its issuer is that of
the declared host.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.aws.seed import account_iam, seed_account
from tests.e2e.conftest import Project, World, new_project, running_world


@dataclass(frozen=True)
class Form:
    """One form of GitHub, in one partition."""

    name: str
    host: str
    issuer: str
    account: str
    partition: str
    region: str
    audience: str

    @property
    def settings(self) -> str:
        """The stack's `_stack.yaml`."""
        role = f"arn:{self.partition}:iam::{self.account}:role/slipway"
        account = f'{{account_id: "{self.account}", region: {self.region}, assume_role: "{role}"}}'
        accounts = "".join(f"  {name}: {account}\n" for name in ("dev", "test", "prod"))
        return f"owner: acme\ngithub: {{host: {self.host}}}\naccounts:\n{accounts}"


FORMS = (
    Form(
        "subdomain",
        "octocorp.ghe.com",
        "token.actions.octocorp.ghe.com",
        "600000000001",
        "aws-eusc",
        "eusc-de-east-1",
        "sts.amazonaws.eu",
    ),
    Form(
        "server",
        "github.example.com",
        "github.example.com/_services/token",
        "600000000002",
        "aws-cn",
        "cn-north-1",
        "sts.amazonaws.com.cn",
    ),
)
WORKFLOW = ".github/workflows/python-dev.yml"
#: The same job in a repository that no role trusts.
FOREIGN = """\
on: push
jobs:
  deploy-dev: {runs-on: x, environment: dev, permissions: {id-token: write}, steps: []}
"""
REPOSITORY = """\
artifacts: {s3_bucket: packages}
deploy: {lambda_function: "service-{environment}"}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One sandbox, which plays one GitHub after the other."""
    folder = tmp_path_factory.mktemp("githubs")
    with running_world(folder) as world:
        yield new_project(world, folder)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: str(form.name))
def test_a_stack_of_another_github_works_to_its_end(project: Project, form: Form) -> None:
    """`up` creates a provider, roles and workflows that accept only the declared jobs' tokens.

    Afterwards neither a preview nor the observer finds a difference.
    """
    world = project.world
    own, foreign = (
        {"owner": "acme", "name": name, "files": {WORKFLOW: FOREIGN}, "branches": ["develop"]}
        for name in (form.name, f"stranger-{form.name}")
    )
    own |= {"files": {"README.md": "x"}}
    seed = {"site": {"host": form.host}, "repositories": [own, foreign]}
    world.control("POST", "seed", seed)
    seed_account(world.record.aws_url, form.account, region=form.region)
    project.new_stack(form.name, form.settings, service=f"repository: {form.name}\n{REPOSITORY}")
    project.slipway("validate", form.name, "--live")
    project.up(form.name)
    project.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", form.name)
    project.slipway("drift", form.name, "--no-preview")

    iam = account_iam(world.record.aws_url, form.account, region=form.region)
    place = f"arn:{form.partition}:iam::{form.account}"
    provider = f"{place}:oidc-provider/{form.issuer}"
    made = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert made["ClientIDList"] == [form.audience]
    role = iam.get_role(RoleName=f"acme.{form.name}-dev")["Role"]
    assert role["Arn"] == f"{place}:role/slipway/acme.{form.name}-dev"
    variables = world.github("GET", f"repos/acme/{form.name}/environments/dev/variables")
    assert role["Arn"] in {one["value"] for one in variables["variables"]}

    mine = partial(token, world, form.name)
    assert assumed(world, form, mine(form.audience), role["Arn"])
    assert not assumed(world, form, mine("sts.example.com"), role["Arn"])
    stranger = token(world, f"stranger-{form.name}", form.audience)
    assert not assumed(world, form, stranger, role["Arn"])
    world.control("POST", "seed", {"site": {"host": "github.com"}})
    elsewhere = form.settings.replace(form.host, "github.com")
    project.write(f"stacks/{form.name}/_stack.yaml", elsewhere)
    refused = project.slipway("up", form.name, "--yes", expect=2)
    assert f"trust {form.issuer.partition('/')[0]}" in refused.stderr
    assert not assumed(world, form, mine(form.audience), role["Arn"])


def token(world: World, repository: str, audience: str) -> str:
    """The id-token of the job that deploys the repository's branch `develop` to dev."""
    head = world.github("GET", f"repos/acme/{repository}/git/ref/heads/develop")
    body = {
        "repository": f"acme/{repository}",
        "event": "push",
        "ref": "refs/heads/develop",
        "sha": head["object"]["sha"],
        "workflow": WORKFLOW,
        "actor": "octocat",
    }
    run = world.control("POST", "runs", body)
    bearer = {"Authorization": f"bearer {run['request_token']}"}
    asked = f"{run['request_url']}&job=deploy-dev&audience={audience}"
    return str(requests.get(asked, headers=bearer, timeout=9).json()["value"])


def assumed(world: World, form: Form, given: str, role: str) -> bool:
    """True if STS of the partition returns the role's credentials for the token."""
    sts = boto3.client(
        "sts",
        endpoint_url=world.record.aws_url,
        region_name=form.region,
        config=Config(signature_version=UNSIGNED),
    )
    try:
        answer = sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="test", WebIdentityToken=given
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in {"AccessDenied", "InvalidIdentityToken"}:
            return False
        raise
    finally:
        sts.close()
    return f":{form.account}:" in answer["AssumedRoleUser"]["Arn"]
