"""What a declaration changes in the files."""

import pytest

from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from tests.components.documents.workflows.parsed import ZIP, deploy, rendered, runs


def test_a_declared_command_deploys_with_the_environments_values() -> None:
    """The command sees the secrets and variables that the environment declares, and only those."""
    declared = {"secrets": ["API_KEY"], "variables": {"LOG_LEVEL": "debug"}}
    workflow = rendered("dev", deploy={"command": "./deploy.sh"}, environments={"dev": declared})
    (step,) = (s for s in deploy(workflow)["steps"] if s.get("run") == "./deploy.sh\n")
    assert step["env"] == {
        "LOG_LEVEL": "${{ vars.LOG_LEVEL }}",
        "API_KEY": "${{ secrets.API_KEY }}",
    }


def test_a_lambda_deployment_has_the_environments_values_and_its_own() -> None:
    """The deployment reads the function's name, secrets and variables as environment variables."""
    declared = {"secrets": ["API_KEY"], "variables": {"LOG_LEVEL": "debug"}}
    (step,) = (
        step
        for step in deploy(rendered("dev", environments={"dev": declared}))["steps"]
        if step["name"] == "Deploy to dev"
    )
    assert step["env"] == {
        "LAMBDA_FUNCTION": "billing-api",
        "API_KEY": "${{ secrets.API_KEY }}",
        "LOG_LEVEL": "${{ vars.LOG_LEVEL }}",
    }


@pytest.mark.parametrize(
    ("seconds", "asked"), [(3600, {}), (7200, {"role-duration-seconds": 7200})]
)
def test_a_longer_session_is_asked_for(seconds: int, asked: dict[str, int]) -> None:
    """A role that opens for two hours is of no use to a job that asks for one."""
    job = deploy(rendered("dev", environments={"dev": {"role": {"max_session_seconds": seconds}}}))
    (step,) = (step for step in job["steps"] if "configure-aws" in step.get("uses", ""))
    named = {"role-to-assume": "${{ vars.AWS_ROLE_ARN }}", "aws-region": "${{ vars.AWS_REGION }}"}
    assert step["with"] == named | asked


def test_nothing_to_deploy_is_said_and_shows_the_role() -> None:
    """A repository without a deployment builds its package, says so, and proves the trust."""
    job = deploy(rendered("dev", deploy=None))
    (script,) = (script for script in runs(job) if "Nothing deployed" in script)
    assert "aws sts get-caller-identity" in script
    assert ZIP in runs(job)


def test_security_runs_on_the_newest_version() -> None:
    """3.9 is older than 3.13, whatever their order in the declaration."""
    workflow = rendered("dev", python_versions=["3.13", "3.9"])
    matrix = workflow["jobs"]["python-security"]["strategy"]["matrix"]
    assert matrix == {"python-version": ["3.13"]}


def test_a_declared_bucket_gets_the_package() -> None:
    """The package's location is then the bucket's, below the repository's name."""
    job = deploy(rendered("prod", artifacts={"s3_bucket": "acme-packages"}))
    (step,) = (step for step in job["steps"] if step.get("id") == "location")
    assert step["env"] == {
        "TARGET": "s3://acme-packages/billing",
        "ARTIFACT_NAME": "lambda-package-prod",
    }


@pytest.mark.parametrize(("branch", "pattern"), [("c++", r"c\+\+"), ("!odd!", r"\!odd!")])
def test_a_branch_triggers_by_its_name_alone(branch: str, pattern: str) -> None:
    """GitHub reads a branch filter as a pattern; a declared branch is none."""
    branches = {"dev": branch, "test": branch, "prod": branch}
    assert rendered("dev", branches=branches)["on"]["push"]["branches"] == [pattern]
    assert rendered("prod", branches=branches)["on"]["workflow_run"]["branches"] == [pattern]


def test_rendering_is_deterministic() -> None:
    """Two renderings are the same text: anything else would be a commit on every run."""
    pipeline = Pipeline.of(Repository.model_validate({"repository": "billing"}))
    assert render_workflows("billing", pipeline) == render_workflows("billing", pipeline)
