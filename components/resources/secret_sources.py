"""Read secret values from Pulumi's configuration and from AWS.

The values stay in memory. The engine decrypts configured values; the provider of the environment's
account reads AWS values, in a preview too, so that a missing value stops the run early.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi.runtime.config import get_config
from pydantic import SecretStr

from components.model.stack import Account, StackSettings
from components.model.types import EnvironmentName


def configured_secrets() -> str | None:
    """The JSON text of this project's configuration key `secrets`.

    It is read as text, as `Config.require_object` would return nested secrets as plain values; the
    caller wraps each leaf.
    """
    configured: str | None = get_config(f"{pulumi.get_project()}:secrets")
    return configured


class AwsSecrets:
    """Reads Secrets Manager and SSM in the accounts of a stack."""

    def __init__(
        self,
        settings: StackSettings,
        providers: Mapping[EnvironmentName, pulumi.ProviderResource],
    ) -> None:
        """Use the provider of the first environment that names an account."""
        self._providers = {
            account.account_id: providers[environment]
            for environment, account in settings.distinct_accounts()
        }

    def secretsmanager(self, account: Account, name: str) -> str | None:
        """The current value of a secret, or None if AWS returns none."""
        return self._value(
            lambda options: (
                aws.secretsmanager.get_secret_version(
                    secret_id=name, region=account.region, opts=options
                ).secret_string
            ),
            account,
        )

    def ssm(self, account: Account, name: str) -> str | None:
        """The decrypted value of a parameter, or None if AWS returns none."""
        return self._value(
            lambda options: (
                aws.ssm.get_parameter(
                    name=name, with_decryption=True, region=account.region, opts=options
                ).value
            ),
            account,
        )

    def _value(self, read: Any, account: Account) -> str | None:
        options = pulumi.InvokeOptions(provider=self._providers[account.account_id])
        try:
            value = read(options)
        except Exception as error:  # noqa: BLE001 - the SDK raises a bare Exception for any refusal
            pulumi.log.warn(f"account {account.account_id}: {_first_line(error)}")
            return None
        return None if value is None else str(value)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def hidden(
    secrets: Mapping[tuple[str, EnvironmentName, str], SecretStr],
) -> dict[tuple[str, EnvironmentName, str], pulumi.Output[str]]:
    """Values as secret outputs, which the engine encrypts wherever it writes them."""
    return {key: pulumi.Output.secret(value.get_secret_value()) for key, value in secrets.items()}
