"""The part of a declaration that the three workflow files show, with all defaults resolved."""

import re
from typing import Any, Final, Self

from components.model.aws_partitions import DEFAULT_AUDIENCE
from components.model.base import Frozen
from components.model.ci import Ci, CiJob, ExtraSteps, Scalar
from components.model.environment import Branches
from components.model.packaging import Download, Package
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName

#: A secret in an expression.
_SECRET: Final = re.compile(r"\bsecrets\.([A-Za-z_]\w*)")
_STRICT_RETENTION_DAYS = 30


class BuiltPackage(Package):
    """One package of the repository, with its deployment."""

    name: str | None
    """Its name among several; None when it is the only one."""
    directory: str | None
    """Its folder; None for the root."""
    lambda_function: str | None
    """The function that it is deployed to."""
    alias: str | None
    """The alias that follows the function's new version."""


class Pipeline(Frozen):
    """The checks, packages and deployments of a repository."""

    declared_in: str
    """The file that declares the repository and its stack, for people."""
    workflows: tuple[EnvironmentName, ...]
    """The environments whose workflow the repository has."""
    environments: tuple[EnvironmentName, ...]
    """The environments that a workflow deploys to; the others' have CI only."""
    strict: bool
    """Whether the profile is `strict`."""
    python_versions: tuple[str, ...]
    """Versions of the CI matrix."""
    branches: Branches
    """The branch that triggers each environment's deployment."""
    actions: dict[str, str]
    """Declared versions of actions by name."""
    runs_on: tuple[str, ...]
    """Runner's labels for jobs without their own."""
    timeout_minutes: int | None
    """Limit for jobs without their own."""
    ci: Ci
    """The CI jobs; `blocking` is resolved."""
    packages: tuple[BuiltPackage, ...]
    """Packages to build; at least one, though its kind may be `none`."""
    command: str | None
    """The shell command that deploys."""
    deploy_env: dict[EnvironmentName, dict[str, Scalar]]
    """The command's own variables, besides the environment's variables."""
    manual: bool
    """Whether the workflows can be run by hand."""
    before_deploy: ExtraSteps
    """Steps before the deployment."""
    after_deploy: ExtraSteps
    """Steps after it."""
    deploy_runs_on: tuple[str, ...] | None
    """Runner's labels of the deployment."""
    deploy_timeout_minutes: int | None
    """Limit of the deployment."""
    s3_bucket: str | None
    """The bucket that keeps packages."""
    retention_days: int
    """Days that GitHub keeps packages."""
    downloads: tuple[Download, ...]
    """Artifacts of other workflows that a deployment needs."""
    variables: dict[EnvironmentName, tuple[str, ...]]
    """Names of the environment's variables, which its deployment's command reads."""
    awaits_approval: dict[EnvironmentName, bool]
    """Whether each deployment needs an approval."""
    session_seconds: dict[EnvironmentName, int]
    """How long each deployment's AWS session may last."""
    audiences: dict[EnvironmentName, str]
    """The audience of the id-token by which each deployment gets its AWS session."""
    on_server: bool
    """Whether an Enterprise Server runs the workflows."""

    @property
    def newest_python(self) -> str:
        """The newest version of the matrix."""
        return max(self.python_versions, key=lambda version: int(version.split(".")[1]))

    @property
    def blocks(self) -> bool:
        """Whether findings of any CI job stop the deployment."""
        return any(job.blocking for job in (self.ci.lint, self.ci.security, self.ci.tests))

    @property
    def builds_wheels(self) -> bool:
        """Whether a package is a wheel, whose version may come from git."""
        return any(package.kind == "wheel" for package in self.packages)

    @classmethod
    def of(cls, repository: Repository, settings: StackSettings | None) -> Self:
        """The pipeline of a declared repository.

        Args:
            repository: the declaration.
            settings: of its stack; None for github.com and the partition `aws`.
        """
        strict = repository.profile == "strict"
        environments = {name: repository.environment(name) for name in ENVIRONMENTS}
        deploy, artifacts = repository.deploy, repository.artifacts
        default_days = _STRICT_RETENTION_DAYS if strict else 1
        return cls(
            declared_in=repository.declared_in,
            workflows=repository.workflow_names,
            environments=repository.environment_names,
            strict=strict,
            python_versions=repository.python_versions,
            branches=repository.branches,
            actions=dict(repository.actions),
            runs_on=repository.runs_on,
            timeout_minutes=repository.timeout_minutes,
            ci=_resolved(repository.ci, strict=strict),
            packages=_packages(repository),
            command=deploy.command,
            deploy_env={name: _command_env(repository, name) for name in ENVIRONMENTS},
            manual=deploy.manual,
            before_deploy=deploy.before,
            after_deploy=deploy.after,
            deploy_runs_on=deploy.runs_on,
            deploy_timeout_minutes=deploy.timeout_minutes,
            s3_bucket=artifacts.s3_bucket,
            retention_days=artifacts.retention_days or default_days,
            downloads=artifacts.downloads,
            variables={name: tuple(env.variables) for name, env in environments.items()},
            awaits_approval={name: bool(env.reviewers.names) for name, env in environments.items()},
            session_seconds={
                name: env.role.max_session_seconds for name, env in environments.items()
            },
            audiences={
                name: settings.account(name).audience if settings else DEFAULT_AUDIENCE
                for name in ENVIRONMENTS
            },
            on_server=settings is not None and settings.github.is_server,
        )


def _command_env(repository: Repository, environment: EnvironmentName) -> dict[str, Scalar]:
    """The command's variables, without those that use a secret of other environments only.

    In this environment the expression would be an empty text. A secret that no environment declares
    stays: it is a mistake, or belongs to the repository or the organisation.
    """
    secrets = {
        name: {secret.upper() for secret in repository.environment(name).secrets}
        for name in ENVIRONMENTS
    }
    others = set().union(*secrets.values()) - secrets[environment]
    return {
        name: value
        for name, value in repository.deploy.env.items()
        if not others & {found.upper() for found in _SECRET.findall(str(value))}
    }


def _resolved(ci: Ci, *, strict: bool) -> Ci:
    """The jobs; the profile decides `blocking` where the declaration does not."""

    def decided(job: CiJob) -> dict[str, bool]:
        return {"blocking": strict if job.blocking is None else job.blocking}

    jobs = {"lint": ci.lint, "security": ci.security, "tests": ci.tests}
    return ci.model_copy(
        update={name: job.model_copy(update=decided(job)) for name, job in jobs.items()}
    )


def _packages(repository: Repository) -> tuple[BuiltPackage, ...]:
    """All packages of the repository, even if it declares a single one."""
    if not repository.packages:
        single = BuiltPackage(
            **_declared_fields(repository.package),
            name=None,
            directory=repository.working_directory,
            lambda_function=repository.deploy.lambda_function,
            alias=repository.deploy.alias,
        )
        return (single,)
    return tuple(
        BuiltPackage(
            **_declared_fields(package),
            name=name,
            directory=package.working_directory,
            lambda_function=package.lambda_function,
            alias=package.alias,
        )
        for name, package in repository.packages.items()
    )


def _declared_fields(package: Package) -> dict[str, Any]:
    """Only the declared fields of a package: a default None would count as an explicit `null`."""
    names = package.model_fields_set & Package.model_fields.keys()
    return {name: getattr(package, name) for name in names}
