"""The deployment job of one environment: package, deploy, hand the package on.

It alone may ask for an id-token, and it alone names the environment, whose rules GitHub checks
before the job starts. Credentials are asked for even where nothing is declared to be deployed: the
first run then shows that GitHub and AWS trust each other.
"""

from collections.abc import Sequence
from typing import Any, Final

from components.documents.workflows import deploy_scripts as scripts
from components.documents.workflows.actions import action
from components.documents.workflows.ci_jobs import CI_JOBS
from components.documents.workflows.emit import Explained
from components.documents.workflows.package_steps import PackageSteps
from components.documents.workflows.steps import Step, checkout, declared, in_url, runs_on
from components.model.packaging import Download
from components.model.pipeline import Pipeline
from components.model.terms import EnvironmentName

#: What the action asks for by itself, in seconds, and what IAM grants every role.
_ONE_HOUR: Final = 3600


def deploy_job(
    packages: Sequence[PackageSteps],
    environment: EnvironmentName,
    pipeline: Pipeline,
    condition: str | None,
    ref: str | None,
) -> Explained:
    """The job that deploys to the environment.

    Args:
        packages: what is built and deployed.
        environment: where to.
        pipeline: what the declaration says.
        condition: when it runs, although CI jobs may have failed; after their success, if None.
        ref: what to check out; None for the triggering commit.
    """
    content: dict[str, Any] = {
        "name": f"deploy-{environment}",
        "needs": list(CI_JOBS),
        "if": condition,
        "runs-on": runs_on(pipeline.deploy_runs_on or pipeline.runs_on),
        "timeout-minutes": pipeline.deploy_timeout_minutes or pipeline.timeout_minutes,
        "environment": environment,
        "permissions": _permissions(environment, pipeline),
        "concurrency": Explained(
            {"group": f"deploy-{environment}", "cancel-in-progress": False},
            "Two deployments never overlap. The one that runs finishes; of those that wait GitHub\n"
            "keeps the newest.",
        ),
        "outputs": _outputs(packages),
        "steps": [step.tree() for step in _steps(packages, environment, pipeline, ref)],
    }
    job = {key: value for key, value in content.items() if value not in (None, {})}
    after = "once the jobs above succeeded" if pipeline.blocks else "whatever the jobs above found"
    return Explained(job, f"Deploys to {environment}, {after}.")


def _permissions(environment: EnvironmentName, pipeline: Pipeline) -> dict[str, Any]:
    permissions: dict[str, Any] = {
        "contents": Explained("read", "check out") if pipeline.strict else "read",
        "id-token": Explained("write", "the AWS role opens for this job only"),
    }
    if pipeline.downloads or (pipeline.strict and environment == "prod"):
        permissions["actions"] = Explained("read", "download artifacts of other runs")
    return permissions


def _outputs(packages: Sequence[PackageSteps]) -> dict[str, str]:
    outputs = {}
    for steps in packages:
        if steps.package.kind != "none":
            location = f"${{{{ steps.location{steps.suffix}.outputs.location }}}}"
            outputs[f"artifact-name{steps.suffix}"] = steps.artifact
            outputs[f"artifact-location{steps.suffix}"] = location
    return outputs


def _steps(
    packages: Sequence[PackageSteps],
    environment: EnvironmentName,
    pipeline: Pipeline,
    ref: str | None,
) -> list[Step]:
    names = {name: f"${{{{ vars.{name} }}}}" for name in pipeline.variables[environment]}
    names |= {name: f"${{{{ secrets.{name} }}}}" for name in pipeline.secrets[environment]}
    moves = ref is not None and not pipeline.strict
    return [
        checkout(ref, strict=pipeline.strict),
        *([_COMPARE] if moves else []),
        *([_ORDER] if ref is not None and pipeline.strict else []),
        *([] if _all_block(pipeline) else [_REPEAT]),
        _credentials(pipeline.session_seconds[environment], strict=pipeline.strict),
        *_downloads(environment, pipeline),
        *(step for steps in packages for step in steps.build()),
        *declared(pipeline.before_deploy),
        *_deployments(packages, environment, pipeline, names),
        *declared(pipeline.after_deploy),
        *(step for steps in packages for step in steps.upload()),
    ]


def _all_block(pipeline: Pipeline) -> bool:
    return all(job.blocking for job in (pipeline.ci.lint, pipeline.ci.security, pipeline.ci.tests))


_REPEAT: Final = Step(
    name="Repeat what CI found",
    env={"NEEDS": "${{ toJSON(needs) }}"},
    run=scripts.REPEAT_FINDINGS,
)
_ORDER: Final = Step(
    name="Compare with what is deployed",
    why="A test run that is repeated would bring its old commit back.",
    env={
        "TESTED": "${{ github.event.workflow_run.head_sha }}",
        "WORKFLOW": "python-prd.yml",
        "GH_TOKEN": "${{ github.token }}",
    },
    run=scripts.CHECK_ORDER,
)
_COMPARE: Final = Step(
    name="Compare with the tested commit",
    why="The branch may have moved on since the test run that triggered this one.",
    env={"TESTED": "${{ github.event.workflow_run.head_sha }}"},
    run=scripts.COMPARE_WITH_TESTED,
)


def _credentials(seconds: int, *, strict: bool) -> Step:
    """The role's credentials, for longer than an hour where the role is declared so."""
    return Step(
        name="Configure AWS credentials",
        uses=action("aws-actions/configure-aws-credentials", pinned=strict),
        inputs={
            "role-to-assume": "${{ vars.AWS_ROLE_ARN }}",
            "aws-region": "${{ vars.AWS_REGION }}",
            **({} if seconds == _ONE_HOUR else {"role-duration-seconds": seconds}),
        },
    )


def _downloads(environment: EnvironmentName, pipeline: Pipeline) -> list[Step]:
    """Find the run that has the artifact, and fetch it."""
    branch = getattr(pipeline.branches, environment)
    steps = []
    for index, download in enumerate(pipeline.downloads):
        steps += _download(download, f"producer-{index}", environment, branch, pipeline)
    return steps


def _download(
    download: Download, id_: str, environment: EnvironmentName, branch: str, pipeline: Pipeline
) -> list[Step]:
    artifact = download.artifact.replace("{environment}", environment)
    find = Step(
        name=f"Find the run of {download.workflow} with {artifact}",
        id=id_,
        env={
            "WORKFLOW": download.workflow,
            "BRANCH": in_url(branch),
            "GH_TOKEN": "${{ github.token }}",
        },
        run=scripts.FIND_PRODUCER,
    )
    fetch = Step(
        name=f"Download {artifact}",
        uses=action("actions/download-artifact", pinned=pipeline.strict),
        inputs={
            "name": artifact,
            "path": download.path,
            "run-id": f"${{{{ steps.{id_}.outputs.run }}}}",
            "github-token": "${{ github.token }}",
        },
    )
    return [find, fetch]


def _deployments(
    packages: Sequence[PackageSteps],
    environment: EnvironmentName,
    pipeline: Pipeline,
    env: dict[str, str],
) -> list[Step]:
    """The declared deployment with the environment's secrets and variables."""
    name = f"Deploy to {environment}"
    steps = [step for package in packages for step in package.deploy(env)]
    if pipeline.command is not None:
        directory = packages[0].package.directory if len(packages) == 1 else None
        steps.append(Step(name=name, env=env, directory=directory, run=pipeline.command))
    return steps or [Step(name=name, run=scripts.DEPLOY_NOTHING)]
