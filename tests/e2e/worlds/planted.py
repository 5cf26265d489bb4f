"""Put a world's facts into the sandbox as its owner would, and look at everything that is there."""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import yaml

from sandbox.aws.seed import seed_account
from tests.e2e.conftest import World as Sandbox
from tests.e2e.worlds.facts import Data, Repository, World
from tests.e2e.worlds.people import MEMBER, OWNER, TEAM_IDS, USER_IDS

_HOST: Final = "token.actions.githubusercontent.com"


def plant(sandbox: Sandbox, world: World, owner: str, account: str) -> None:
    """Make the owner, the account and the repositories with all facts."""
    teams = [
        {
            "slug": slug,
            "id": key,
            "members": [OWNER],
            "repositories": {
                one.name: one.teams[slug] for one in world.repositories if slug in one.teams
            },
        }
        for slug, key in TEAM_IDS.items()
    ]
    organization = {
        "login": owner,
        "plan": world.plan,
        "base_permission": "pull" if world.members_read else "none",
        "use_immutable_subject": world.immutable_subjects,
        "admins": [OWNER],
        "members": [MEMBER, "hubot"],
        "teams": teams,
    }
    seed = {
        "users": [{"login": login, "id": key} for login, key in USER_IDS.items()],
        "organizations": [organization],
        "repositories": [_seed(owner, one) for one in world.repositories],
    }
    sandbox.control("POST", "seed", seed)
    seed_account(sandbox.record.aws_url, account, oidc_provider=world.provider_exists)
    for one in world.repositories:
        _rest(sandbox, owner, one)
        _roles(sandbox, owner, account, one)


def _seed(owner: str, found: Repository) -> Data:
    return {
        "owner": owner,
        "name": found.name,
        "private": found.visibility != "public",
        "internal": found.visibility == "internal",
        "default_branch": found.default_branch,
        "created_at": "2024-02-03T09:00:00Z",
        "files": found.files,
        "branches": found.branches,
        "environments": found.environments,
        "collaborators": found.collaborators,
    }


def _rest(sandbox: Sandbox, owner: str, found: Repository) -> None:
    """What the API can make; the archive is closed last."""
    path = f"repos/{owner}/{found.name}"
    for head, base in found.pulls:
        sandbox.github("POST", f"{path}/pulls", {"title": "Add x", "head": head, "base": base})
    for branch, body in found.protection.items():
        place = f"{path}/branches/{quote(branch, safe='')}/protection"
        sandbox.github("PUT", place, body)
        if branch in found.signed:
            sandbox.github("POST", f"{place}/required_signatures")
    for body in found.rulesets:
        sandbox.github("POST", f"{path}/rulesets", body)
    for body in found.organization_rulesets:
        names = {"repository_name": {"include": [found.name], "exclude": []}}
        conditions = body.get("conditions", {}) | names
        one = body | {"name": f"{body['name']} {found.name}", "conditions": conditions}
        sandbox.github("POST", f"orgs/{owner}/rulesets", one)
    if found.subject_claims:
        body = {"use_default": False, "include_claim_keys": found.subject_claims}
        sandbox.github("PUT", f"{path}/actions/oidc/customization/sub", body)
    if found.archived:
        sandbox.github("PATCH", path, {"archived": True})


def _roles(sandbox: Sandbox, owner: str, account: str, found: Repository) -> None:
    for role in found.roles:
        federated = f"arn:aws:iam::{account}:oidc-provider/{_HOST}"
        statement: Data = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        statement["Principal"] = {"Service": "ec2.amazonaws.com"}
        if role.trusts_github:
            statement["Action"] = "sts:AssumeRoleWithWebIdentity"
            statement["Principal"] = {"Federated": federated}
            subjects = {f"{_HOST}:sub": f"repo:{owner}/{found.name}:environment:x"}
            statement["Condition"] = {"StringLike": subjects}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        sandbox.iam(account).create_role(
            RoleName=f"{owner}.{found.name}-{role.environment}",
            AssumeRolePolicyDocument=json.dumps(document),
            Tags=[{"Key": "managed-by", "Value": "slipway"}] if role.tagged else [],
        )


def settings(world: World, owner: str, account: str) -> str:
    """The file of the stack's settings: one account for all environments."""
    one = {
        "account_id": account,
        "region": "eu-west-1",
        "assume_role": f"arn:aws:iam::{account}:role/slipway",
        "oidc_provider": world.provider_declared,
    }
    accounts = {environment: dict(one) for environment in ("dev", "test", "prod")}
    return yaml.safe_dump({"owner": owner, "accounts": accounts}, sort_keys=False)


def declaration(found: Repository) -> str:
    """A repository's file."""
    return yaml.safe_dump({"repository": found.name} | found.declaration, sort_keys=False)


def looked(sandbox: Sandbox, owner: str, account: str) -> Data:
    """Everything that is there: repositories by name, the rest of GitHub, and the account."""
    github = sandbox.control("GET", "state")
    repositories = github.pop("repositories")
    return {
        "repositories": {
            name.partition("/")[2]: one
            for name, one in repositories.items()
            if name.startswith(f"{owner}/")
        },
        "github": github,
        "aws": _aws(sandbox, account),
    }


def _aws(sandbox: Sandbox, account: str) -> Data:
    """Roles by name with policies and tags, customer's policies, and OIDC providers."""
    iam = sandbox.iam(account)
    pages = iam.get_paginator("get_account_authorization_details").paginate()
    found = list(pages)
    arns = [one["Arn"] for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    return {
        "roles": {one["RoleName"]: _stable(one) for page in found for one in page["RoleDetailList"]},
        # moto has a policy of AWS's own from the first question about it.
        "policies": [
            _stable(one)
            for page in found
            for one in page["Policies"]
            if one["Arn"].startswith(f"arn:aws:iam::{account}:")
        ],
        "providers": {
            arn: _stable(iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
            for arn in arns
        },
    }


def _stable(found: Data) -> str:
    """Without what each answer has anew, and when a role was used."""
    noise = ("ResponseMetadata", "RoleLastUsed")
    return json.dumps({k: v for k, v in found.items() if k not in noise}, default=str)


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Each place that is not as before."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            place = f"{path}/{key}"
            yield from differences(before.get(key), after.get(key), place)
    elif before != after:
        yield f"{path}: {before} is {after} now"
