"""Changes by hand on the live GitHub and AWS, through the same public APIs as their web pages."""

import base64
import json
from typing import Any

from tests.e2e.conftest import World

ISSUER = "token.actions.githubusercontent.com"
ACCOUNTS = {"dev": "111111111111", "test": "222222222222", "prod": "333333333333"}
ALL_OF_S3 = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


def environment(world: World, place: str, **changes: Any) -> None:
    """Save an environment's settings page with some of its fields changed.

    Args:
        world: the sandbox.
        place: `REPOSITORY/ENVIRONMENT`.
        changes: fields of GitHub's PUT; reviewers as `Team platform` or `User octocat`.
    """
    repository, name = place.split("/")
    path = f"repos/acme/{repository}/environments/{name}"
    found = world.github("GET", path)
    rules = {rule["type"]: rule for rule in found["protection_rules"]}
    required = rules.get("required_reviewers", {})
    body = {
        "wait_timer": rules.get("wait_timer", {}).get("wait_timer", 0),
        "prevent_self_review": required.get("prevent_self_review", False),
        "reviewers": [
            {"type": who["type"], "id": who["reviewer"]["id"]}
            for who in required.get("reviewers", ())
        ],
        "can_admins_bypass": found["can_admins_bypass"],
        "deployment_branch_policy": found["deployment_branch_policy"],
    }
    if "reviewers" in changes:
        changes["reviewers"] = [_reviewer(world, who) for who in changes["reviewers"]]
    world.github("PUT", path, body | changes)


def _reviewer(world: World, who: str) -> dict[str, Any]:
    kind, name = who.split()
    path = f"orgs/acme/teams/{name}" if kind == "Team" else f"users/{name}"
    return {"type": kind, "id": world.github("GET", path)["id"]}


def enable_app(world: World, place: str, app: str) -> None:
    """Let a GitHub App that is installed approve or reject deployments."""
    path = f"{_environment(place)}/deployment_protection_rules"
    (found,) = [
        one["id"]
        for one in world.github("GET", f"{path}/apps")[
            "available_custom_deployment_protection_rule_integrations"
        ]
        if one["slug"] == app
    ]
    world.github("POST", path, {"integration_id": found})


def disable_app(world: World, place: str, app: str) -> None:
    """Disable the rule of a GitHub App."""
    path = f"{_environment(place)}/deployment_protection_rules"
    (found,) = [
        one["id"]
        for one in world.github("GET", path)["custom_deployment_protection_rules"]
        if one["app"]["slug"] == app
    ]
    world.github("DELETE", f"{path}/{found}")


def _environment(place: str) -> str:
    repository, name = place.split("/")
    return f"repos/acme/{repository}/environments/{name}"


def add_pattern(world: World, place: str, pattern: str, kind: str = "branch") -> None:
    """Allow deployments from one more branch pattern."""
    world.github("POST", _policies(place), {"name": pattern, "type": kind})


def edit_pattern(world: World, place: str, old: str, new: str) -> None:
    """Change a pattern in place."""
    world.github("PUT", f"{_policies(place)}/{_policy(world, place, old)}", {"name": new})


def remove_pattern(world: World, place: str, pattern: str) -> None:
    """Remove a branch pattern."""
    world.github("DELETE", f"{_policies(place)}/{_policy(world, place, pattern)}")


def _policies(place: str) -> str:
    repository, name = place.split("/")
    return f"repos/acme/{repository}/environments/{name}/deployment-branch-policies"


def _policy(world: World, place: str, pattern: str) -> int:
    policies = world.github("GET", _policies(place))["branch_policies"]
    return next(int(policy["id"]) for policy in policies if policy["name"] == pattern)


