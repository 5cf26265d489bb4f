"""What the three workflow files depend on: the part of a declaration that they render, resolved."""

from typing import Self

from components.model.base import Frozen
from components.model.ci import Ci, CiJob, ExtraSteps
from components.model.environment import Branches
from components.model.packaging import Download, Package
from components.model.repository import Repository
from components.model.terms import ENVIRONMENTS, EnvironmentName

#: What a job runs on, and how long it may take.
_STRICT_RETENTION_DAYS = 30


class BuiltPackage(Package):
    """One package of the repository, and what becomes of it."""

    name: str | None
    """Its name among several; None when it is the only one."""
    directory: str | None
    """Its folder; None for the root."""
    lambda_function: str | None
    """The function whose code it becomes."""
    alias: str | None
    """The alias that follows the function's new version."""


class Pipeline(Frozen):
    """How a repository is checked, packaged and deployed."""

    strict: bool
    """Whether the profile is `strict`."""
    python_versions: tuple[str, ...]
    """Versions of the CI matrix."""
    branches: Branches
    """The branch that triggers each environment's deployment."""
    runs_on: tuple[str, ...]
    """Runner's labels of a job that has none of its own."""
    timeout_minutes: int | None
    """Limit of a job that has none of its own."""
    ci: Ci
    """The CI jobs; `blocking` is resolved."""
    packages: tuple[BuiltPackage, ...]
    """What is built; at least one, though its kind may be `none`."""
    command: str | None
    """The shell command that deploys."""
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
    secrets: dict[EnvironmentName, tuple[str, ...]]
    """Names of the secrets that each deployment may use."""
    variables: dict[EnvironmentName, tuple[str, ...]]
    """Names of the variables that each deployment may use."""
    session_seconds: dict[EnvironmentName, int]
    """How long each deployment's AWS session may last."""

    @property
    def newest_python(self) -> str:
        """The newest version of the matrix."""
        return max(self.python_versions, key=lambda version: int(version.split(".")[1]))

    @property
    def blocks(self) -> bool:
        """Whether findings of some CI job stop the deployment."""
        return any(job.blocking for job in (self.ci.lint, self.ci.security, self.ci.tests))

    @classmethod
    def of(cls, repository: Repository) -> Self:
        """The pipeline of a declared repository."""
        strict = repository.profile == "strict"
        environments = {name: repository.environment(name) for name in ENVIRONMENTS}
        deploy, artifacts = repository.deploy, repository.artifacts
        default_days = _STRICT_RETENTION_DAYS if strict else 1
        return cls(
            strict=strict,
            python_versions=repository.python_versions,
            branches=repository.branches,
            runs_on=repository.runs_on,
            timeout_minutes=repository.timeout_minutes,
            ci=_resolved(repository.ci, strict=strict),
            packages=_packages(repository),
            command=deploy.command,
            before_deploy=deploy.before,
            after_deploy=deploy.after,
            deploy_runs_on=deploy.runs_on,
            deploy_timeout_minutes=deploy.timeout_minutes,
            s3_bucket=artifacts.s3_bucket,
            retention_days=artifacts.retention_days or default_days,
            downloads=artifacts.downloads,
            secrets={name: tuple(env.secrets) for name, env in environments.items()},
            variables={name: tuple(env.variables) for name, env in environments.items()},
            session_seconds={
                name: env.role.max_session_seconds for name, env in environments.items()
            },
        )


def _resolved(ci: Ci, *, strict: bool) -> Ci:
    """The jobs with `blocking` as the profile has it, where the declaration says nothing."""

    def decided(job: CiJob) -> dict[str, bool]:
        return {"blocking": strict if job.blocking is None else job.blocking}

    return Ci(
        lint=ci.lint.model_copy(update=decided(ci.lint)),
        security=ci.security.model_copy(update=decided(ci.security)),
        tests=ci.tests.model_copy(update=decided(ci.tests)),
    )


def _packages(repository: Repository) -> tuple[BuiltPackage, ...]:
    """Each package by itself, whether the repository declares one or several."""
    if not repository.packages:
        single = BuiltPackage(
            **repository.package.model_dump(),
            name=None,
            directory=repository.working_directory,
            lambda_function=repository.deploy.lambda_function,
            alias=repository.deploy.alias,
        )
        return (single,)
    return tuple(
        BuiltPackage(
            **package.model_dump(exclude={"working_directory"}),
            name=name,
            directory=package.working_directory,
        )
        for name, package in repository.packages.items()
    )
