"""Policies, variables, name and tags of one environment's role, for all callers alike."""

from typing import Any, Final

from components.documents.permissions import permissions_policy
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import EnvironmentName

#: Name of the inline policy that is derived from what the repository declares.
DERIVED: Final = "deploy"


def role_policies(
    settings: StackSettings, repository: Repository, environment: EnvironmentName
) -> dict[str, dict[str, Any]]:
    """The inline policies by name: the derived one, where one is needed, and the declared ones."""
    account = settings.account(environment)
    derived = permissions_policy(
        account_id=account.account_id,
        region=account.region,
        repository=repository.name,
        environment=environment,
        lambda_functions=list(repository.lambda_functions(environment).values()),
        artifact_bucket=repository.artifact_bucket(environment),
        artifact_key=repository.artifact_key(environment),
        moves_aliases=repository.moves_aliases,
        partition=account.partition,
    )
    declared = repository.environment(environment).role.inline_policies
    return ({DERIVED: derived} if derived else {}) | declared


def role_arn(settings: StackSettings, repository: Repository, environment: EnvironmentName) -> str:
    """The ARN that the role has or will have, from account, path and name."""
    account = settings.account(environment)
    role = repository.environment(environment).role
    name = repository.role_name(settings.owner, environment)
    return f"arn:{account.partition}:iam::{account.account_id}:role{role.path}{name}"


def environment_variables(
    settings: StackSettings, repository: Repository, environment: EnvironmentName
) -> dict[str, str]:
    """Every variable of an environment: its role and region, and the declared ones."""
    return {
        "AWS_ROLE_ARN": role_arn(settings, repository, environment),
        "AWS_REGION": settings.account(environment).region,
        **repository.environment(environment).variables,
    }


def role_description(
    settings: StackSettings, repository: Repository, environment: EnvironmentName
) -> str:
    """The description of the role that people read in AWS."""
    return f"Deployments of {settings.owner}/{repository.name} to {environment}, by GitHub Actions"


def role_tags(
    settings: StackSettings, repository: Repository, environment: EnvironmentName
) -> dict[str, str]:
    """The tags of the role: the stack's tags, its repository and its environment."""
    full_name = f"{settings.owner}/{repository.name}"
    own = {"managed-by": "slipway", "repository": full_name, "environment": environment}
    return settings.tags | own
