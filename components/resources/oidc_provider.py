"""GitHub's OIDC provider in one AWS account, created or looked up.

AWS allows one provider per account and issuer, so exactly one stack makes it and the others use
it. Thumbprints are not set: AWS checks GitHub's certificates against its own roots (IAM User
Guide: create an OIDC identity provider).
"""

import re
from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from components.model.stack import Stack, StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName

#: Messages of the AWS provider, and of IAM, for a missing OIDC provider.
_ABSENT: Final = re.compile("NoSuchEntity|couldn't find resource|empty result", re.IGNORECASE)


class OidcProviderArgs(TypedDict):
    """How the account gets its provider."""

    arn: str
    """ARN that the provider has or will have."""
    issuer: str
    """The issuer, without https://."""
    audience: str
    """The audience of its id-tokens."""
    existing: bool
    """Whether another stack, or an administrator, made it already."""
    tags: NotRequired[Mapping[str, str]]
    """Tags of a provider that is made here."""


class OidcProvider(pulumi.ComponentResource):
    """The provider whose id-tokens the account's roles trust."""

    arn: pulumi.Output[str]
    """ARN of the provider."""

    def __init__(
        self, name: str, args: OidcProviderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:aws:OidcProvider", name, None, opts)
        if args["existing"]:
            # This fails the run if the provider is missing, before a role could trust it.
            found = aws.iam.get_open_id_connect_provider_output(
                arn=args["arn"], opts=pulumi.InvokeOutputOptions(parent=self)
            )
            self.arn = found.arn
        else:
            made = aws.iam.OpenIdConnectProvider(
                name,
                url=f"https://{args['issuer']}",
                client_id_lists=[args["audience"]],
                tags=dict(args.get("tags", {})),
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.arn = made.arn
        self.register_outputs({"arn": self.arn})


def live_provider_tags(
    settings: StackSettings, providers: Mapping[EnvironmentName, pulumi.ProviderResource]
) -> dict[str, Mapping[str, str] | None]:
    """Tags of each account's provider by account id, read before anything is made.

    None if there is none. An account that refuses the request is absent: its first resource will
    report the reason.
    """
    found: dict[str, Mapping[str, str] | None] = {}
    for environment, account in settings.distinct_accounts():
        options = pulumi.InvokeOptions(provider=providers[environment])
        try:
            live = aws.iam.get_open_id_connect_provider(arn=account.oidc_provider_arn, opts=options)
            found[account.account_id] = live.tags or {}
        except Exception as error:  # noqa: BLE001 - the SDK raises a bare Exception for any refusal
            if _ABSENT.search(str(error)):
                found[account.account_id] = None
    return found


def oidc_providers(
    stack: Stack, providers: Mapping[EnvironmentName, pulumi.ProviderResource]
) -> dict[str, OidcProvider]:
    """The provider of each account of the stack, by account id."""
    settings = stack.settings
    made: dict[str, OidcProvider] = {}
    for environment in ENVIRONMENTS:
        account = settings.account(environment)
        if account.account_id not in made:
            made[account.account_id] = OidcProvider(
                f"oidc-{account.account_id}",
                {
                    "arn": account.oidc_provider_arn,
                    "issuer": account.issuer,
                    "audience": account.audience,
                    "existing": account.oidc_provider == "existing",
                    "tags": settings.tags | stack.own_provider_tags,
                },
                pulumi.ResourceOptions(providers=[providers[environment]]),
            )
    return made
