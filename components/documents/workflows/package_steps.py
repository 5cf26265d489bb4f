"""The steps of a deployment job that build, deploy and upload one package.

A repository with several packages has these steps once for each package, with the package's name
in the step's name.
"""

from dataclasses import dataclass
from typing import Final

from components.documents.workflows import deploy_scripts as scripts
from components.documents.workflows.actions import action
from components.documents.workflows.artifact_scripts import download
from components.documents.workflows.source import Source
from components.documents.workflows.steps import RenderedStep, declared, set_up_python
from components.documents.workflows.vendor_script import VENDOR_DEPENDENCIES, platform
from components.model.pipeline import BuiltPackage, Pipeline
from components.model.placeholders import fill
from components.model.types import EnvironmentName

#: The file that the standard's `zip` command writes.
ZIP: Final = "lambda-package.zip"
_REPOSITORY: Final = "${{ github.server_url }}/${{ github.repository }}"


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
        """Suffix that separates ids and outputs of several packages."""
        return f"-{self.package.name}" if self.package.name else ""

    @property
    def path(self) -> str:
        """Path of the uploaded files, from the root of the checkout."""
        folder = f"{self.package.directory}/" if self.package.directory else ""
        return f"{folder}{'dist/*.whl' if self.package.kind == 'wheel' else ZIP}"

    @property
    def location(self) -> str:
        """Location of the uploaded package, as an output of the job."""
        if self.pipeline.s3_bucket is None and self.pipeline.on_server:
            # Artifacts of an Enterprise Server have no address of their own.
            return f"{_REPOSITORY}/actions/runs/${{{{ github.run_id }}}}"
        if self.pipeline.s3_bucket is None:
            return f"${{{{ steps.artifact{self.suffix}.outputs.artifact-url }}}}"
        bucket = self._filled(self.pipeline.s3_bucket)
        end = "/" if self.package.kind == "wheel" else ".zip"
        commit = "${{ steps.checkout.outputs.commit }}"
        return f"s3://{bucket}/{self.repository}/{commit}/{self.artifact}{end}"

    def build(self) -> list[RenderedStep]:
        """Build the package, or download the tested one."""
        if self.package.kind == "none":
            return []
        return [self._tested()] if self.is_promoted else self._built()

    def deploy(self) -> list[RenderedStep]:
        """Update the function's code with the package; no step if no function is declared."""
        if self.package.lambda_function is None:
            return []
        env = {"LAMBDA_FUNCTION": self._filled(self.package.lambda_function)}
        script = scripts.DEPLOY_LAMBDA
        if self.package.alias is not None:
            env["LAMBDA_ALIAS"] = self._filled(self.package.alias)
            script += scripts.MOVE_ALIAS
        return [self._step(f"Deploy to {self.environment}", script, env=env)]

    def upload(self) -> list[RenderedStep]:
        """Upload the package for other workflows."""
        if self.package.kind == "none":
            return []
        title = "wheel" if self.package.kind == "wheel" else "Lambda package"
        artifact = RenderedStep(
            name=self._named(f"Upload {title} artifact"),
            id=f"artifact{self.suffix}",
            uses=action("actions/upload-artifact", self.pipeline),
            inputs={
                "name": self.artifact,
                "path": self.path,
                "retention-days": self.pipeline.retention_days,
                **({"if-no-files-found": "error"} if self.pipeline.strict else {}),
            },
        )
        if self.pipeline.s3_bucket is None:
            return [artifact]
        wheel = self.package.kind == "wheel"
        script = scripts.UPLOAD_WHEELS_TO_S3 if wheel else scripts.UPLOAD_TO_S3
        step = self._step(f"Upload {title} to S3", script, env={"LOCATION": self.location})
        return [artifact, step]

    @property
    def sets_up_python(self) -> bool:
        """Whether building it puts a version of Python first on PATH."""
        builds = self.package.kind == "wheel" or self.package.dependencies == "vendored"
        return builds and not self.is_promoted

    @property
    def is_promoted(self) -> bool:
        """Whether the package is the one that the test workflow built and deployed."""
        built = self.package.kind != "none"
        return built and self.pipeline.strict and self.environment == "prod"

    def _tested(self) -> RenderedStep:
        """Download the tested package instead of building it again; it is kept retention-days."""
        return download(
            self._named("Download the tested package"),
            self.artifact_of("test"),
            Source(self.pipeline, self.environment).tested_run,
            self.path.rpartition("/")[0] or ".",
            self.pipeline,
        )

    def _built(self) -> list[RenderedStep]:
        version = self.package.python_version or self.pipeline.newest_python
        python, before = set_up_python(version, self.pipeline), declared(self.package.before)
        if self.package.kind == "wheel":
            return [python, *before, self._step("Build wheel", scripts.BUILD_WHEEL)]
        build = self._step("Build Lambda package", scripts.BUILD_ZIP)
        if self.package.dependencies == "vendored":
            env = platform(self.package, version)
            vendor = self._step("Add dependencies", VENDOR_DEPENDENCIES, env=env)
            return [python, *before, build, vendor]
        if self.package.dependencies == "none":
            return [*before, build]
        warn = self._step("Look for requirements", scripts.WARN_OF_REQUIREMENTS)
        return [*before, build, warn]

    def _filled(self, name: str) -> str:
        return fill(name, environment=self.environment, repository=self.repository)

    def _named(self, name: str) -> str:
        return f"{name} ({self.package.name})" if self.package.name else name

    def _step(self, name: str, script: str, *, env: dict[str, str] | None = None) -> RenderedStep:
        return RenderedStep(
            name=self._named(name),
            env=env or {},
            directory=self.package.directory,
            run=script,
        )
