"""Put a world's facts into the sandbox as its owner would, and look at everything that is there."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import yaml
from pydantic import ValidationError

from components.model.baseline import weaker_settings
from components.model.repository import Repository as Declared
from sandbox.aws.seed import seed_account
from tests.e2e.conftest import SOON
from tests.e2e.conftest import World as Sandbox
from tests.e2e.rights import documented
from tests.e2e.worlds.facts import Data, Repository, World
from tests.e2e.worlds.people import APP, APP_ID, MEMBER, OWNER, TEAM_IDS, USER_IDS

ENVIRONMENTS: Final = ("dev", "test", "prod")
_HOST: Final = "token.actions.githubusercontent.com"


@dataclass(frozen=True)
class Place:
    """Where a world is planted."""

    owner: str
    """Login."""
    accounts: Mapping[str, str]
    """Account ids by environment."""
    token: str

    @classmethod
    def of(cls, world: World, number: int) -> "Place":
        """A place that no other number has."""
        ids = [f"9{number:010}{last}" for last in (0, 1, 2)]
        accounts = dict(zip(ENVIRONMENTS, ids if world.accounts > 1 else ids[:1] * 3, strict=True))
        # slipway, as GitHub's own clients, knows an App's token by its beginning.
        prefix = "ghs_" if world.token == "app" else "token_"
        return cls(f"drawn-{number}", accounts, f"{prefix}{number}")


def plant(sandbox: Sandbox, world: World, place: Place) -> None:
    """Make the owner, the accounts and the repositories with all facts."""
    owner, user = place.owner, world.owner == "user"
    users = [{"login": login, "id": key} for login, key in USER_IDS.items()]
    sandbox.control(
        "POST",
        "seed",
        {
            "users": [*users, {"login": owner, "plan": world.plan}] if user else users,
            "organizations": [] if user else [_organization(owner, world)],
            "repositories": [_seed(place, one, user=user) for one in world.repositories],
            "apps": [{"slug": APP, "id": APP_ID, "installed_on": [owner]}],
            "tokens": [_token(world, place)],
        },
    )
    for account in dict.fromkeys(place.accounts.values()):
        seed_account(sandbox.record.aws_url, account, oidc_provider=world.provider_exists)
    for one in world.repositories:
        _rest(sandbox, owner, one)
        _roles(sandbox, place, one)


def _organization(owner: str, world: World) -> Data:
    return {
        "login": owner,
        "plan": world.plan,
        "base_permission": "pull" if world.members_read else "none",
        "use_immutable_subject": world.immutable_subjects,
        "admins": [OWNER],
        "members": [MEMBER, "hubot"],
        "teams": [
            {
                "slug": slug,
                "id": key,
                "members": [OWNER],
                "repositories": {
                    one.name: one.teams[slug] for one in world.repositories if slug in one.teams
                },
            }
            for slug, key in TEAM_IDS.items()
        ],
    }


def _token(world: World, place: Place) -> Data:
    """The token, with the permissions that the documentation asks for."""
    login = place.owner if world.owner == "user" else OWNER
    found: Data = {"token": place.token, "login": login, "kind": world.token}
    if world.token != "classic":
        found["permissions"] = documented("README.md") | {"pull_requests": "write"}
    if world.token == "app":
        found["app"] = APP
    return found


def _seed(place: Place, found: Repository, *, user: bool) -> Data:
    return {
        "owner": place.owner,
        "name": found.name,
        "private": found.visibility != "public",
        "internal": found.visibility == "internal",
        "default_branch": found.default_branch,
        "created_at": "2024-02-03T09:00:00Z",
        "files": found.files,
        "branches": found.branches,
        "environments": found.environments,
        "collaborators": found.collaborators | ({OWNER: "admin"} if user else {}),
    }


def _rest(sandbox: Sandbox, owner: str, found: Repository) -> None:
    """Make the parts that the API can make; the repository is archived last."""
    path = f"repos/{owner}/{found.name}"
    for head, base in found.pulls:
        sandbox.github("POST", f"{path}/pulls", {"title": "Add x", "head": head, "base": base})
    for branch, body in found.protection.items():
        place = f"{path}/branches/{quote(branch, safe='')}/protection"
        sandbox.github("PUT", place, body)
        if branch in found.signed:
            sandbox.github("POST", f"{place}/required_signatures")
    for body in found.patterns:
        sandbox.control("PUT", f"protection/{owner}/{found.name}", body)
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


def _roles(sandbox: Sandbox, place: Place, found: Repository) -> None:
    for role in found.roles:
        account = place.accounts[role.environment]
        federated = f"arn:aws:iam::{account}:oidc-provider/{_HOST}"
        statement: Data = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        statement["Principal"] = {"Service": "ec2.amazonaws.com"}
        if role.trusts_github:
            statement["Action"] = "sts:AssumeRoleWithWebIdentity"
            statement["Principal"] = {"Federated": federated}
            subjects = {f"{_HOST}:sub": f"repo:{place.owner}/{found.name}:environment:x"}
            statement["Condition"] = {"StringLike": subjects}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        sandbox.iam(account).create_role(
            RoleName=f"{place.owner}.{found.name}-{role.environment}",
            AssumeRolePolicyDocument=json.dumps(document),
            Tags=[{"Key": "managed-by", "Value": "slipway"}] if role.tagged else [],
        )


def settings(world: World, place: Place) -> str:
    """The file of the stack's settings."""
    accounts = {
        environment: {
            "account_id": account,
            "region": "eu-west-1",
            "assume_role": f"arn:aws:iam::{account}:role/slipway",
            "oidc_provider": world.provider_declared,
        }
        for environment, account in place.accounts.items()
    }
    text: str = yaml.safe_dump({"owner": place.owner, "accounts": accounts}, sort_keys=False)
    return text


