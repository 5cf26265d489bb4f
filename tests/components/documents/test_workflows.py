"""The standard's statements, one a row, checked against the rendered files."""

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from components.documents.workflows import FILES, render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.terms import ENVIRONMENTS, EnvironmentName

Workflow = dict[str, Any]
CI = ("python-lint", "python-security", "python-tests")
SUCCEEDED = "${{ github.event.workflow_run.conclusion == 'success' }}"


def rendered(environment: EnvironmentName, **declared: Any) -> Workflow:
    """The parsed file of one environment of a repository with a Lambda function."""
    content = {"repository": "billing", "deploy": {"lambda_function": "billing-api"}} | declared
    repository = Repository.model_validate(content)
    text = render_workflows("billing", Pipeline.of(repository))[FILES[environment]]
    parsed: Workflow = YAML(typ="safe").load(text)
    return parsed


def deploy(workflow: Workflow) -> Workflow:
    """The deployment job."""
    (job,) = (job for name, job in workflow["jobs"].items() if name.startswith("deploy-"))
    found: Workflow = job
    return found


def runs(job: Workflow) -> list[str]:
    """The scripts of a job's steps."""
    return [step["run"] for step in job["steps"] if "run" in step]


def uses(job: Workflow, action: str) -> list[Workflow]:
    """The steps of a job that use an action."""
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


FLAKE8 = "pip install flake8\nflake8 . || true  # Continue even if flake8 finds issues\n"
BANDIT = (
    "pip install bandit\nbandit -r . || true  # Continue even if bandit finds security issues\n"
)
PYTEST = (
    "pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  "
    "# Continue even if tests fail\n"
)
ZIP = 'zip -r lambda-package.zip . -x "*.git*" "*.md" "tests/*"\n'
HEAD_BRANCH = "${{ github.event.workflow_run.head_branch }}"

