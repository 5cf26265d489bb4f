import json
from typing import Any

import pulumi
import pytest

from components.model.live import Live, LiveRepository
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.resources.oidc_provider import oidc_providers
from components.resources.onboarded_repository import OnboardedRepository
from components.resources.providers import aws_providers
from tests.components.resources.conftest import Provision, Recorder

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            "dev": {"account_id": "111111111111", "region": "eu-west-1"},
            "test": {"account_id": "111111111111", "region": "eu-west-1"},
            "prod": {"account_id": "333333333333", "region": "eu-central-1"},
        },
        "tags": {"cost-center": "4711"},
    }
)
LIVE = Live(
    users={"octocat": 7},
    teams={"payments": 2},
    repositories={
        "billing": LiveRepository(
            id=9,
            html_url="https://github.com/acme/billing",
            default_branch="main",
            subject_prefix="repo:acme@1/billing@9",
        )
    },
)
ROLE = "aws:iam/role:Role"
FILE = "github:index/repositoryFile:RepositoryFile"


def onboard(provision: Provision, **declared: Any) -> Recorder:
    """Register one repository with everything it shares with others."""

    def program() -> None:
        aws = aws_providers(SETTINGS)
        OnboardedRepository(
            "billing",
            {
                "settings": SETTINGS,
                "repository": Repository.model_validate({"repository": "billing"} | declared),
                "live": LIVE,
                "secrets": {("billing", "prod", "KEY"): pulumi.Output.secret("marker")},
                "aws": aws,
                "oidc_providers": oidc_providers(SETTINGS, aws),
            },
        )

    return provision(program)


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_each_role_trusts_its_environment_by_githubs_own_prefix(
    provision: Provision, environment: str
) -> None:
    """The subject is what GitHub says of the repository, with the environment's name."""
    role = onboard(provision).of(ROLE)[f"billing-{environment}"]
    condition = json.loads(role["assumeRolePolicy"])["Statement"][0]["Condition"]["StringEquals"]
    subject = condition["token.actions.githubusercontent.com:sub"]
    assert subject == f"repo:acme@1/billing@9:environment:{environment}"
    assert role["tags"] == {
        "cost-center": "4711",
        "managed-by": "slipway",
        "repository": "acme/billing",
        "environment": environment,
    }


def test_environments_of_one_account_share_provider_and_oidc_provider(
    provision: Provision,
) -> None:
    """A provider is a process, and AWS allows one OIDC provider an account."""
    recorder = onboard(provision)
    assert set(recorder.of("pulumi:providers:aws")) == {"aws-dev", "aws-prod"}
    made = recorder.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    assert set(made) == {"oidc-111111111111", "oidc-333333333333"}
    accounts = recorder.of("pulumi:providers:aws")["aws-prod"]["allowedAccountIds"]
    assert json.loads(accounts) == ["333333333333"]


def test_names_become_ids_only_here(provision: Provision) -> None:
    """Logins and slugs of the declaration reach GitHub as the numeric ids it wants."""
    reviewers = {"users": ["OctoCat"], "teams": ["payments"]}
    recorder = onboard(provision, environments={"prod": {"reviewers": reviewers}})
    environment = recorder.of("github:index/repositoryEnvironment:RepositoryEnvironment")
    assert environment["billing-prod"]["reviewers"] == [{"users": [7], "teams": [2]}]


def test_variables_point_at_role_and_region(provision: Provision) -> None:
    """Every environment knows its own role and region beside what is declared."""
    recorder = onboard(provision, environments={"prod": {"variables": {"MODE": "fast"}}})
    variables = recorder.of("github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable")
    prod = {v["variableName"]: v["value"] for v in variables.values() if v["environment"] == "prod"}
    assert prod == {
        "AWS_ROLE_ARN": "arn:aws:iam::333333333333:role/slipway/acme.billing-prod",
        "AWS_REGION": "eu-central-1",
        "MODE": "fast",
    }


def test_only_declared_secrets_are_set(provision: Provision) -> None:
    """A value that nobody names goes nowhere; a secret that others write is not touched."""
    kind = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
    assert onboard(provision).of(kind) == {}
    declared: dict[str, Any] = {"prod": {"secrets": {"KEY": "config", "OTHER": "external"}}}
    assert set(onboard(provision, environments=declared).of(kind)) == {"billing-prod-KEY"}


def test_declared_policies_join_the_derived_one(provision: Provision) -> None:
    """The deployment's own permissions and the declared documents are separate inline policies."""
    queue = {"Version": "2012-10-17", "Statement": []}
    recorder = onboard(
        provision,
        deploy={"lambda_function": "billing-api"},
        environments={"prod": {"role": {"inline_policies": {"queue": queue}}}},
    )
    assert set(recorder.of("aws:iam/rolePolicy:RolePolicy")) == {
        "billing-dev-deploy",
        "billing-test-deploy",
        "billing-prod-deploy",
        "billing-prod-queue",
    }


def test_files_follow_the_triggers(provision: Provision) -> None:
    """python-dev.yml is on the branch whose push triggers it and on the default branch."""
    recorder = onboard(provision, branches={"dev": "trunk"})
    assert set(recorder.of(FILE)) == {
        "billing-python-dev.yml:trunk",
        "billing-python-dev.yml:main",
        "billing-python-test.yml:main",
        "billing-python-prd.yml:main",
    }