def declaration(found: Repository) -> str:
    """A repository's file; it accepts that prod is weaker than test, where it is."""
    name = found.name.upper() if found.declared_in_capitals else found.name
    content: Data = {"repository": name} | found.declaration
    try:
        weaker = any(weaker_settings(Declared.model_validate(content)))
    except ValidationError:
        weaker = False
    if weaker:
        environments = content.get("environments", {})
        prod = environments.get("prod", {}) | {"accept_weaker": f"drawn until {SOON}"}
        content["environments"] = environments | {"prod": prod}
    text: str = yaml.safe_dump(content, sort_keys=False)
    return text


def looked(sandbox: Sandbox, place: Place) -> Data:
    """Everything that is there: repositories by name, the rest of GitHub, and the accounts."""
    github = sandbox.control("GET", "state")
    repositories = github.pop("repositories")
    return {
        "repositories": {
            name.partition("/")[2]: one
            for name, one in repositories.items()
            if name.startswith(f"{place.owner}/")
        },
        "github": github,
        "aws": {account: _aws(sandbox, account) for account in place.accounts.values()},
    }


def _aws(sandbox: Sandbox, account: str) -> Data:
    """Roles by name with policies and tags, customer's policies, and OIDC providers."""
    iam = sandbox.iam(account)
    pages = iam.get_paginator("get_account_authorization_details").paginate()
    found = list(pages)
    roles = [one for page in found for one in page["RoleDetailList"]]
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return {
        "roles": {one["RoleName"]: _stable(one) for one in roles},
        # moto has a policy of AWS's own from the first question about it.
        "policies": [
            _stable(one)
            for page in found
            for one in page["Policies"]
            if one["Arn"].startswith(f"arn:aws:iam::{account}:")
        ],
        "providers": {
            one["Arn"]: _stable(
                iam.get_open_id_connect_provider(OpenIDConnectProviderArn=one["Arn"])
            )
            for one in providers
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
