"""Collect the values of declared secrets, and refuse empty ones.

The model holds names only. Values come from the stack's configuration
(`pulumi config set --secret --path 'secrets.REPOSITORY.ENVIRONMENT.NAME'`) or from the source that
the declaration names. Deliberately absent: any output of a value, in a message or in a log.
"""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from pydantic import SecretStr

from components.config.configured_secrets import config_path, undeclared_values, values_in_clear
from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.model.environment import SecretSource
from components.model.stack import Account
from components.model.types import EnvironmentName

#: GitHub's limit for one secret's value, in bytes (docs.github.com: using secrets).
MAX_BYTES: Final = 48 * 1024

Secrets = Mapping[tuple[str, EnvironmentName, str], SecretStr]
"""Values by repository, environment and name."""


class AwsSource(Protocol):
    """Reads values from the environment's AWS account."""

    def secretsmanager(self, account: Account, name: str) -> str | None:
        """The value of a Secrets Manager secret, or None."""

    def ssm(self, account: Account, name: str) -> str | None:
        """The value of an SSM parameter, or None."""


def collect_secrets(files: StackFiles, configured: str | None, aws: AwsSource) -> Secrets:
    """Every declared secret's value.

    Args:
        files: the declarations.
        configured: the JSON text of the configuration key `secrets`, None when there is none.
        aws: reads the declared AWS sources.

    Raises:
        ConfigurationError: for every secret whose value is missing, empty or too long, every
            configured value of a declared repository that its declaration does not name, and
            every one that is not encrypted.
    """
    tree = json.loads(configured) if configured else {}
    values: dict[tuple[str, EnvironmentName, str], SecretStr] = {}
    problems: list[Problem] = []
    for repository, environment, name, source in files.stack.managed_secrets():
        account = files.stack.settings.account(environment)
        keys = [(key, environment, name) for key in (repository.name, *repository.previously)]
        value = _value(tree, keys, source, account, aws)
        path = ("environments", environment, "secrets", name)
        if reason := _refusal(value):
            remedy = _remedy(files, repository.name, environment, name, source)
            remedy += _former_name(tree, files, (environment, name))
            problems.append(files.problem(repository, path, f"secret {name} {reason}: {remedy}"))
        else:
            values[repository.name, environment, name] = SecretStr(str(value))
    problems += undeclared_values(files, tree)
    problems += values_in_clear(files)
    if problems:
        raise ConfigurationError(problems)
    return values


def _former_name(tree: Any, files: StackFiles, rest: tuple[str, str]) -> str:
    """Suggest `previously` if there is a value under a name that the repository may have had."""
    known = {repository.name.lower() for repository in files.stack.repositories}
    names = [key for key in tree if key.lower() not in known and _leaf(tree, (key, *rest))]
    return f"; or say `previously: {names[0]}`, if that was its name" if names else ""


def _value(
    tree: Any,
    keys: Sequence[tuple[str, EnvironmentName, str]],
    source: SecretSource,
    account: Account,
    aws: AwsSource,
) -> Any:
    if source.env is not None:
        return os.environ.get(source.env)
    if source.secretsmanager is not None:
        return aws.secretsmanager(account, source.secretsmanager)
    if source.ssm is not None:
        return aws.ssm(account, source.ssm)
    values = (_leaf(tree, key) for key in keys)
    return next((value for value in values if value is not None), None)


def _leaf(tree: Any, path: Sequence[str]) -> Any:
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def _refusal(value: Any) -> str | None:
    if value is None:
        return "has no value"
    if not isinstance(value, str):
        return "is not text"
    if not value.strip():
        return "is empty"
    if len(value.encode()) > MAX_BYTES:
        return f"is longer than GitHub's {MAX_BYTES} bytes"
    return None


def _remedy(
    files: StackFiles, repository: str, environment: str, name: str, source: SecretSource
) -> str:
    if source.env is not None:
        return f"export {source.env}"
    if source.secretsmanager is not None:
        return f"put it into Secrets Manager as {source.secretsmanager}"
    if source.ssm is not None:
        return f"put it into SSM as {source.ssm}"
    path = config_path((repository, environment, name))
    return f"run pulumi config set --secret --stack {files.stack.name} --path '{path}'"
