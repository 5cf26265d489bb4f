"""The deployment job of one environment: package, deploy, hand the package on.

It alone may ask for an id-token, and it alone names the environment, whose rules GitHub checks
before the job starts. Credentials are asked for even where nothing is declared to be deployed: the
first run then shows that GitHub and AWS trust each other.
"""

from typing import Any, Final

from components.documents.workflows import scripts
from components.documents.workflows.emit import Explained
from components.documents.workflows.steps import Step, checkout
from components.model.pipeline import Pipeline
from components.model.terms import EnvironmentName

PACKAGE: Final = "lambda-package.zip"


def artifact_name(environment: EnvironmentName) -> str:
    """The name under which other jobs and workflows download the package."""
    return f"lambda-package-{environment}"


def deploy_job(
    repository: str,
    environment: EnvironmentName,
    pipeline: Pipeline,
    condition: str,
    ref: str | None,
) -> Explained:
    """The job that deploys to the environment.

    Args:
        repository: its packages are below this name in the bucket.
        environment: where to.
        pipeline: what the declaration says.
        condition: when it runs, although CI jobs may have failed.
        ref: what to check out; None for the triggering commit.
    """
    steps = [
        checkout(ref),
        *([] if ref is None else [_COMPARE]),
        _credentials(pipeline.session_seconds[environment]),
        Step(name="Build Lambda package", run=scripts.BUILD_PACKAGE),
        _deploy(environment, pipeline),
        *_uploads(repository, environment, pipeline),
    ]
    job: dict[str, Any] = {
        "name": f"deploy-{environment}",
        "needs": ["python-lint", "python-security", "python-tests"],
        "if": condition,
        "runs-on": "ubuntu-latest",
        "environment": environment,
        "permissions": {
            "contents": "read",
            "id-token": Explained("write", "the AWS role opens for this job only"),
        },
        "concurrency": Explained(
            {"group": f"deploy-{environment}", "cancel-in-progress": False},
            "Two deployments never overlap. The one that runs finishes; of those that wait GitHub\n"
            "keeps the newest.",
        ),
        "outputs": {
            "artifact-name": artifact_name(environment),
            "artifact-location": "${{ steps.location.outputs.location }}",
        },
        "steps": [step.tree() for step in steps],
    }
    return Explained(job, f"Deploys to {environment}, whatever the jobs above have found.")


_COMPARE: Final = Step(
    name="Compare with the tested commit",
    why="The branch may have moved on since the test run that triggered this one.",
    env={"TESTED": "${{ github.event.workflow_run.head_sha }}"},
    run=scripts.COMPARE_WITH_TESTED,
)
#: What the action asks for by itself, in seconds, and what IAM grants every role.
_ONE_HOUR: Final = 3600


def _credentials(seconds: int) -> Step:
    """The role's credentials, for longer than an hour where the role is declared so."""
    return Step(
        name="Configure AWS credentials",
        uses="aws-actions/configure-aws-credentials@v4",
        inputs={
            "role-to-assume": "${{ vars.AWS_ROLE_ARN }}",
            "aws-region": "${{ vars.AWS_REGION }}",
            **({} if seconds == _ONE_HOUR else {"role-duration-seconds": seconds}),
        },
    )


def _deploy(environment: EnvironmentName, pipeline: Pipeline) -> Step:
    """The declared deployment with the environment's secrets and variables."""
    name = f"Deploy to {environment}"
    values = {name: f"${{{{ vars.{name} }}}}" for name in pipeline.variables[environment]}
    values |= {name: f"${{{{ secrets.{name} }}}}" for name in pipeline.secrets[environment]}
    if pipeline.lambda_function is not None:
        values["LAMBDA_FUNCTION"] = pipeline.lambda_function
        return Step(name=name, env=values, run=scripts.DEPLOY_LAMBDA)
    if pipeline.command is not None:
        return Step(name=name, env=values, run=pipeline.command)
    return Step(name=name, run=scripts.DEPLOY_NOTHING)


def _uploads(repository: str, environment: EnvironmentName, pipeline: Pipeline) -> list[Step]:
    """Hand the package on to other workflows, and say where it is."""
    github = Step(
        name="Upload Lambda package artifact",
        id="artifact",
        uses="actions/upload-artifact@v4",
        inputs={"name": artifact_name(environment), "path": PACKAGE, "retention-days": 1},
    )
    url = {"ARTIFACT_URL": "${{ steps.artifact.outputs.artifact-url }}"}
    if pipeline.s3_bucket is None:
        export = Step(
            name="Export the package's location", id="location", env=url, run=scripts.EXPORT_URL
        )
        return [github, export]
    target = f"s3://{pipeline.s3_bucket}/{repository}"
    s3 = Step(
        name="Upload Lambda package to S3",
        id="location",
        env={"TARGET": target, "ARTIFACT_NAME": artifact_name(environment)},
        run=scripts.UPLOAD_TO_S3,
    )
    return [github, s3]
