"""Register every repository of a stack as a component of its own."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.model.branches import as_found
from components.model.live import Live
from components.model.plan import as_offered
from components.model.stack import Stack
from components.model.types import EnvironmentName
from components.resources.bookkeeping import short_stack_traces
from components.resources.oidc_provider import oidc_providers
from components.resources.onboarded_repository import OnboardedRepository, OnboardedRepositoryArgs


def onboarded(
    stack: Stack,
    live: Live,
    secrets: Mapping[tuple[str, EnvironmentName, str], pulumi.Output[str]],
    aws: Mapping[EnvironmentName, pulumi.ProviderResource],
    opts: pulumi.ResourceOptions,
) -> dict[str, Any]:
    """The summary of each repository by name; for arguments see `OnboardedRepositoryArgs`."""
    accounts, summaries = oidc_providers(stack, aws), {}
    with short_stack_traces():
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
    return summaries
