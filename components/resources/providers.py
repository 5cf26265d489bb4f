"""The providers of a stack: one for GitHub, one for each AWS account; each is a process.

Deliberately absent: credentials. The plugins read them from the environment themselves, so that a
rotated token does not change the stack and its state contains no token.
"""

import os
from typing import Any

import pulumi
import pulumi_aws as aws

from components.model.stack import Account, StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName

#: Provider arguments that a stack may set in Pulumi.<stack>.yaml as `github:<key>`.
_TUNABLE = ("maxRetries", "parallelRequests", "readDelayMs", "retryDelayMs", "writeDelayMs")


class GitHubProvider(pulumi.ProviderResource):
    """pulumi-github's provider without the generated class's copy of GITHUB_TOKEN in its inputs."""

    def __init__(
        self, name: str, args: dict[str, Any], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("github", name, args, opts)


def github_provider(settings: StackSettings) -> GitHubProvider:
    """The provider for the stack's owner.

    It gets `github:writeDelayMs` and similar keys of the stack's configuration. Files of one branch
    depend on each other, so requests may run in parallel.
    """
    config = pulumi.Config("github")
    args: dict[str, Any] = {"owner": settings.owner}
    if base_url := os.environ.get("GITHUB_BASE_URL"):
        args["baseUrl"] = base_url
    elif settings.github.form != "github.com":
        # Without the path of an Enterprise Server's REST root, which the provider adds itself.
        args["baseUrl"] = settings.github.rest_url.removesuffix("api/v3/")
    args |= {key: value for key in _TUNABLE if (value := config.get_object(key)) is not None}
    return GitHubProvider("github", args)


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