def variable(world: World, place: str, name: str, value: str | None) -> None:
    """Set a variable, or delete it."""
    repository, environment_name = place.split("/")
    path = f"repos/acme/{repository}/environments/{environment_name}/variables"
    names = {found["name"] for found in world.github("GET", path)["variables"]}
    if value is None:
        world.github("DELETE", f"{path}/{name}")
    elif name in names:
        world.github("PATCH", f"{path}/{name}", {"name": name, "value": value})
    else:
        world.github("POST", path, {"name": name, "value": value})


def secret(world: World, place: str, name: str, value: str | None) -> None:
    """Write a secret's value, sealed as GitHub's pages do it, or delete the secret."""
    from nacl.public import PublicKey, SealedBox

    repository, environment_name = place.split("/")
    path = f"repos/acme/{repository}/environments/{environment_name}/secrets"
    if value is None:
        world.github("DELETE", f"{path}/{name}")
        return
    key = world.github("GET", f"{path}/public-key")
    sealed = SealedBox(PublicKey(base64.b64decode(key["key"]))).encrypt(value.encode())
    text = base64.b64encode(sealed).decode()
    world.github("PUT", f"{path}/{name}", {"key_id": key["key_id"], "encrypted_value": text})


def workflow(world: World, repository: str, branch: str, file: str) -> str:
    """The text of a workflow file."""
    found = world.github("GET", f"{_contents(repository, file)}?ref={branch}")
    return base64.b64decode(found["content"]).decode()


def write_workflow(world: World, repository: str, branch: str, file: str, text: str | None) -> None:
    """Commit a workflow file, or its removal."""
    path = _contents(repository, file)
    folder = world.github("GET", f"{path.rpartition('/')[0]}?ref={branch}")
    shas = {found["name"]: found["sha"] for found in folder}
    body = {"message": "by hand", "branch": branch}
    if file in shas:
        body["sha"] = shas[file]
    if text is None:
        world.github("DELETE", path, body)
    else:
        world.github("PUT", path, body | {"content": base64.b64encode(text.encode()).decode()})


def _contents(repository: str, file: str) -> str:
    return f"repos/acme/{repository}/contents/.github/workflows/{file}"


def trust(world: World, role: str, old: str, new: str) -> None:
    """Rewrite a part of a role's trust policy; `role` is `REPOSITORY-ENVIRONMENT`."""
    iam, name = world.iam(_account(role)), f"acme.{role}"
    text = json.dumps(iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"])
    assert old in text
    iam.update_assume_role_policy(RoleName=name, PolicyDocument=text.replace(old, new))


def inline_policy(world: World, role: str, name: str, document: Any) -> None:
    """Put an inline policy on a role, or take it off."""
    iam = world.iam(_account(role))
    if document is None:
        iam.delete_role_policy(RoleName=f"acme.{role}", PolicyName=name)
    else:
        text = json.dumps(document)
        iam.put_role_policy(RoleName=f"acme.{role}", PolicyName=name, PolicyDocument=text)


def managed_policy(world: World, role: str, arn: str, *, attached: bool) -> None:
    """Attach a managed policy to a role, or detach it."""
    iam = world.iam(_account(role))
    change = iam.attach_role_policy if attached else iam.detach_role_policy
    change(RoleName=f"acme.{role}", PolicyArn=arn)


def other_role(world: World, environment: str, name: str, pattern: str) -> None:
    """Make a role that jobs of any repository matching the pattern may assume."""
    account = ACCOUNTS[environment]
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": oidc_arn(account)},
        "Condition": {"StringLike": {f"{ISSUER}:sub": pattern}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    world.iam(account).create_role(RoleName=name, AssumeRolePolicyDocument=document)


def delete_role(world: World, role: str) -> None:
    """Delete a role with its policies, as the console does."""
    iam, name = world.iam(_account(role)), f"acme.{role}"
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def oidc_arn(account: str) -> str:
    """ARN of GitHub's provider in an account."""
    return f"arn:aws:iam::{account}:oidc-provider/{ISSUER}"


def _account(role: str) -> str:
    return ACCOUNTS[role.rpartition("-")[2]]
