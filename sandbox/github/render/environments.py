"""Environments, their rules, branch patterns, secrets and variables."""

import base64
from typing import Any

from sandbox.github.accounts import Account, EnterpriseTeam, Organization, Team
from sandbox.github.clock import iso
from sandbox.github.environments import BranchPolicy, Environment, Secret, Variable
from sandbox.github.render.accounts import simple_user, team
from sandbox.github.render.urls import api, html, name, node_id
from sandbox.github.repositories import Repository


def environment(repository: Repository, found: Environment) -> dict[str, Any]:
    """`environment`."""
    protection = found.protection
    custom = protection.custom_branch_policies
    policy = None
    if custom is not None:
        policy = {"protected_branches": not custom, "custom_branch_policies": custom}
    place = f"{repository.full_name}/environments/{name(found.name)}"
    return {
        "id": found.id,
        "node_id": node_id("Environment", found.id),
        "name": found.name,
        "url": api(f"/repos/{place}"),
        "html_url": html(f"{repository.full_name}/deployments/activity_log"),
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "can_admins_bypass": protection.can_admins_bypass,
        "protection_rules": _rules(repository, found),
        "deployment_branch_policy": policy,
    }


def _rules(repository: Repository, found: Environment) -> list[dict[str, Any]]:
    protection = found.protection
    rules: list[dict[str, Any]] = []
    if protection.wait_timer:
        rules.append({"type": "wait_timer", "wait_timer": protection.wait_timer})
    if protection.reviewers:
        reviewers = [reviewer(repository, who) for who in protection.reviewers]
        self_review = {"prevent_self_review": protection.prevent_self_review}
        rules.append({"type": "required_reviewers", **self_review, "reviewers": reviewers})
    if protection.custom_branch_policies is not None:
        rules.append({"type": "branch_policy"})
    rules += [{"type": kind} for kind in protection.further_rules]
    return [
        {
            "id": (key := found.rule_ids.get(rule["type"], found.id)),
            "node_id": node_id("Gate", key),
            **rule,
        }
        for rule in rules
    ]


def reviewer(repository: Repository, who: Account | Team | EnterpriseTeam) -> dict[str, Any]:
    """A required reviewer with its type."""
    if isinstance(who, Account):
        return {"type": "User", "reviewer": simple_user(who)}
    if isinstance(who, EnterpriseTeam):
        return {"type": "BusinessTeam", "reviewer": {"slug": who.slug}}
    owner = repository.owner
    assert isinstance(owner, Organization)
    return {"type": "Team", "reviewer": team(owner, who)}


def branch_policy(found: BranchPolicy) -> dict[str, Any]:
    """`deployment-branch-policy`."""
    return {
        "id": found.id,
        "node_id": node_id("DeploymentBranchPolicy", found.id),
        "name": found.name,
        "type": found.type,
    }


def public_key(found: Environment) -> dict[str, Any]:
    """`actions-public-key`."""
    key = base64.b64encode(bytes(found.key.public_key)).decode()
    return {"key_id": found.key_id, "key": key}


def secret(found: Secret) -> dict[str, Any]:
    """`actions-secret`, which never has the value."""
    created, updated = iso(found.created_at), iso(found.updated_at)
    return {"name": found.name, "created_at": created, "updated_at": updated}


def variable(found: Variable) -> dict[str, Any]:
    """`actions-variable`."""
    created, updated = iso(found.created_at), iso(found.updated_at)
    return {
        "name": found.name,
        "value": found.value,
        "created_at": created,
        "updated_at": updated,
    }
