import json
from typing import Any

import pulumi
import pytest

from components.model.live import Live, LiveRepository
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.resources.oidc_provider import oidc_providers
from components.resources.onboarded_repository import OnboardedRepository
from components.resources.providers import aws_providers, github_provider
from tests.components.resources.conftest import Provision, Recorder
from tests.components.resources.options import Options

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
STACK = Stack(name="s", settings=SETTINGS, repositories=())
LIVE = Live(
    users={"octocat": 7},
    teams={"payments": 2},
    repositories={
        "billing": LiveRepository(
            id=9,
            full_name="acme/billing",
            html_url="https://github.com/acme/billing",
            default_branch="main",
            subject_prefix="repo:acme@1/billing@9",
            visibility="private",
        )
    },
)
ROLE = "aws:iam/role:Role"
FILE = "github:index/repositoryFile:RepositoryFile"


_REGISTERED: dict[str, Recorder] = {}


def onboard(provision: Provision, **declared: Any) -> Recorder:
    """Register one repository with all that it shares with others; equal ones only once."""

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
                "oidc_providers": oidc_providers(STACK, aws),
            },
            pulumi.ResourceOptions(providers=[github_provider(SETTINGS)]),
        )

    declaration = json.dumps(declared)
    if declaration not in _REGISTERED:
        _REGISTERED[declaration] = provision(program)
    return _REGISTERED[declaration]


@pytest.mark.parametrize("environment", ["dev", "test", "prod"])
def test_each_role_trusts_its_environment_by_githubs_own_prefix(
    provision: Provision, environment: str
) -> None:
    """The role's subject is GitHub's prefix of the repository with the environment's name."""
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
    """Environments of one account share one AWS provider (a process) and one OIDC provider."""
    recorder = onboard(provision)
    assert set(recorder.of("pulumi:providers:aws")) == {"aws-dev", "aws-prod"}
    made = recorder.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
    assert set(made) == {"oidc-111111111111", "oidc-333333333333"}
    accounts = recorder.of("pulumi:providers:aws")["aws-prod"]["allowedAccountIds"]
    assert json.loads(accounts) == ["333333333333"]


def test_names_become_ids_only_here(provision: Provision) -> None:
    """Declared logins and slugs reach GitHub as numeric ids."""
    reviewers = {"users": ["OctoCat"], "teams": ["payments"]}
    recorder = onboard(provision, environments={"prod": {"reviewers": reviewers}})
    environment = recorder.of("github:index/repositoryEnvironment:RepositoryEnvironment")
    assert environment["billing-prod"]["reviewers"] == [{"users": [7], "teams": [2]}]


def test_variables_point_at_role_and_region(provision: Provision) -> None:
    """Each environment has variables with its role and region, beside the declared ones."""
    recorder = onboard(provision, environments={"prod": {"variables": {"MODE": "fast"}}})
    variables = recorder.of("github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable")
    prod = {v["variableName"]: v["value"] for v in variables.values() if v["environment"] == "prod"}
    assert prod == {
        "AWS_ROLE_ARN": "arn:aws:iam::333333333333:role/slipway/acme.billing-prod",
        "AWS_REGION": "eu-central-1",
        "MODE": "fast",
    }


def test_only_declared_secrets_are_set(provision: Provision) -> None:
    """Only declared secrets are set; an undeclared value and an external secret are not."""
    kind = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
    assert onboard(provision).of(kind) == {}
    declared: dict[str, Any] = {"prod": {"secrets": {"KEY": "config", "OTHER": "external"}}}
    assert set(onboard(provision, environments=declared).of(kind)) == {"billing-prod-KEY"}


def test_declared_policies_join_the_derived_one(provision: Provision) -> None:
    """The derived policy and each declared one are separate inline policies of the role."""
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
    """A file is on the branch that triggers it; python-dev.yml is on the default branch as well."""
    recorder = onboard(provision, branches={"dev": "trunk"})
    assert set(recorder.of(FILE)) == {
        "billing-python-dev.yml:trunk",
        "billing-python-dev.yml:main",
        "billing-python-test.yml:main",
        "billing-python-prd.yml:main",
    }


def kinds(options: dict[str, Options], *wanted: str) -> dict[str, Options]:
    """The resources of some types, by `TYPE NAME`."""
    return {name: each for name, each in options.items() if name.partition(" ")[0] in wanted}


