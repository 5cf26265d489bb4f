"""Register every repository of a stack as a component of its own.

For a repository that is offboarded, only the pull requests that remove its files are registered:
Pulumi deletes all other resources, because they are not registered any more.
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.documents.delivery import removal_body, removal_title
from components.model.branches import as_found
from components.model.delivery import ByPullRequest
from components.model.live import Live
from components.model.plan import as_offered
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import EnvironmentName
from components.resources.bookkeeping import no_stack_traces
from components.resources.oidc_provider import oidc_providers
from components.resources.onboarded_repository import OnboardedRepository, OnboardedRepositoryArgs
from components.resources.workflow_removal import Commit, WorkflowRemoval, WorkflowRemovalArgs


def onboarded(  # noqa: PLR0913 - what the program has read
    stack: Stack,
    live: Live,
    secrets: Mapping[tuple[str, EnvironmentName, str], pulumi.Output[str]],
    aws: Mapping[EnvironmentName, pulumi.ProviderResource],
    opts: pulumi.ResourceOptions,
    *,
    delete: Commit,
) -> dict[str, Any]:
    """The summary of each repository by name.

    Args:
        stack: the declaration.
        live: see `OnboardedRepositoryArgs`.
        secrets: see `OnboardedRepositoryArgs`.
        aws: see `OnboardedRepositoryArgs`.
        opts: options of each component.
        delete: see `WorkflowRemoval`.
    """
    accounts, summaries = oidc_providers(stack, aws), {}
    with no_stack_traces():
        for declared in stack.repositories:
            repository = as_found(declared, live.repositories[declared.name])
            args: OnboardedRepositoryArgs = {
                "settings": stack.settings,
                "repository": as_offered(repository, live.offered(repository.name)),
                "live": live,
                "secrets": secrets,
                "aws": aws,
                "oidc_providers": accounts,
            }
            summaries[repository.name] = OnboardedRepository(repository.name, args, opts).summary
        for leaving in stack.leaving:
            for branch, found in live.leaving.get(leaving.name, {}).items():
                if found.opens:
                    removal = _removal(stack.settings.owner, leaving, branch, found)
                    WorkflowRemoval(f"{leaving.name}-{found.head}", removal, opts, delete=delete)
    return summaries


def _removal(
    owner: str, repository: Repository, branch: str, found: ByPullRequest
) -> WorkflowRemovalArgs:
    return {
        "owner": owner,
        "repository": repository.name,
        "branch": branch,
        "head": found.head,
        "head_exists": found.head_exists,
        "number": found.number,
        "paths": [f".github/workflows/{file}" for file in found.pending],
        "title": removal_title(branch),
        "body": removal_body(repository, branch, found.pending, found.content),
    }
