"""Pending deployments of a run, and the decisions about them."""

from typing import Any

from sandbox.github.accounts import Account, Team
from sandbox.github.clock import iso
from sandbox.github.environments import Environment
from sandbox.github.render.accounts import simple_user
from sandbox.github.render.environments import reviewer
from sandbox.github.render.urls import api, html, name, node_id
from sandbox.github.repositories import Repository
from sandbox.github.store import Store
from sandbox.github.workflow_runs import Review, WorkflowRun


def pending(run: WorkflowRun, found: Environment, caller: Account) -> dict[str, Any]:
    """`pending-deployment`."""
    protection = found.protection
    return {
        "environment": _environment(run.repository, found),
        "wait_timer": protection.wait_timer,
        "wait_timer_started_at": iso(run.created_at) if protection.wait_timer else None,
        "current_user_can_approve": may_approve(found, caller),
        "reviewers": [reviewer(run.repository, who) for who in protection.reviewers],
    }


def may_approve(found: Environment, caller: Account) -> bool:
    """Whether an account is a required reviewer, or in a team that is."""
    return any(
        who is caller or (isinstance(who, Team) and caller.login.lower() in who.members)
        for who in found.protection.reviewers
    )


def review(store: Store, run: WorkflowRun, made: Review) -> dict[str, Any]:
    """`environment-approvals`; environments that were deleted since are left out."""
    there = run.repository.environments.values()
    who = store.account(made.login)
    assert who is not None
    return {
        "environments": [
            {
                **_environment(run.repository, one),
                "created_at": iso(one.created_at),
                "updated_at": iso(one.updated_at),
            }
            for one in there
            if one.id in made.environments
        ],
        "state": made.state,
        "user": simple_user(who),
        "comment": made.comment,
    }


def deployment(run: WorkflowRun, found: Environment, creator: Account) -> dict[str, Any]:
    """`deployment`. Its id is that of the environment in this run; it has no route of its own."""
    number = run.id * 1000 + found.id
    url = api(f"/repos/{run.repository.full_name}/deployments/{number}")
    return {
        "id": number,
        "node_id": node_id("Deployment", number),
        "url": url,
        "sha": run.head_sha,
        "ref": run.head_branch,
        "task": "deploy",
        "payload": {},
        "original_environment": found.name,
        "environment": found.name,
        "description": None,
        "creator": simple_user(creator),
        "created_at": iso(run.created_at),
        "updated_at": iso(run.created_at),
        "statuses_url": f"{url}/statuses",
        "repository_url": api(f"/repos/{run.repository.full_name}"),
    }


def _environment(repository: Repository, found: Environment) -> dict[str, Any]:
    place = f"{repository.full_name}/deployments/activity_log"
    return {
        "id": found.id,
        "node_id": node_id("Environment", found.id),
        "name": found.name,
        "url": api(f"/repos/{repository.full_name}/environments/{name(found.name)}"),
        "html_url": f"{html(place)}?environments_filter={name(found.name)}",
    }