PROTECTION = ("RepositoryEnvironment", "RepositoryEnvironmentDeploymentPolicy")
CONTENT = ("RepositoryFile", "Branch")
CONFIGURATION = ("ActionsEnvironmentVariable", "ActionsEnvironmentSecret")
ROLE_PARTS = ("Role", "RolePolicy")


def everything(provision: Provision, **more: Any) -> dict[str, Options]:
    """Return the options of all parts of a repository with a secret and a policy."""
    prod = {"secrets": ["KEY"], "deployment_tags": ["v*"]}
    deploy = {"lambda_function": "billing-api"}
    return onboard(provision, deploy=deploy, environments={"prod": prod}, **more).options


def test_protection_is_first_and_trust_is_last(provision: Provision) -> None:
    """Environments, files, configuration and roles each wait for all that come before them."""
    options = everything(provision)
    protection, content = set(kinds(options, *PROTECTION)), set(kinds(options, *CONTENT))
    configuration = kinds(options, *CONFIGURATION)
    assert (len(protection), len(content), len(configuration)) == (7, 5, 7)
    assert options["RepositoryFile billing-python-dev.yml:main"].after == protection
    for name, each in configuration.items():
        environment = name.split("-")[1]
        assert each.after == content | {f"RepositoryEnvironment billing-{environment}"}
    for environment, account in (("dev", 1), ("test", 1), ("prod", 3)):
        oidc_provider = f"OpenIdConnectProvider oidc-{str(account) * 12}"
        before = protection | content | set(configuration) | {oidc_provider}
        assert options[f"Role billing-{environment}"].after == before
        policy = options[f"RolePolicy billing-{environment}-deploy"]
        assert policy.after == {f"Role billing-{environment}"}


def test_each_part_is_made_where_it_belongs(provision: Provision) -> None:
    """The GitHub provider creates GitHub's parts; the account's AWS provider creates a role's."""
    options = everything(provision)
    for name, each in kinds(options, *PROTECTION, *CONTENT, *CONFIGURATION).items():
        assert each.provider == "github github", name
    accounts = {"dev": "aws aws-dev", "test": "aws aws-dev", "prod": "aws aws-prod"}
    for name, each in kinds(options, *ROLE_PARTS).items():
        assert each.provider == accounts[name.split("-")[1]], name


def test_each_part_is_inside_its_component(provision: Provision) -> None:
    """Each part has its component as parent: another parent would mean deletion and creation."""
    options = everything(provision)
    inside = {"Environment", "WorkflowFiles", "DeploymentRole"}
    components = kinds(options, *inside)
    assert {each.parent for each in components.values()} == {"OnboardedRepository billing"}
    assert len(components) == 7
    for name, each in kinds(options, *PROTECTION, *CONFIGURATION).items():
        assert each.parent == f"Environment billing-{_environment(name)}"
    for name, each in kinds(options, *ROLE_PARTS).items():
        assert each.parent == f"DeploymentRole billing-{_environment(name)}"
    assert {each.parent for each in kinds(options, *CONTENT).values()} == {"WorkflowFiles billing"}


def test_a_renamed_repositorys_parts_are_found_again(provision: Provision) -> None:
    """Every part has an alias for each former name, and otherwise no alias."""
    renamed = everything(provision, previously=["invoices", "accounts"])
    shared = {"github", "aws", "OidcProvider", "OpenIdConnectProvider"}
    for name, each in renamed.items():
        kind, logical = name.split(" ", 1)
        rest = logical.removeprefix("billing")
        formers = () if kind in shared else (f"invoices{rest}", f"accounts{rest}")
        assert each.aliases == formers, name
    assert {each.aliases for each in everything(provision).values()} == {()}


@pytest.mark.parametrize(
    ("offboarding", "kept"),
    [
        ({"environments": "remove", "workflow_files": "remove"}, set()),
        ({"environments": "keep", "workflow_files": "remove"}, set(PROTECTION)),
        ({"environments": "remove", "workflow_files": "keep"}, {"RepositoryFile"}),
    ],
)
def test_only_what_offboarding_keeps_is_kept(
    provision: Provision, offboarding: dict[str, str], kept: set[str]
) -> None:
    """Offboarding keeps the declared objects and the branch, but no role, secret or variable."""
    options = everything(provision, offboarding=offboarding)
    retained = {name.partition(" ")[0] for name, each in options.items() if each.retain_on_delete}
    assert retained == kept | {"Branch"}
    assert not any(each.protect or each.delete_before_replace for each in options.values())


def _environment(name: str) -> str:
    """Return the environment that the name of a part of `billing` contains."""
    return name.partition(" billing-")[2].partition("-")[0]