EVERY_FILE: dict[str, Callable[[Workflow], bool]] = {
    "there are the jobs python-lint, python-security, python-tests and one deployment": lambda w: (
        tuple(w["jobs"])[:3] == CI and len(w["jobs"]) == 4
    ),
    "each job's name is its id": lambda w: all(
        job["name"] == id_ for id_, job in w["jobs"].items()
    ),
    "lint and tests run on 3.10, 3.11 and 3.12": lambda w: all(
        w["jobs"][name]["strategy"]["matrix"]["python-version"] == ["3.10", "3.11", "3.12"]
        for name in ("python-lint", "python-tests")
    ),
    "every CI job continues on error, at job level": lambda w: all(
        w["jobs"][name]["continue-on-error"] is True for name in CI
    ),
    "Flake8 runs in the standard's words": lambda w: FLAKE8 in runs(w["jobs"]["python-lint"]),
    "Bandit runs in the standard's words": lambda w: BANDIT in runs(w["jobs"]["python-security"]),
    "pytest runs in the standard's words": lambda w: PYTEST in runs(w["jobs"]["python-tests"]),
    "every CI job sets up Python with the matrix version": lambda w: all(
        uses(w["jobs"][name], "actions/setup-python")[0]["with"]["python-version"]
        == "${{ matrix.python-version }}"
        for name in CI
    ),
    "every CI job caches pip, and not by setup-python": lambda w: all(
        uses(w["jobs"][name], "actions/cache")
        and "cache" not in uses(w["jobs"][name], "actions/setup-python")[0]["with"]
        for name in CI
    ),
    "dependencies are installed from requirements.txt": lambda w: all(
        any("requirements.txt" in script for script in runs(w["jobs"][name])) for name in CI
    ),
    "tests run only where tests/ exists, by steps and not by the job": lambda w: (
        "hashFiles" not in str(w["jobs"]["python-tests"].get("if"))
        and all(
            "steps.tests.outputs.present == 'true'" in step["if"]
            for step in w["jobs"]["python-tests"]["steps"][2:]
        )
    ),
    "coverage is uploaded even if tests fail": lambda w: (
        "always()" in uses(w["jobs"]["python-tests"], "actions/upload-artifact")[0]["if"]
        and uses(w["jobs"]["python-tests"], "actions/upload-artifact")[0]["with"]["path"].split()
        == ["coverage.xml", "htmlcov/"]
    ),
    "coverage artifacts of the matrix have names of their own": lambda w: (
        "${{ matrix.python-version }}"
        in uses(w["jobs"]["python-tests"], "actions/upload-artifact")[0]["with"]["name"]
    ),
    "what CI finds is in the summary": lambda w: all(
        any("GITHUB_STEP_SUMMARY" in script for script in runs(w["jobs"][name])) for name in CI
    ),
    "the deployment needs all CI jobs": lambda w: tuple(deploy(w)["needs"]) == CI,
    "the package is built in the standard's words": lambda w: ZIP in runs(deploy(w)),
    "only the deployment may ask for an id-token": lambda w: (
        w["permissions"] == {"contents": "read"}
        and deploy(w)["permissions"] == {"contents": "read", "id-token": "write"}
        and not any("permissions" in w["jobs"][name] for name in CI)
    ),
    "two deployments of an environment never overlap": lambda w: (
        deploy(w)["concurrency"]["cancel-in-progress"] is False
    ),
    "AWS credentials come by OIDC from the environment's variables": lambda w: (
        uses(deploy(w), "aws-actions/configure-aws-credentials")[0]["with"]
        == {"role-to-assume": "${{ vars.AWS_ROLE_ARN }}", "aws-region": "${{ vars.AWS_REGION }}"}
    ),
    "the package's name and location are outputs": lambda w: (
        set(deploy(w)["outputs"]) == {"artifact-name", "artifact-location"}
    ),
    "no expression stands in a script": lambda w: (
        not any("${{" in script for job in w["jobs"].values() for script in runs(job))
    ),
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("statement", EVERY_FILE)
def test_every_file_conforms(environment: EnvironmentName, statement: str) -> None:
    """Each statement of the standard that holds for all environments."""
    assert EVERY_FILE[statement](rendered(environment))


ONE_FILE: dict[str, tuple[EnvironmentName, Callable[[Workflow], bool]]] = {
    "dev is triggered by a push to develop": (
        "dev",
        lambda w: w["on"] == {"push": {"branches": ["develop"]}},
    ),
    "test is triggered by a push to main": (
        "test",
        lambda w: w["on"] == {"push": {"branches": ["main"]}},
    ),
    "prod is triggered by a completed run of the test workflow on main": (
        "prod",
        lambda w: (
            w["on"]
            == {
                "workflow_run": {
                    "workflows": [rendered("test")["name"]],
                    "types": ["completed"],
                    "branches": ["main"],
                }
            }
        ),
    ),
    "deploy-dev always runs": ("dev", lambda w: w["jobs"]["deploy-dev"]["if"] == "always()"),
    "deploy-test always runs": ("test", lambda w: w["jobs"]["deploy-test"]["if"] == "always()"),
    "deploy-prod runs if the test workflow succeeded": (
        "prod",
        lambda w: w["jobs"]["deploy-prod"]["if"] == SUCCEEDED,
    ),
    "after a failed test workflow no CI job of prod costs a minute": (
        "prod",
        lambda w: all(w["jobs"][name]["if"] == SUCCEEDED for name in CI),
    ),
    "prod checks out the producer's branch in every job": (
        "prod",
        lambda w: all(
            uses(job, "actions/checkout")[0]["with"]["ref"] == HEAD_BRANCH
            for job in w["jobs"].values()
        ),
    ),
}


@pytest.mark.parametrize("statement", ONE_FILE)
def test_a_file_conforms(statement: str) -> None:
    """Each statement of the standard about one environment."""
    environment, holds = ONE_FILE[statement]
    assert holds(rendered(environment))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_names_carry_the_environment(environment: EnvironmentName) -> None:
    """Job, environment, package and concurrency group are the environment's own."""
    workflow = rendered(environment)
    job = workflow["jobs"][f"deploy-{environment}"]
    assert job["environment"] == environment
    assert job["concurrency"]["group"] == f"deploy-{environment}"
    (upload,) = uses(job, "actions/upload-artifact")
    assert upload["uses"] == "actions/upload-artifact@v4"
    assert upload["with"] == {
        "name": f"lambda-package-{environment}",
        "path": "lambda-package.zip",
        "retention-days": 1,
    }


def test_a_declared_command_deploys_with_the_environments_values() -> None:
    """The command sees the secrets and variables that the environment declares, and only those."""
    declared = {"secrets": ["API_KEY"], "variables": {"LOG_LEVEL": "debug"}}
    workflow = rendered("dev", deploy={"command": "./deploy.sh"}, environments={"dev": declared})
    (step,) = (s for s in deploy(workflow)["steps"] if s.get("run") == "./deploy.sh")
    assert step["env"] == {
        "LOG_LEVEL": "${{ vars.LOG_LEVEL }}",
        "API_KEY": "${{ secrets.API_KEY }}",
    }


def test_nothing_to_deploy_is_said_and_needs_no_aws() -> None:
    """A repository that declares no deployment builds its package and says so."""
    job = deploy(rendered("dev", deploy=None))
    assert uses(job, "aws-actions/configure-aws-credentials") == []
    assert any("Nothing deployed" in script for script in runs(job))
    assert ZIP in runs(job)


def test_a_declared_bucket_gets_the_package_of_the_commit() -> None:
    """The key names repository, commit and environment; prod's commit is the tested one."""
    bucket = {"s3_bucket": "acme-packages"}
    for environment, commit in (
        ("dev", "${{ github.sha }}"),
        ("prod", "${{ github.event.workflow_run.head_sha }}"),
    ):
        job = deploy(rendered(environment, artifacts=bucket))  # type: ignore[arg-type]  # literals
        (step,) = (s for s in job["steps"] if s.get("id") == "s3")
        assert step["env"] == {
            "BUCKET": "acme-packages",
            "PREFIX": "billing",
            "TARGET": environment,
            "COMMIT": commit,
        }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_script_is_valid_shell(environment: EnvironmentName) -> None:
    """Bash parses each step as GitHub would run it."""
    workflow = rendered(environment, artifacts={"s3_bucket": "acme-packages"})
    for job in workflow["jobs"].values():
        for script in runs(job):
            done = subprocess.run(
                ["bash", "-n"], input=script, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{script}\n{done.stderr}"


def test_rendering_is_deterministic() -> None:
    """Two renderings are the same text: anything else would be a commit on every run."""
    pipeline = Pipeline.of(Repository.model_validate({"repository": "billing"}))
    assert render_workflows("billing", pipeline) == render_workflows("billing", pipeline)
