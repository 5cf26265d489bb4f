"""The deployment job of one environment: build the package, deploy it and upload it.

Only this job may request an id-token, and only it names the environment, whose rules GitHub checks
before the job starts. It requests credentials even if no deployment is declared: the first run then
shows that GitHub and AWS trust each other.
"""

from collections.abc import Sequence
from typing import Any, Final

from components.documents.workflows import deploy_scripts as scripts
from components.documents.workflows.actions import action
from components.documents.workflows.artifact_scripts import download as fetched
from components.documents.workflows.ci_jobs import CI_JOBS
from components.documents.workflows.commit_scripts import FIND_PRODUCER
from components.documents.workflows.emit import Explained, Inline
from components.documents.workflows.package_steps import PackageSteps
from components.documents.workflows.source import Source
from components.documents.workflows.steps import (
    RenderedStep,
    checkout,
    declared,
    in_url,
    runs_on,
    set_up_python,
)
from components.model.aws_partitions import DEFAULT_AUDIENCE
from components.model.packaging import Download
from components.model.pipeline import Pipeline
from components.model.types import EnvironmentName

#: The action's default session in seconds, which IAM grants every role.
_ONE_HOUR: Final = 3600


def deploy_job(
    packages: Sequence[PackageSteps],
    environment: EnvironmentName,
    pipeline: Pipeline,
    condition: str | None,
    source: Source,
) -> dict[str, Any]:
    """The job that deploys to the environment.

    Args:
        packages: the packages to build and deploy.
        environment: the target.
        pipeline: the resolved declaration.
        condition: its `if`, so that it runs even if CI jobs failed; None: after their success only.
        source: the commit to check out, and the checks of it.
    """
    content: dict[str, Any] = {
        "name": f"deploy-{environment}",
        "needs": list(CI_JOBS),
        "if": condition,
        "runs-on": runs_on(pipeline.deploy_runs_on or pipeline.runs_on),
        "timeout-minutes": pipeline.deploy_timeout_minutes or pipeline.timeout_minutes,
        "environment": environment,
        "permissions": _permissions(environment, pipeline),
        "concurrency": _concurrency(environment, pipeline),
        "outputs": _outputs(packages),
        "steps": [step.tree() for step in _steps(packages, environment, pipeline, source)],
    }
    return {key: value for key, value in content.items() if value not in (None, {})}


def _permissions(environment: EnvironmentName, pipeline: Pipeline) -> dict[str, Any]:
    permissions: dict[str, Any] = {
        "contents": Explained("read", "check out") if pipeline.strict else "read",
        "id-token": Explained("write", "the AWS role opens for this job only"),
    }
    if pipeline.downloads or (pipeline.strict and environment == "prod"):
        permissions["actions"] = Explained("read", "download artifacts of other runs")
    return permissions


def _concurrency(environment: EnvironmentName, pipeline: Pipeline) -> Inline | None:
    """Allow one deployment to production at a time, if deployments need no approval.

    A job that waits for approval holds its group (docs.github.com: control the concurrency of
    workflows and jobs): the newest commit could not be approved before the oldest is cancelled.
    For dev and test, whole runs wait for each other.
    """
    if environment != "prod" or pipeline.awaits_approval[environment]:
        return None
    return Inline({"group": f"deploy-{environment}", "cancel-in-progress": False})


def _outputs(packages: Sequence[PackageSteps]) -> dict[str, str]:
    outputs = {}
    for steps in packages:
        if steps.package.kind != "none":
            outputs[f"artifact-name{steps.suffix}"] = steps.artifact
            outputs[f"artifact-location{steps.suffix}"] = steps.location
    return outputs


def _steps(
    packages: Sequence[PackageSteps],
    environment: EnvironmentName,
    pipeline: Pipeline,
    source: Source,
) -> list[RenderedStep]:
    newest = set_up_python(pipeline.newest_python, pipeline)
    own_python = any(steps.sets_up_python for steps in packages)
    promoted = any(steps.is_promoted for steps in packages)
    return [
        checkout(pipeline, source.ref, history=pipeline.builds_wheels, id_="checkout"),
        *source.checks(),
        _credentials(environment, pipeline),
        *_downloads(environment, pipeline),
        # The command may use Python; packages that are built set up their own version.
        *([] if own_python or not pipeline.command else [newest]),
        *(source.test_run() if promoted else []),
        *(step for steps in packages for step in steps.build()),
        *declared(pipeline.before_deploy),
        *_deployments(packages, environment, pipeline),
        *declared(pipeline.after_deploy),
        *(step for steps in packages for step in steps.upload()),
    ]


def _credentials(environment: EnvironmentName, pipeline: Pipeline) -> RenderedStep:
    """Get the role's credentials, for longer than an hour if the role declares it.

    The audience is that of the account's partition of AWS.
    """
    seconds, audience = pipeline.session_seconds[environment], pipeline.audiences[environment]
    return RenderedStep(
        name="Configure AWS credentials",
        uses=action("aws-actions/configure-aws-credentials", pipeline),
        inputs={
            "role-to-assume": "${{ vars.AWS_ROLE_ARN }}",
            "aws-region": "${{ vars.AWS_REGION }}",
            **({} if audience == DEFAULT_AUDIENCE else {"audience": audience}),
            **({} if seconds == _ONE_HOUR else {"role-duration-seconds": seconds}),
        },
    )


def _downloads(environment: EnvironmentName, pipeline: Pipeline) -> list[RenderedStep]:
    """Find the run that has the artifact, and fetch it."""
    branch = getattr(pipeline.branches, environment)
    steps = []
    for index, download in enumerate(pipeline.downloads):
        steps += _download(download, f"producer-{index}", environment, branch, pipeline)
    return steps


def _download(
    download: Download, id_: str, environment: EnvironmentName, branch: str, pipeline: Pipeline
) -> list[RenderedStep]:
    artifact = download.artifact.replace("{environment}", environment)
    find = RenderedStep(
        name=f"Find the run of {download.workflow} with {artifact}",
        id=id_,
        env={
            "WORKFLOW": download.workflow,
            "BRANCH": in_url(branch),
            "GH_TOKEN": "${{ github.token }}",
        },
        run=FIND_PRODUCER,
    )
    run = f"${{{{ steps.{id_}.outputs.run }}}}"
    return [find, fetched(f"Download {artifact}", artifact, run, download.path, pipeline)]


def _deployments(
    packages: Sequence[PackageSteps], environment: EnvironmentName, pipeline: Pipeline
) -> list[RenderedStep]:
    """The declared deployment; its command gets the environment's variables and its own `env`."""
    name = f"Deploy to {environment}"
    steps = [step for package in packages for step in package.deploy()]
    if pipeline.command is not None:
        env = {key: f"${{{{ vars.{key} }}}}" for key in pipeline.variables[environment]}
        directory = packages[0].package.directory if len(packages) == 1 else None
        command = RenderedStep(
            name=name,
            env={**env, **pipeline.deploy_env[environment]},
            directory=directory,
            run=pipeline.command,
        )
        steps.append(command)
    return steps or [RenderedStep(name=name, run=scripts.DEPLOY_NOTHING)]
