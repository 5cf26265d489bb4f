"""Deployment branch policies: which branches and tags may deploy to an environment."""

from typing import Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.environments import BranchPolicy, Environment
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import environments as render
from sandbox.github.render.urls import api, name
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("branch_policies", REPOSITORY)

_LIST = "/environments/<environment_name>/deployment-branch-policies"
_ONE = f"{_LIST}/<int:branch_policy_id>"


class NewPolicy(Body):
    """A name pattern, for branches or for tags."""

    name: str
    type: Literal["branch", "tag"] = "branch"


class PolicyName(Body):
    """A new name pattern."""

    name: str


@routes.get(_LIST)
def list_branch_policies(environment_name: str) -> Response:
    """List deployment branch policies.

    docs.github.com/rest/deployments/branch-policies#list-deployment-branch-policies
    """
    _, environment = _custom(environment_name, Permission.PULL)
    # Branches come before tags: the provider's own tests expect this from GitHub.
    found = sorted(environment.policies.values(), key=lambda policy: (policy.type, policy.id))
    shown = [render.branch_policy(policy) for policy in page(found)]
    return answer({"total_count": len(found), "branch_policies": shown})


@routes.post(_LIST)
def create_branch_policy(environment_name: str) -> Response:
    """Create a deployment branch policy. If it exists already, the answer is 303 with its address.

    docs.github.com/rest/deployments/branch-policies#create-a-deployment-branch-policy
    """
    repository, environment = _custom(environment_name, Permission.ADMIN)
    body = read(NewPolicy)
    for policy in environment.policies.values():
        if (policy.name, policy.type) == (body.name, body.type):
            place = f"{repository.full_name}/environments/{name(environment.name)}"
            raise errors.see_other(api(f"/repos/{place}/deployment-branch-policies/{policy.id}"))
    policy = BranchPolicy(access.store().next_id(), body.name, body.type)
    environment.policies[policy.id] = policy
    return answer(render.branch_policy(policy))


@routes.get(_ONE)
def get_branch_policy(environment_name: str, branch_policy_id: int) -> Response:
    """Get a deployment branch policy.

    docs.github.com/rest/deployments/branch-policies#get-a-deployment-branch-policy
    """
    _, environment = _custom(environment_name, Permission.PULL)
    return answer(render.branch_policy(_policy(environment, branch_policy_id)))


@routes.put(_ONE)
def update_branch_policy(environment_name: str, branch_policy_id: int) -> Response:
    """Update a deployment branch policy: only the pattern, the type stays.

    docs.github.com/rest/deployments/branch-policies#update-a-deployment-branch-policy
    """
    _, environment = _custom(environment_name, Permission.ADMIN)
    policy = _policy(environment, branch_policy_id)
    policy.name = read(PolicyName).name
    return answer(render.branch_policy(policy))


@routes.delete(_ONE)
def delete_branch_policy(environment_name: str, branch_policy_id: int) -> Response:
    """Delete a deployment branch policy.

    docs.github.com/rest/deployments/branch-policies#delete-a-deployment-branch-policy
    """
    _, environment = _custom(environment_name, Permission.ADMIN)
    del environment.policies[_policy(environment, branch_policy_id).id]
    return Response(status=204)


def _custom(environment_name: str, need: Permission) -> tuple[Repository, Environment]:
    """An environment with custom branch policies; 404 for any other."""
    repository, found = access.environment(environment_name, need)
    if not found.protection.custom_branch_policies:
        raise errors.not_found()
    return repository, found


def _policy(environment: Environment, policy_id: int) -> BranchPolicy:
    found = environment.policies.get(policy_id)
    if found is None:
        raise errors.not_found()
    return found
