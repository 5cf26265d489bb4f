"""The model of a declared repository: its environments and how it is built and deployed."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from components.model.actions import is_pinned
from components.model.base import mistake, none_is_empty
from components.model.ci import ExtraSteps, unique_ids
from components.model.defaults import Defaults
from components.model.environment import Environment, NoEnvironment
from components.model.names import role_name
from components.model.next_name import NextName
from components.model.packaging import NoDeployment, Package, Packages
from components.model.placeholders import fill
from components.model.ref_patterns import admits
from components.model.types import (
    BUCKET_NAME,
    ENVIRONMENTS,
    FUNCTION_NAME,
    Directory,
    EnvironmentName,
    RefPattern,
    RepositoryName,
)


def _one_or_several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else none_is_empty(value, ())


#: The values that `previously` accepts, for the JSON Schema.
_NamesInput = RepositoryName | list[RepositoryName] | None


class Repository(Defaults):
    """One repository as declared: the content of its file over the defaults of its stack."""

    repository: RepositoryName
    """The repository's name, without the owner."""

    working_directory: Directory | None = None
    """Folder that is checked and packaged. Default: the root of the repository."""

    packages: Packages = Field(default={})
    """Packages by name, each with its folder, for a repository with several packages. They replace
    `package`, `working_directory` and `deploy.lambda_function`."""

    previously: Annotated[
        tuple[RepositoryName, ...],
        BeforeValidator(_one_or_several, json_schema_input_type=_NamesInput),
    ] = ()
    """The former name or names of the repository: objects under these names are taken over."""

    next_name: NextName | None = None
    """The name after a planned rename, or OWNER@ID/NAME after a transfer: roles admit the subject
    with ids that GitHub will send then, so that no job is refused in between."""

    _declared_in: str = PrivateAttr("its declaration")

    @property
    def declared_in(self) -> str:
        """The file of this declaration and its stack, for messages."""
        return self._declared_in

    def read_from(self, stack: str, file: str) -> Self:
        """The same declaration with its stack and the name of its file."""
        copy = self.model_copy()
        copy._declared_in = f"stacks/{stack}/{file} (stack {stack})"  # noqa: SLF001 - the copy's
        return copy

    @property
    def name(self) -> str:
        """The repository's name."""
        return self.repository

    def environment(self, name: EnvironmentName) -> Environment:
        """The environment of that name."""
        environment: Environment = getattr(self.environments, name)
        return environment

    @property
    def environment_names(self) -> tuple[EnvironmentName, ...]:
        """The environments that the repository has; each has a role and a deployment."""
        return () if isinstance(self.deploy, NoDeployment) else self._wanted

    @property
    def workflow_names(self) -> tuple[EnvironmentName, ...]:
        """The environments whose workflow the repository has.

        Without deployments there is nothing for prod's: it would repeat the checks of test's.
        """
        without = isinstance(self.deploy, NoDeployment)
        return tuple(name for name in self._wanted if not (without and name == "prod"))

    @property
    def _wanted(self) -> tuple[EnvironmentName, ...]:
        return tuple(
            name for name in ENVIRONMENTS if not isinstance(self.environment(name), NoEnvironment)
        )

    def trigger_branch(self, name: EnvironmentName) -> str:
        """The branch whose push, or whose test run, deploys to the environment."""
        branch: str = getattr(self.branches, name)
        return branch

    @property
    def dev_branch(self) -> str | None:
        """The branch of dev's workflow, if the repository has one."""
        return self.branches.dev if "dev" in self.workflow_names else None

    @property
    def follows_default_branch(self) -> bool:
        """True if the declaration names the branch of neither test nor prod.

        Then the default branch deploys to both where there is no `main` (`model.branches`).
        """
        return not {"test", "prod"} & self.branches.model_fields_set

    def prod_branches(self, default_branch: str) -> frozenset[str]:
        """Branches whose push leads to prod: the branch of its code, and that of its workflow."""
        return frozenset({self.trigger_branch("prod"), default_branch})

    def deployment_branches(self, name: EnvironmentName) -> tuple[RefPattern, ...]:
        """The branch patterns that the environment admits."""
        declared = self.environment(name).deployment_branches
        return (self.trigger_branch(name),) if declared is None else declared

    def role_name(self, owner: str, name: EnvironmentName) -> str:
        """The name of the environment's role, declared or derived."""
        return self.environment(name).role.name or role_name(owner, self.name, name)

    def lambda_functions(self, environment: EnvironmentName) -> dict[tuple[str, ...], str]:
        """Every Lambda function that a deployment updates, by where it is declared."""
        declared = {("deploy", "lambda_function"): self.deploy.lambda_function} | {
            ("packages", name, "lambda_function"): package.lambda_function
            for name, package in self.packages.items()
        }
        return {path: self.filled(name, environment) for path, name in declared.items() if name}

    def artifact_bucket(self, environment: EnvironmentName) -> str | None:
        """The bucket that keeps the environment's packages."""
        name = self.artifacts.s3_bucket
        return None if name is None else self.filled(name, environment)

    def artifact_key(self, environment: EnvironmentName) -> str | None:
        """ARN of the KMS key that this bucket encrypts with, if it is a customer managed key."""
        key: str | None = getattr(self.artifacts.kms_key, environment)
        return key

    def filled(self, name: str, environment: EnvironmentName) -> str:
        """The name with the repository and the environment in it."""
        return fill(name, environment=environment, repository=self.name)

    @property
    def moves_aliases(self) -> bool:
        """True if a deployment moves an alias."""
        several = (package.alias for package in self.packages.values())
        return any((self.deploy.alias, *several))

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        """Prod needs test, whose run it follows, and a repository needs some workflow."""
        if "prod" in self._wanted and "test" not in self._wanted:
            text = "prod follows the test run, so a repository without test has no prod: declare "
            raise mistake(f"{text}`prod: none` as well", "environments", "test")
        if not self.workflow_names:
            kept = "dev or test" if isinstance(self.deploy, NoDeployment) else "an environment"
            raise mistake(f"nothing is left of the standard: keep {kept}", "environments")
        return self

    @model_validator(mode="after")
    def _was_another(self) -> Self:
        """A former name may differ only in case: GitHub ignores case, but Pulumi does not."""
        if self.repository in self.previously:
            text = f"{self.repository!r} is the repository's present name: give its former name"
            raise mistake(text, "previously")
        if self.next_name == self.repository:
            text = f"{self.next_name!r} is the repository's present name: remove it"
            raise mistake(text, "next_name")
        return self

    @model_validator(mode="after")
    def _one_package_or_several(self) -> Self:
        if self.packages:
            single = {
                "working_directory": self.working_directory is not None,
                "package": self.package != Package(),
                "deploy.lambda_function": self.deploy.lambda_function is not None,
            }
            if given := [key for key, there in single.items() if there]:
                text = f"{' and '.join(given)} given as well: each package has its own, move it"
                raise mistake(text, "packages")
            folders = [package.working_directory for package in self.packages.values()]
            if twice := sorted({folder for folder in folders if folders.count(folder) > 1}):
                text = f"{', '.join(twice)} is the folder of two packages: give each its own"
                raise mistake(text, "packages")
        elif self.deploy.lambda_function and self.package.kind != "lambda-zip":
            text = f"a Lambda function takes a lambda-zip, not {self.package.kind!r}"
            raise mistake(text, "package", "kind")
        return self

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        """AWS must accept each name after its placeholders were filled."""
        for environment in self.environment_names:
            names = {
                path: (name, FUNCTION_NAME)
                for path, name in self.lambda_functions(environment).items()
            }
            if (bucket := self.artifact_bucket(environment)) is not None:
                names["artifacts", "s3_bucket"] = (bucket, BUCKET_NAME)
            for path, (name, pattern) in names.items():
                if not re.fullmatch(pattern, name):
                    text = f"{name!r}, with its placeholders filled, is a name that AWS refuses"
                    raise mistake(f"{text}: give another", *path)
        return self

    @model_validator(mode="after")
    def _strict_pins(self) -> Self:
        """In the strict profile declared actions, steps and services must be pinned as well."""
        if self.profile != "strict":
            return self
        for action, version in self.actions.items():
            if not is_pinned(version):
                text = f"{version!r} is not pinned: the strict profile wants a commit id"
                raise mistake(text, "actions", action)
        for path, steps in self.extra_steps():
            for index, step in enumerate(steps):
                pinned = step.uses is None or re.search(r"^\./|@[0-9a-f]{40}$", step.uses)
                if not pinned:
                    text = f"{step.uses!r} is not pinned: the strict profile wants a commit id"
                    raise mistake(text, *path, str(index), "uses")
        for name, service in self.ci.tests.services.items():
            if "@sha256:" not in service.image:
                text = f"{service.image!r} is not pinned: the strict profile wants its digest"
                raise mistake(text, "ci", "tests", "services", name, "image")
        return self

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        """All steps except CI's are in the deployment's job, where their ids must differ."""
        seen: list[ExtraSteps] = [self.deploy.before, self.deploy.after]
        for path, steps in self._package_steps():
            seen.append(steps)
            unique_ids(*seen, at=path)
        return self

    def extra_steps(self) -> Iterator[tuple[tuple[str, ...], ExtraSteps]]:
        """Each list of declared steps with its path."""
        for name in ("lint", "security", "tests"):
            for when in ("before", "after"):
                yield ("ci", name, when), getattr(getattr(self.ci, name), when)
        yield from self._package_steps()
        yield ("deploy", "before"), self.deploy.before
        yield ("deploy", "after"), self.deploy.after

    def _package_steps(self) -> Iterator[tuple[tuple[str, ...], ExtraSteps]]:
        yield ("package", "before"), self.package.before
        for name, package in self.packages.items():
            yield ("packages", name, "before"), package.before

    @model_validator(mode="after")
    def _prod_follows_test(self) -> Self:
        """The test workflow runs only on its own branch, and its runs trigger prod."""
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
        """The branch that deploys must be admitted, as far as it is known without GitHub."""
        for name in self.environment_names:
            if name != "dev" and self.follows_default_branch:
                continue
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
