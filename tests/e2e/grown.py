"""Three repositories with a history: their teams set them up by hand, before the standard."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from tests.e2e.conftest import World

ACCOUNTS: Final = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
NAMES: Final = ("invoices", "ledger", "orders")
ISSUER: Final = "token.actions.githubusercontent.com"
READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
OWN_WORKFLOW: Final = """\
name: ours
on: {push: {branches: [main]}}
jobs: {build: {runs-on: ubuntu-latest, steps: [{run: make}]}}
"""
DEPLOY_WORKFLOW: Final = """\
name: deploy
on: {push: {branches: [main]}}
jobs:
  deploy: {runs-on: ubuntu-latest, environment: prod, steps: [{run: make deploy}]}
"""

REPOSITORIES: Final[list[dict[str, Any]]] = [
    # Protected environments to which any branch may deploy, and a workflow file with the name of
    # one of slipway's.
    {
        "owner": "acme",
        "name": "ledger",
        "created_at": "2022-01-01T00:00:00Z",
        "files": {"app.py": "x\n", ".github/workflows/python-dev.yml": OWN_WORKFLOW},
        "branches": ["develop"],
        "environments": [
            {
                "name": "prod",
                "wait_timer": 30,
                "reviewers": {"teams": ["platform"]},
                "prevent_self_review": True,
                "variables": {"LOG_LEVEL": "warning", "AWS_REGION": "us-east-1"},
                "secrets": {"TOKEN": "known", "AWS_ACCESS_KEY_ID": "old"},
            },
            {"name": "test", "reviewers": {"users": ["octocat"]}, "variables": {"FLAG": "yes"}},
        ],
    },
    # Its own role, a role that the whole organisation uses, and a workflow of its own.
    {
        "owner": "acme",
        "name": "orders",
        "created_at": "2023-01-01T00:00:00Z",
        "files": {"app.py": "x\n", ".github/workflows/deploy.yml": DEPLOY_WORKFLOW},
        "branches": ["develop"],
        "environments": [
            {"name": "prod"},
            {
                "name": "test",
                "variables": {"AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNTS['test']}:role/everybody"},
            },
        ],
    },
    # Patterns for branches and tags, no branch develop or main, the new form of subjects, and a
    # role that trusts only one branch.
    {
        "owner": "acme",
        "name": "invoices",
        "created_at": "2026-09-01T00:00:00Z",
        "default_branch": "trunk",
        "files": {"app.py": "x\n"},
        "environments": [
            {
                "name": "prod",
                "reviewers": {"users": ["hubot"], "teams": ["payments"]},
                "can_admins_bypass": False,
                "branches": ["trunk", "release/*"],
                "tags": ["v*"],
            },
            {"name": "staging", "variables": {"URL": "https://staging.invalid"}},
        ],
    },
]


def grow(world: World) -> None:
    """Create the repositories, roles and providers."""
    teams = [
        {"slug": "platform", "repositories": {"ledger": "admin"}},
        {"slug": "payments", "repositories": {"invoices": "push"}},
    ]
    acme = {"login": "acme", "teams": teams}
    world.control("POST", "seed", {"organizations": [acme], "repositories": REPOSITORIES})
    # An administrator created the provider of GitHub's id-tokens in dev by hand.
    world.iam(ACCOUNTS["dev"]).create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"]
    )
    world.iam(ACCOUNTS["test"]).create_role(
        RoleName="everybody", AssumeRolePolicyDocument=trust("test", "repo:acme/*")
    )
    iam = world.iam(ACCOUNTS["prod"])
    iam.create_role(
        RoleName="orders-deployer",
        Path="/ci/",
        Description="made by hand",
        MaxSessionDuration=7200,
        PermissionsBoundary=f"arn:aws:iam::{ACCOUNTS['prod']}:policy/deployments",
        AssumeRolePolicyDocument=trust("prod", "repo:acme/orders:*"),
        Tags=[{"Key": "team", "Value": "orders"}],
    )
    for name in ("read", "deploy"):
        iam.put_role_policy(
            RoleName="orders-deployer", PolicyName=name, PolicyDocument=json.dumps(POLICY)
        )
    iam.attach_role_policy(RoleName="orders-deployer", PolicyArn=READ_ONLY)
    live = world.github("GET", "repos/acme/invoices")
    subject = f"repo:acme@{live['owner']['id']}/invoices@{live['id']}:environment:prod"
    one_branch = {f"{ISSUER}:ref": "refs/heads/trunk"}
    iam.create_role(
        RoleName="invoices-release", AssumeRolePolicyDocument=trust("prod", subject, one_branch)
    )


def trust(environment: str, subjects: str, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """A trust policy as teams write them: a pattern of subjects, and further conditions."""
    arn = f"arn:aws:iam::{ACCOUNTS[environment]}:oidc-provider/{ISSUER}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", **more},
            "StringLike": {f"{ISSUER}:sub": subjects},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def everything(world: World) -> dict[tuple[str, str], Any]:
    """The objects of the three on GitHub and AWS, by repository and object as in the list."""
    found: dict[tuple[str, str], Any] = {}
    for name in NAMES:
        place = f"repos/acme/{name}"
        for branch in world.github("GET", f"{place}/branches"):
            found[name, f"branch {branch['name']}"] = True
            tree = world.github("GET", f"{place}/git/trees/{branch['name']}?recursive=1")["tree"]
            for file in tree:
                if file["type"] == "blob":
                    key = f"{file['path'].rpartition('/')[2]} on {branch['name']}"
                    found[name, key] = file["sha"]
        for environment in world.github("GET", f"{place}/environments")["environments"]:
            for key, value in inside(world, place, environment).items():
                found[name, key] = value
    for account in ACCOUNTS.values():
        found |= roles(world, account)
        for provider in world.iam(account).list_open_id_connect_providers()[
            "OpenIDConnectProviderList"
        ]:
            found["", f"OIDC provider of account {account}"] = provider["Arn"]
    return found


def inside(world: World, place: str, environment: dict[str, Any]) -> dict[str, Any]:
    """The rules of one environment, and every object in it."""
    name = f"environment {environment['name']}"
    path = f"{place}/environments/{environment['name']}"
    rules = {key: environment[key] for key in ("protection_rules", "deployment_branch_policy")}
    found: dict[str, Any] = {name: (rules, environment["can_admins_bypass"])}
    if (environment["deployment_branch_policy"] or {}).get("custom_branch_policies"):
        for policy in world.github("GET", f"{path}/deployment-branch-policies")["branch_policies"]:
            found[f"{name}, {policy['type']} policy {policy['name']}"] = policy["id"]
    for variable in world.github("GET", f"{path}/variables")["variables"]:
        found[f"{name}, variable {variable['name']}"] = variable["value"]
    for secret in world.github("GET", f"{path}/secrets")["secrets"]:
        found[f"{name}, secret {secret['name']}"] = secret["updated_at"]
    return found


def roles(world: World, account: str) -> dict[tuple[str, str], Any]:
    """The roles of an account and their policies, by repository and by purpose of the role."""
    iam = world.iam(account)
    found: dict[tuple[str, str], Any] = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        owner = next((one for one in NAMES if one in name), "")
        told = iam.get_role(RoleName=name)["Role"]
        facts = {key: str(told.get(key)) for key in told if key != "RoleLastUsed"}
        found[owner, f"role {name}"] = facts
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            found[owner, f"role {name}, inline policy {policy}"] = document
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            found[owner, f"role {name}, managed policy {policy['PolicyArn']}"] = True
    return found
