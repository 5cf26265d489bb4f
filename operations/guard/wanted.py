"""Every object that a stack's declaration asks for, in the words of findings."""

from collections.abc import Mapping

from components.documents.role import environment_variables, role_policies
from components.documents.workflows import workflow_branches
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.model.types import ENVIRONMENTS
from operations.diff import objects


def wanted_objects(stack: Stack, default_branches: Mapping[str, str]) -> set[tuple[str, str]]:
    """Repository and object of all that is declared; the repository is empty for an account's.

    Args:
        stack: the declaration.
        default_branches: of each repository that GitHub shows.
    """
    wanted = {
        (repository.name, name)
        for repository in stack.repositories
        for name in _objects(stack.settings, repository, default_branches.get(repository.name))
    }
    return wanted | {
        ("", objects.oidc_provider(account.account_id))
        for _, account in stack.settings.distinct_accounts()
        if account.oidc_provider == "create"
    }


def _objects(
    settings: StackSettings, repository: Repository, default_branch: str | None
) -> list[str]:
    found = []
    for name in ENVIRONMENTS:
        environment = repository.environment(name)
        role = repository.role_name(settings.owner, name)
        found += [objects.environment(name), objects.role(role)]
        found += [
            objects.branch_policy(name, "branch", pattern)
            for pattern in repository.deployment_branches(name)
        ]
        found += [
            objects.branch_policy(name, "tag", pattern) for pattern in environment.deployment_tags
        ]
        found += [
            objects.variable(name, variable.upper())
            for variable in environment_variables(settings, repository, name)
        ]
        # Others' secrets as well: a secret that becomes `external` is not to be deleted.
        found += [objects.secret(name, secret.upper()) for secret in environment.secrets]
        found += [
            objects.inline_policy(role, policy)
            for policy in role_policies(settings, repository, name)
        ]
        found += [objects.managed_policy(role, arn) for arn in environment.role.managed_policies]
    if default_branch is not None:
        placement = workflow_branches(repository, default_branch)
        found += [
            objects.workflow(file, on) for file, branches in placement.items() for on in branches
        ]
    return found
