"""The declaration of packages, their deployment, and artifacts shared with other workflows."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from components.model.base import (
    Frozen,
    mistake,
    none_is_empty,
    null_is_false,
    null_is_no_item,
    or_none,
    present,
)
from components.model.ci import ExtraSteps, RunsOn, Scalar, TimeoutMinutes, unique_ids
from components.model.types import (
    ENVIRONMENTS,
    ArtifactName,
    BucketName,
    ConfigurationName,
    Directory,
    KeyArn,
    LambdaAlias,
    LambdaFunctionName,
    PackageName,
    PythonVersion,
    WorkflowReference,
)


class Package(Frozen):
    """How the package is built."""

    kind: Literal["lambda-zip", "wheel", "none"] = "lambda-zip"
    """A zip of the working directory, a wheel of its project, or nothing."""
    dependencies: Annotated[
        Literal["none", "vendored"] | None, BeforeValidator(lambda v: none_is_empty(v, "none"))
    ] = None
    """`vendored` puts the packages that requirements.txt names into the zip. Default: `none`, with
    a warning; an explicit `none` turns the warning off."""
    python_version: PythonVersion | None = None
    """Version of the Lambda's runtime, for which dependencies are chosen. Default: the newest of
    `python_versions`."""
    architecture: Literal["x86_64", "arm64"] = "x86_64"
    """The Lambda's architecture, for which dependencies are chosen."""
    before: ExtraSteps = ()
    """Steps with the role's credentials before the package is built, e.g. a login to a private
    index."""

    @model_validator(mode="after")
    def _vendored_into_a_zip(self) -> Self:
        if self.kind != "lambda-zip" and self.dependencies == "vendored":
            raise mistake(f"dependencies are vendored into a lambda-zip, not into {self.kind!r}")
        return self


class LambdaPackage(Package):
    """One of several packages of a repository: a folder that becomes a Lambda function's code."""

    working_directory: Directory
    """Folder of the function, from the root of the repository."""
    lambda_function: LambdaFunctionName | None = None
    """The Lambda function whose code is updated, in each environment's account. `{environment}` and
    `{repository}` in it are filled in; two of them may not update the same function."""
    alias: LambdaAlias | None = None
    """Alias that is moved to the version just published; made when missing. `{environment}` and
    `{repository}` in it are filled in."""

    @model_validator(mode="after")
    def _function_needs_a_zip(self) -> Self:
        if self.lambda_function and self.kind != "lambda-zip":
            raise mistake(f"a Lambda function takes a lambda-zip, not {self.kind!r}", "kind")
        if self.alias and not self.lambda_function:
            raise mistake("an alias belongs to a lambda_function: declare it, or remove alias")
        return self


class Deploy(Frozen):
    """The deployment of the package; nothing is deployed by default."""

    lambda_function: LambdaFunctionName | None = None
    """The Lambda function whose code is updated, in each environment's account. `{environment}` and
    `{repository}` in it are filled in; two of them may not update the same function."""

    alias: LambdaAlias | None = None
    """Alias that is moved to the version just published; made when missing. `{environment}` and
    `{repository}` in it are filled in."""

    command: str | None = Field(default=None, min_length=1)
    """A shell command that deploys. It reads the environment's variables and `env` as $NAME."""

    env: Annotated[dict[ConfigurationName, Scalar], BeforeValidator(present)] = Field(default={})
    """Environment variables of `command`, with GitHub's expressions as in a step's `env`:
    `DATABASE_URL: "${{ secrets.DATABASE_URL }}"`. The command gets only the secrets named
    here. A name here overrides the environment's variable of that name."""

    manual: Annotated[bool, null_is_false] = False
    """Whether the workflows can be run by hand with a commit of the branch to deploy again or to
    roll back to, under the same rules of the environment."""

    before: ExtraSteps = ()
    """Steps with the role's credentials and the built package, before it is deployed."""

    after: ExtraSteps = ()
    """Steps after a successful deployment."""

    runs_on: RunsOn | None = None
    """The deployment's own runner. Default: the repository's."""

    timeout_minutes: TimeoutMinutes | None = None
    """The deployment's own limit. Default: the repository's."""

    @field_validator("command")
    @classmethod
    def _no_expression(cls, value: str | None) -> str | None:
        """GitHub replaces an expression before the shell reads it, so its text becomes code."""
        if value is not None and "${{" in value:
            raise mistake(
                "an expression in a command becomes code before the shell reads it: put it into "
                "`deploy.env`, and read it as $NAME"
            )
        return value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.lambda_function and self.command:
            raise mistake("lambda_function and command given: a repository deploys one way")
        if self.env and not self.command:
            raise mistake("env is for `command`: declare it, or give steps their own", "env")
        if self.alias and not self.lambda_function:
            raise mistake("an alias belongs to a lambda_function: declare it, or remove alias")
        unique_ids(self.before, self.after)
        return self


class NoDeployment(Deploy):
    """`deploy: none`: the repository is checked and never deployed."""


def deploy_or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Read the word `none`; `null` means a deployment without declared keys."""
    return or_none(value, handler, NoDeployment())


class Download(Frozen):
    """An artifact of another workflow of the repository that a deployment needs."""

    workflow: WorkflowReference
    """File name of the workflow that uploads it; its last successful run on the environment's
    branch is taken."""
    artifact: ArtifactName
    """Name of the artifact. `{environment}` in it stands for dev, test or prod."""
    path: Directory
    """Folder that it is unpacked to."""


class EnvironmentKeys(Frozen):
    """KMS keys by environment; a key belongs to one account and region."""

    dev: KeyArn | None = None
    """ARN of the key of dev's bucket."""
    test: KeyArn | None = None
    """ARN of the key of test's bucket."""
    prod: KeyArn | None = None
    """ARN of the key of prod's bucket."""


def _one_or_each(value: Any) -> Any:
    """Expand a single ARN to the key of every environment's bucket."""
    return (
        dict.fromkeys(ENVIRONMENTS, value) if isinstance(value, str) else none_is_empty(value, {})
    )


class Artifacts(Frozen):
    """Packages kept for other workflows, and artifacts needed from other workflows."""

    s3_bucket: BucketName | None = None
    """An S3 bucket in each environment's account, beside GitHub's own artifacts. `{environment}`
    and `{repository}` in it are filled in."""

    kms_key: Annotated[
        EnvironmentKeys,
        BeforeValidator(_one_or_each, json_schema_input_type=KeyArn | EnvironmentKeys | None),
    ] = EnvironmentKeys()
    """ARN of the KMS key that the bucket encrypts with, one for all environments or one for each:
    the role may use it through S3. Default: S3's own encryption, which needs no right."""

    retention_days: Annotated[int, Field(strict=True, ge=1, le=400)] | None = None
    """Days that GitHub keeps a package. Default: 1, in the strict profile 30, as prod deploys the
    package of test after its approval. GitHub's limit is 90, for private repositories 400."""

    downloads: Annotated[tuple[Download, ...], null_is_no_item] = ()
    """Artifacts that each deployment needs."""


Packages = Annotated[
    dict[PackageName, LambdaPackage], BeforeValidator(lambda value: none_is_empty(value, {}))
]
