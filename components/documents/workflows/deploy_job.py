"""The deployment job of one environment: package, deploy, hand the package on.

It alone may ask for an id-token, and it alone names the environment, whose rules GitHub checks
before the job starts.
"""

from typing import Any

from components.documents.workflows.ci_jobs import Step, checkout
from components.documents.workflows.emit import COMMENT
from components.documents.workflows.scripts import (
    BUILD_PACKAGE,
    DEPLOY_LAMBDA,
    EXPORT,
    NOTHING_TO_DEPLOY,
    UPLOAD_S3,
)
from components.model.pipeline import Pipeline
from components.model.terms import EnvironmentName


def deploy_job(
    repository: str,
    environment: EnvironmentName,
    pipeline: Pipeline,
    condition: str,
    ref: str | None,
) -> dict[str, Any]:
    """The job that deploys to the environment.

    Args:
        repository: its packages are below this name in the bucket.
        environment: where to.
        pipeline: what the declaration says.
        condition: when it runs, although CI jobs may have failed.
        ref: what to check out; None for the triggering commit.
    """
    return {
        COMMENT: f"Deploys to {environment}, whatever the jobs above have found.",
        "needs": ["python-lint", "python-security", "python-tests"],
        "if": condition,
        "runs-on": "ubuntu-latest",
        "environment": environment,
        "permissions": {"contents": "read", "id-token": "write"},
        "concurrency": {"group": f"deploy-{environment}", "cancel-in-progress": False},
        "outputs": {
            "artifact-name": f"lambda-package-{environment}",
            "artifact-location": "${{ steps.export.outputs.location }}",
        },
        "steps": [
            checkout(ref),
            *_credentials(pipeline),
            {"name": "Build Lambda package", "run": BUILD_PACKAGE},
            _deploy(pipeline, environment),
            {
                "name": "Upload Lambda package artifact",
                "id": "upload",
                "uses": "actions/upload-artifact@v4",
                "with": {
                    "name": f"lambda-package-{environment}",
                    "path": "lambda-package.zip",
                    "retention-days": 1,
                },
            },
            *_upload_to_s3(repository, environment, pipeline),
            _export(pipeline),
        ],
    }


def _credentials(pipeline: Pipeline) -> list[Step]:
    """Assume the environment's role, where a step calls AWS."""
    if not pipeline.needs_aws:
        return []
    return [
        {
            "name": "Configure AWS credentials",
            "uses": "aws-actions/configure-aws-credentials@v4",
            "with": {
                "role-to-assume": "${{ vars.AWS_ROLE_ARN }}",
                "aws-region": "${{ vars.AWS_REGION }}",
            },
        }
    ]


def _deploy(pipeline: Pipeline, environment: EnvironmentName) -> Step:
    """The declared deployment with the environment's secrets and variables."""
    if pipeline.lambda_function is None and pipeline.command is None:
        return {"name": f"Deploy to {environment}", "run": NOTHING_TO_DEPLOY}
    values = {name: f"${{{{ vars.{name} }}}}" for name in pipeline.variables[environment]}
    values |= {name: f"${{{{ secrets.{name} }}}}" for name in pipeline.secrets[environment]}
    if pipeline.command is not None:
        step: Step = {"name": f"Deploy to {environment}"}
        return step | ({"env": values} if values else {}) | {"run": pipeline.command}
    return {
        "name": f"Deploy to {environment}",
        "env": {"FUNCTION": pipeline.lambda_function},
        "run": DEPLOY_LAMBDA,
    }


def _upload_to_s3(
    repository: str, environment: EnvironmentName, pipeline: Pipeline
) -> list[Step]:
    if pipeline.s3_bucket is None:
        return []
    return [
        {
            "name": "Upload Lambda package to S3",
            "id": "s3",
            "env": {
                "BUCKET": pipeline.s3_bucket,
                "PREFIX": repository,
                "TARGET": environment,
                "COMMIT": _commit(environment),
            },
            "run": UPLOAD_S3,
        }
    ]


def _commit(environment: EnvironmentName) -> str:
    """A run that another one started has that one's commit in its event only."""
    if environment == "prod":
        return "${{ github.event.workflow_run.head_sha }}"
    return "${{ github.sha }}"


def _export(pipeline: Pipeline) -> Step:
    """Say where the package is: as output, in the environment and in the summary."""
    values = {"ARTIFACT_URL": "${{ steps.upload.outputs.artifact-url }}"}
    if pipeline.s3_bucket is not None:
        values["S3_LOCATION"] = "${{ steps.s3.outputs.location }}"
    return {"name": "Export the package's location", "id": "export", "env": values, "run": EXPORT}
