"""What a declared repository is: its environments and how it is built and deployed."""

import fnmatch
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from components.model.base import Frozen, mistake, none_is_empty
from components.model.environment import Branches, Environment, Environments
from components.model.names import role_name
from components.model.terms import (
    ENVIRONMENTS,
    BucketName,
    EnvironmentName,
    LambdaFunctionName,
    PythonVersion,
    RefPattern,
    RepositoryName,
)


def _or_default(value: Any) -> Any:
    return none_is_empty(value, {})


class Deploy(Frozen):
    """What a deployment does with the package; nothing when nothing is declared."""

    lambda_function: LambdaFunctionName | None = None
    """The Lambda function whose code is updated, in each environment's account."""

    command: str | None = Field(default=None, min_length=1)
    """A shell command that deploys."""

    @field_validator("command")
    @classmethod
    def _no_expression(cls, value: str | None) -> str | None:
        """An expression in a script is replaced before the shell reads it: text becomes code."""
        if value is not None and "${{" in value:
            raise mistake(
                "an expression in a command becomes code before the shell reads it: use the "
                "environment's variables and secrets, which the command has as $NAME"
            )
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.lambda_function and self.command:
            raise mistake("lambda_function and command given: a repository deploys one way")
        return self


class Artifacts(Frozen):
    """Where packages go for other workflows, beside GitHub's own artifacts."""

    s3_bucket: BucketName | None = None
    """An S3 bucket in each environment's account."""


class Repository(Frozen):
    """One repository as declared: the file's content over the stack's defaults."""

    repository: RepositoryName
    """The repository's name, without the owner."""

    branches: Annotated[Branches, BeforeValidator(_or_default)] = Branches()
    """The branch that triggers each environment's deployment."""

    python_versions: Annotated[
        tuple[PythonVersion, ...],
        BeforeValidator(lambda v: none_is_empty(v, ("3.10", "3.11", "3.12"))),
        Field(min_length=1),
    ] = ("3.10", "3.11", "3.12")
    """Python versions of the CI matrix, in quotes (YAML reads 3.10 as 3.1)."""

    environments: Annotated[Environments, BeforeValidator(_or_default)] = Environments()
    """The three environments."""

    deploy: Annotated[Deploy, BeforeValidator(_or_default)] = Deploy()
    """What a deployment does."""

    artifacts: Annotated[Artifacts, BeforeValidator(_or_default)] = Artifacts()
    """Where packages are stored for others."""

    @property
    def name(self) -> str:
        """The repository's name."""
        return self.repository

    def environment(self, name: EnvironmentName) -> Environment:
        """The environment of that name."""
        environment: Environment = getattr(self.environments, name)
        return environment

    def trigger_branch(self, name: EnvironmentName) -> str:
        """The branch whose push, or whose test run, deploys to the environment."""
        branch: str = getattr(self.branches, name)
        return branch

    def deployment_branches(self, name: EnvironmentName) -> tuple[RefPattern, ...]:
        """The branch patterns that the environment admits."""
        declared = self.environment(name).deployment_branches
        return (self.trigger_branch(name),) if declared is None else declared

    def role_name(self, owner: str, name: EnvironmentName) -> str:
        """The name of the environment's role, declared or derived."""
        return self.environment(name).role.name or role_name(owner, self.name, name)

    @model_validator(mode="after")
    def _prod_follows_test(self) -> Self:
        """The test workflow runs on its own branch only, and its runs are what triggers prod."""
        test, prod = self.branches.test, self.branches.prod
        if test != prod:
            raise mistake(
                f"{prod!r} is never tested: prod follows the test run of {test!r}, "
                "declare the same branch for both",
                "branches",
                "prod",
            )
        return self

    @model_validator(mode="after")
    def _environments_admit_their_trigger(self) -> Self:
        for name in ENVIRONMENTS:
            patterns, branch = self.deployment_branches(name), self.trigger_branch(name)
            if not any(admits(pattern, branch) for pattern in patterns):
                raise mistake(
                    f"{', '.join(patterns) or 'no pattern'} does not admit {branch!r}, the branch "
                    f"that deploys to {name}: add it (or change branches.{name})",
                    "environments",
                    name,
                    "deployment_branches",
                )
        return self


def admits(pattern: str, branch: str) -> bool:
    """Whether a deployment branch pattern matches a branch.

    GitHub uses Ruby's File.fnmatch with FNM_PATHNAME (docs.github.com: deployments and
    environments): `*` stops at a slash, so both sides are compared part by part.
    """
    wanted, parts = pattern.split("/"), branch.split("/")
    return len(wanted) == len(parts) and all(
        fnmatch.fnmatchcase(part, want) for part, want in zip(parts, wanted, strict=True)
    )
