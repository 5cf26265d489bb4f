"""The providers of a stack: one for GitHub, one for each AWS account; each is a process.

Deliberately absent: credentials. The plugins read them from the environment themselves, so that a
rotated token does not change the stack and its state contains no token.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pulumi_aws as aws

from components.model.github_host import GitHubHost
from components.model.stack import Account, StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.resources.bookkeeping import without_stack_traces

#: Provider arguments that a stack may set in Pulumi.<stack>.yaml as `github:<key>`.
_TUNABLE = ("maxRetries", "parallelRequests", "readDelayMs", "retryDelayMs", "writeDelayMs")


class GitHubProvider(pulumi.ProviderResource):
    """pulumi-github's provider without the generated class's copy of GITHUB_TOKEN in its inputs."""

    def __init__(
        self, name: str, args: dict[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("github", name, args, opts)


@without_stack_traces()
def github_provider(settings: StackSettings) -> GitHubProvider:
    """The provider for the stack's owner.

    It gets `github:writeDelayMs` and similar keys of the stack's configuration. Files of one branch
    depend on each other, so requests may run in parallel.
    """
    config = pulumi.Config("github")
    args: dict[str, Any] = {"owner": settings.owner}
    if base_url := _base_url(settings.github):
        args["baseUrl"] = base_url
    args |= {key: value for key in _TUNABLE if (value := config.get_object(key)) is not None}
    return GitHubProvider("github", args)


def _base_url(github: GitHubHost) -> str | None:
    """The address as the provider takes it; None for github.com, which is its default.

    GITHUB_BASE_URL is checked before (config/github_address): it names this GitHub in any spelling,
    of which the provider would take some for a server's, or the sandbox.
    """
    given = os.environ.get("GITHUB_BASE_URL")
    if given and urlsplit(given).hostname not in github.host_names:
        return given
    if given or github.form != "github.com":
        # The provider adds the path of a server's REST root itself.
        return github.rest_url.removesuffix("api/v3/")
    return None


@without_stack_traces()
def aws_providers(settings: StackSettings) -> dict[EnvironmentName, aws.Provider]:
    """The provider of each environment; environments of one account and role share one."""
    made: dict[tuple[str, str | None], aws.Provider] = {}
    providers: dict[EnvironmentName, aws.Provider] = {}
    for environment in ENVIRONMENTS:
        account = settings.account(environment)
        key = (account.account_id, account.assume_role)
        if key not in made:
            made[key] = _aws_provider(f"aws-{environment}", account)
        providers[environment] = made[key]
    return providers


def _aws_provider(name: str, account: Account) -> aws.Provider:
    """A provider that refuses to touch any other account than the declared one."""
    roles = None
    if account.assume_role:
        roles = [aws.ProviderAssumeRoleArgs(role_arn=account.assume_role, session_name="slipway")]
    return aws.Provider(
        name,
        region=account.region,
        allowed_account_ids=[account.account_id],
        assume_roles=roles,
    )
