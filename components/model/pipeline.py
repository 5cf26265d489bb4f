"""What the three workflow files depend on: the part of a declaration that they render."""

from typing import Self

from components.model.base import Frozen
from components.model.environment import Branches
from components.model.repository import Repository
from components.model.terms import ENVIRONMENTS, EnvironmentName


class Pipeline(Frozen):
    """How a repository is checked, packaged and deployed."""

    python_versions: tuple[str, ...]
    """Versions of the CI matrix."""
    branches: Branches
    """The branch that triggers each environment's deployment."""
    lambda_function: str | None
    """The function whose code is updated."""
    command: str | None
    """The shell command that deploys."""
    s3_bucket: str | None
    """The bucket that keeps packages."""
    secrets: dict[EnvironmentName, tuple[str, ...]]
    """Names of the secrets that each deployment may use."""
    variables: dict[EnvironmentName, tuple[str, ...]]
    """Names of the variables that each deployment may use."""
    session_seconds: dict[EnvironmentName, int]
    """How long each deployment's AWS session may last."""

    @classmethod
    def of(cls, repository: Repository) -> Self:
        """The pipeline of a declared repository."""
        environments = {name: repository.environment(name) for name in ENVIRONMENTS}
        return cls(
            python_versions=repository.python_versions,
            branches=repository.branches,
            lambda_function=repository.deploy.lambda_function,
            command=repository.deploy.command,
            s3_bucket=repository.artifacts.s3_bucket,
            secrets={name: tuple(env.secrets) for name, env in environments.items()},
            variables={name: tuple(env.variables) for name, env in environments.items()},
            session_seconds={
                name: env.role.max_session_seconds for name, env in environments.items()
            },
        )
