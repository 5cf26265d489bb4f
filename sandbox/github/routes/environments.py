"""Deployment environments and their built-in protection rules."""

from typing import Annotated, Final, Literal

from flask import Response
from pydantic import Field

from sandbox.github import access, errors
from sandbox.github.accounts import Account, Team
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.environments import Environment, Protection
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import environments as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("environments", REPOSITORY)


class ReviewerBody(Body):
    """A reviewer by id."""

    type: Literal["User", "Team"]
    id: int


class DeploymentBranches(Body):
    """Which branches may deploy: exactly one of the two members is true."""

    protected_branches: bool
    custom_branch_policies: bool


class EnvironmentBody(Body):
    """All built-in rules of an environment; a missing member removes its rule."""

    wait_timer: Annotated[int, Field(ge=0, le=43_200)] = 0
    prevent_self_review: bool = False
    can_admins_bypass: bool = True
    reviewers: list[ReviewerBody] | None = None
    deployment_branch_policy: DeploymentBranches | None = None


#: Members that need GitHub Enterprise for a private repository, whatever their value is
#: (docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments, and
#: google/go-github#2602: on other plans a body may have `deployment_branch_policy` alone).
_ENTERPRISE: Final = {"wait_timer", "prevent_self_review", "can_admins_bypass", "reviewers"}
_MOST_REVIEWERS: Final = 6


@routes.get("/environments")
def list_environments() -> Response:
    """List environments.

    docs.github.com/rest/deployments/environments#list-environments
    """
    repository = access.place_of_environments()
    found = list(repository.environments.values())
    shown = [render.environment(repository, environment) for environment in page(found)]
    return answer({"total_count": len(found), "environments": shown})


@routes.get("/environments/<environment_name>")
def get_environment(environment_name: str) -> Response:
    """Get an environment.

    docs.github.com/rest/deployments/environments#get-an-environment
    """
    return answer(render.environment(*access.environment(environment_name)))


@routes.put("/environments/<environment_name>")
def create_or_update_environment(environment_name: str) -> Response:
    """Create or update an environment. GitHub drops reviewers without access to the repository.

    It reports no error, although "The reviewers must have at least read access to the repository."
    docs.github.com/rest/deployments/environments#create-or-update-an-environment
    """
    repository = access.place_of_environments(Permission.ADMIN)
    body = read(EnvironmentBody)
    protection = _protection(repository, body)
    found = repository.environments.get(environment_name.lower())
    if found is None:
        found = add_environment(repository, environment_name)
    # The body has no member for these rules: they stay.
    protection.further_rules = found.protection.further_rules
    found.protection = protection
    found.updated_at = now()
    if not protection.custom_branch_policies:
        found.policies.clear()
    return answer(render.environment(repository, found))


@routes.delete("/environments/<environment_name>")
def delete_environment(environment_name: str) -> Response:
    """Delete an environment with its secrets, variables and branch patterns.

    docs.github.com/rest/deployments/environments#delete-an-environment
    """
    repository, found = access.environment(environment_name, Permission.ADMIN)
    del repository.environments[found.name.lower()]
    return Response(status=204)


def add_environment(repository: Repository, name: str) -> Environment:
    """Add an environment without protection."""
    store = access.store()
    rules = ("wait_timer", "required_reviewers", "branch_policy")
    moment = now()
    found = Environment(
        id=store.next_id(),
        name=name,
        rule_ids={rule: store.next_id() for rule in rules},
        created_at=moment,
        updated_at=moment,
    )
    repository.environments[name.lower()] = found
    return found


def _protection(repository: Repository, body: EnvironmentBody) -> Protection:
    plan = repository.owner.plan
    if repository.private and plan != "enterprise" and body.model_fields_set & _ENTERPRISE:
        raise errors.unprocessable(
            "Failed to create the environment protection rule. Please ensure the billing plan "
            "supports the required reviewers protection rule."
        )
    if len(body.reviewers or ()) > _MOST_REVIEWERS:
        raise errors.unprocessable(f"reviewers can have at most {_MOST_REVIEWERS} reviewers")
    branches = body.deployment_branch_policy
    if branches and branches.protected_branches == branches.custom_branch_policies:
        raise errors.unprocessable(
            "protected_branches and custom_branch_policies cannot have the same value"
        )
    named = [_reviewer(repository, who) for who in body.reviewers or ()]
    reviewers = tuple(who for who in named if _may_read(repository, who))
    return Protection(
        wait_timer=body.wait_timer,
        # It is a member of the rule for reviewers, which does not exist without reviewers.
        prevent_self_review=bool(reviewers) and body.prevent_self_review,
        can_admins_bypass=body.can_admins_bypass,
        reviewers=reviewers,
        custom_branch_policies=branches.custom_branch_policies if branches else None,
    )


def _reviewer(repository: Repository, who: ReviewerBody) -> Account | Team:
    found: Account | Team | None = None
    if who.type == "Team":
        pair = access.store().team_by_id(who.id)
        found = pair[1] if pair is not None and pair[0] is repository.owner else None
    else:
        account = access.store().account_by_id(who.id)
        found = account if account is not None and account.kind == "User" else None
    if found is None:
        raise errors.unprocessable(f"Validation failed: reviewer {who.type} {who.id} was not found")
    return found


def _may_read(repository: Repository, who: Account | Team) -> bool:
    """Whether a reviewer may read the repository. A team needs a grant even for a public one."""
    if isinstance(who, Team):
        return who.granted(repository.id) is not Permission.NONE
    return access.store().permission(who.login, repository) is not Permission.NONE
