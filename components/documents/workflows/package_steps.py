"""How one package is built, measured, deployed and handed on, as steps of a deployment job.

A repository with several packages has these steps once for each, with the package's name behind
the step's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from components.documents.workflows import deploy_scripts as scripts
from components.documents.workflows.actions import action
from components.documents.workflows.steps import Step, set_up_python
from components.model.pipeline import BuiltPackage, Pipeline
from components.model.placeholders import fill
from components.model.terms import EnvironmentName

#: The file that the standard's zip line makes.
ZIP: Final = "lambda-package.zip"


@dataclass(frozen=True)
class PackageSteps:
    """The steps of one package in one environment's deployment."""

    package: BuiltPackage
    pipeline: Pipeline
    environment: EnvironmentName
    repository: str

    @property
    def artifact(self) -> str:
        """The name under which other jobs and workflows download the package."""
        return self.artifact_of(self.environment)

    def artifact_of(self, environment: EnvironmentName) -> str:
        """The artifact's name in an environment: the standard's {artifact-type}-{environment}."""
        kind = "wheel" if self.package.kind == "wheel" else "lambda-package"
        several = f"-{self.package.name}" if self.package.name else ""
        return f"{kind}{several}-{environment}"

    @property
    def suffix(self) -> str:
        """What keeps ids and outputs of several packages apart."""
        return f"-{self.package.name}" if self.package.name else ""

    @property
    def path(self) -> str:
        """What is uploaded, from the root of the checkout."""
        folder = f"{self.package.directory}/" if self.package.directory else ""
        return f"{folder}{'dist/*.whl' if self.package.kind == 'wheel' else ZIP}"

    def build(self) -> list[Step]:
        """Build the package, or take the one that was tested."""
        if self.package.kind == "none":
            return []
        steps = [self._tested()] if self._is_promoted else list(self._built())
        if self.package.lambda_function is not None:
            steps.append(self._step("Check the package's size", scripts.CHECK_SIZE))
        return steps

    def deploy(self, env: dict[str, str]) -> list[Step]:
        """Make the package the function's code; nothing where no function is declared."""
        if self.package.lambda_function is None:
            return []
        env = {"LAMBDA_FUNCTION": self._filled(self.package.lambda_function), **env}
        script = scripts.DEPLOY_LAMBDA
        if self.package.alias is not None:
            env = {"LAMBDA_ALIAS": self._filled(self.package.alias), **env}
            script += scripts.MOVE_ALIAS
        return [self._step(f"Deploy to {self.environment}", script, env=env)]

    def upload(self) -> list[Step]:
        """Hand the package on to other workflows, and say where it is."""
        if self.package.kind == "none":
            return []
        title = "wheel" if self.package.kind == "wheel" else "Lambda package"
        artifact = Step(
            name=self._named(f"Upload {title} artifact"),
            id=f"artifact{self.suffix}",
            uses=action("actions/upload-artifact", pinned=self.pipeline.strict),
            inputs={
                "name": self.artifact,
                "path": self.path,
                "retention-days": self.pipeline.retention_days,
                **({"if-no-files-found": "error"} if self.pipeline.strict else {}),
            },
        )
        if self.pipeline.s3_bucket is None:
            url = f"${{{{ steps.artifact{self.suffix}.outputs.artifact-url }}}}"
            step = Step(
                name=self._named("Export the package's location"),
                id=f"location{self.suffix}",
                env={"ARTIFACT_URL": url},
                run=scripts.EXPORT_URL,
            )
            return [artifact, step]
        target = f"s3://{self._filled(self.pipeline.s3_bucket)}/{self.repository}"
        wheel = self.package.kind == "wheel"
        step = self._step(
            f"Upload {title} to S3",
            scripts.UPLOAD_WHEELS_TO_S3 if wheel else scripts.UPLOAD_TO_S3,
            id_=f"location{self.suffix}",
            env={"TARGET": target, "ARTIFACT_NAME": self.artifact},
        )
        return [artifact, step]

    @property
    def _is_promoted(self) -> bool:
        """Whether the package is the one that the test workflow built and deployed."""
        return self.pipeline.strict and self.environment == "prod"

    def _tested(self) -> Step:
        return Step(
            name=self._named("Download the tested package"),
            why="What was tested is deployed, not built again. It is kept for retention-days.",
            uses=action("actions/download-artifact", pinned=True),
            inputs={
                "name": self.artifact_of("test"),
                "path": self.path.rpartition("/")[0] or ".",
                "run-id": "${{ github.event.workflow_run.id }}",
                "github-token": "${{ github.token }}",
            },
        )

    def _built(self) -> Sequence[Step]:
        version = self.package.python_version or self.pipeline.newest_python
        python = set_up_python(version, strict=self.pipeline.strict)
        if self.package.kind == "wheel":
            return python, self._step("Build wheel", scripts.BUILD_WHEEL)
        build = self._step("Build Lambda package", scripts.BUILD_ZIP)
        if self.package.dependencies == "none":
            return (build,)
        machine = "aarch64" if self.package.architecture == "arm64" else "x86_64"
        env = {"PYTHON": version, "MACHINE": machine}
        vendor = self._step("Add dependencies", scripts.VENDOR_DEPENDENCIES, env=env)
        return python, build, vendor

    def _filled(self, name: str) -> str:
        return fill(name, environment=self.environment, repository=self.repository)

    def _named(self, name: str) -> str:
        return f"{name} ({self.package.name})" if self.package.name else name

    def _step(
        self, name: str, script: str, *, id_: str | None = None, env: dict[str, str] | None = None
    ) -> Step:
        return Step(
            name=self._named(name),
            id=id_,
            env=env or {},
            directory=self.package.directory,
            run=script,
        )
