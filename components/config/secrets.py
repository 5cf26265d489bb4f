"""Collect the values of declared secrets, refuse empty ones, and keep them out of sight.

The model holds names only. Values come from the stack's configuration
(`pulumi config set --secret --path 'secrets.REPOSITORY.ENVIRONMENT.NAME'`) or from the source that
the declaration names. Nothing here writes a value anywhere: not to a message, not to a log.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from pydantic import SecretStr

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import read_document
from components.model.environment import SecretSource
from components.model.repository import Repository
from components.model.stack import Account
from components.model.terms import ENVIRONMENTS, EnvironmentName

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
        aws: where declared AWS sources are read.

    Raises:
        ConfigurationError: for every secret whose value is missing, empty or too long, every
            configured value that no declaration names, and every one that is not encrypted.
    """
    tree = json.loads(configured) if configured else {}
    values: dict[tuple[str, EnvironmentName, str], SecretStr] = {}
    problems: list[Problem] = []
    for repository, environment, name, source in declared_secrets(files):
        account = files.stack.settings.account(environment)
        keys = [(key, environment, name) for key in (repository.name, *repository.previously)]
        value = _value(tree, keys, source, account, aws)
        path = ("environments", environment, "secrets", name)
        if reason := _refusal(value):
            remedy = _remedy(files, repository.name, environment, name, source)
            problems.append(files.problem(repository, path, f"secret {name} {reason}: {remedy}"))
        else:
            values[repository.name, environment, name] = SecretStr(str(value))
    problems += _undeclared(files, tree)
    problems += _in_clear(files)
    if problems:
        raise ConfigurationError(problems)
    return values


def declared_secrets(
    files: StackFiles,
) -> Iterator[tuple[Repository, EnvironmentName, str, SecretSource]]:
    """Each secret whose value slipway writes: repository, environment, name and source."""
    for repository in files.stack.repositories:
        for environment in ENVIRONMENTS:
            for name, source in repository.environment(environment).managed_secrets.items():
                yield repository, environment, name, source


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


def config_path(keys: tuple[str, ...]) -> str:
    """The `--path` of a secret; a key with a dot goes into brackets (pulumi: config set)."""
    parts = (f'["{key}"]' if "." in key else f".{key}" for key in keys)
    return "secrets" + "".join(parts)


def _undeclared(files: StackFiles, tree: Any) -> Iterator[Problem]:
    """A value that nothing uses is a typing mistake or a leftover; both want to be known."""
    declared = {
        (key, str(environment), name)
        for repository, environment, name, _ in declared_secrets(files)
        for key in (repository.name, *repository.previously)
    }
    for path in _leaves(tree, ()):
        if path not in declared:
            file = f"Pulumi.{files.stack.name}.yaml"
            text = (
                "no declaration names this secret: add it to the environment's `secrets`, or run "
                f"pulumi config rm --stack {files.stack.name} --path '{config_path(path)}'"
            )
            yield Problem(file, 0, ".".join(("secrets", *path)), text)


def _in_clear(files: StackFiles) -> Iterator[Problem]:
    """A value set without --secret is in clear in a file that is committed."""
    path = files.folder.parent / f"Pulumi.{files.stack.name}.yaml"
    if not path.exists():
        return
    document = read_document(path)
    for key, tree in document.data.get("config", {}).items():
        if key.endswith(":secrets"):
            for leaf in _leaves(tree, ()):
                if leaf[-1] != "secure":
                    text = "is in clear: change it, then set the new value with --secret"
                    yield document.problem(("config", key, *leaf), text)


def _leaves(tree: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, (*path, str(key)))
    elif path:
        yield path
