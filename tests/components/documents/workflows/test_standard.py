"""Rendered files conform to the standard's statements, one per row."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from components.model.types import ENVIRONMENTS, EnvironmentName
from tests.components.documents.workflows.parsed import (
    ZIP,
    Workflow,
    deploy,
    names,
    rendered,
    runs,
    uses,
)

ID_TOKEN = ("id-token", "write")


def rights(job: dict[str, Any]) -> set[tuple[str, str]]:
    """Return what the job's token may do."""
    return set(job.get("permissions", {}).items())


CI = ("python-lint", "python-security", "python-tests")
SUCCEEDED = "${{ github.event.workflow_run.conclusion == 'success' }}"
#: Conditions of prod's first job on the triggering run: conclusion, event, repository and file.
#: GitHub's own filter compares only workflow names.
OF_A_PUSH = (
    "github.event.workflow_run.conclusion == 'success'",
    "&& github.event.workflow_run.event == 'push'",
    "&& github.event.workflow_run.head_repository.full_name == github.repository",
    "&& github.event.workflow.path == '.github/workflows/python-test.yml'",
)

FLAKE8 = "pip install flake8\nflake8 . || true  # Continue even if flake8 finds issues\n"
BANDIT = (
    "pip install bandit\nbandit -r . || true  # Continue even if bandit finds security issues\n"
)
PYTEST = (
    "pytest tests/ --cov=. --cov-report=xml --cov-report=html || true  "
    "# Continue even if tests fail\n"
)
MATRIX = "${{ matrix.python-version }}"
HEAD_BRANCH = "${{ github.event.workflow_run.head_branch }}"

EVERY_FILE: dict[str, Callable[[Workflow], bool]] = {
    "there are the jobs python-lint, python-security, python-tests and one deployment; before them,"
    " for prod, the check of the run that triggers it": lambda w: (
        tuple(w["jobs"])[-4:-1] == CI
        and tuple(w["jobs"])[:-4] == (("python-tested",) if w["name"] == "python-prd" else ())
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
    "lint and tests set up Python with the matrix version, security with the newest": lambda w: all(
        uses(w["jobs"][name], "actions/setup-python")[0]["with"]["python-version"] == version
        for name, version in zip(CI, (MATRIX, "3.12", MATRIX), strict=True)
    ),
    "every CI job caches pip; setup-python's own cache fails without requirements": lambda w: all(
        uses(w["jobs"][name], "actions/cache")[0]["with"]["path"] == "~/.cache/pip"
        and "cache" not in uses(w["jobs"][name], "actions/setup-python")[0]["with"]
        for name in CI
    ),
    "a job that may ask for an id-token restores no cache, which another run could fill": (
        lambda w: (
            any(ID_TOKEN in rights(job) for job in w["jobs"].values())
            and not any(
                uses(job, "actions/cache") for job in w["jobs"].values() if ID_TOKEN in rights(job)
            )
        )
    ),
    "lint and security install from requirements.txt": lambda w: all(
        any("pip install -r requirements.txt\n" in script for script in runs(w["jobs"][name]))
        for name in CI[:2]
    ),
    "tests install dependencies and test requirements, with pytest and its coverage plugin": (
        lambda w: any(
            "requirements{,{-,_,/}{test,tests,dev}}.txt" in script
            and "wanted=(pytest pytest-cov)" in script
            for script in runs(w["jobs"]["python-tests"])
        )
    ),
    "one version's failure does not end the others, as each job continues on error": lambda w: all(
        w["jobs"][name]["continue-on-error"] is True for name in CI
    ),
    "tests run only where tests/ exists, by steps and not by the job": lambda w: (
        "if" not in w["jobs"]["python-tests"]
        and all(
            "steps.tests.outputs.present == 'true'" in step["if"]
            or step["name"] == "Report findings"
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
    "what CI finds is a warning beside the run": lambda w: all(
        any("::warning title=" in script for script in runs(w["jobs"][name])) for name in CI
    ),
    "each tool runs once": lambda w: all(
        sum(len(re.findall(rf"^{tool} ", script, re.MULTILINE)) for script in runs(w["jobs"][name]))
        == 1
        for name, tool in zip(CI, ("flake8", "bandit", "pytest"), strict=True)
    ),
    "the deployment needs all CI jobs": lambda w: tuple(deploy(w)["needs"]) == CI,
    "the package is built in the standard's words": lambda w: ZIP in runs(deploy(w)),
    "only the deployment may ask for an id-token": lambda w: (
        w["permissions"] == {"contents": "read"}
        and deploy(w)["permissions"] == {"contents": "read", "id-token": "write"}
        and not any("permissions" in w["jobs"][name] for name in CI)
    ),
    "two deployments of an environment never overlap: runs wait for each other, in prod the jobs": (
        lambda w: (
            (deploy(w) if w["name"] == "python-prd" else w)["concurrency"]["cancel-in-progress"]
            is False
        )
    ),
    "AWS credentials come by OIDC from the environment's variables": lambda w: (
        uses(deploy(w), "aws-actions/configure-aws-credentials")[0]["with"]
        == {"role-to-assume": "${{ vars.AWS_ROLE_ARN }}", "aws-region": "${{ vars.AWS_REGION }}"}
    ),
    "the package's name and location are outputs, its name and file environment": lambda w: (
        deploy(w)["outputs"]
        == {
            "artifact-name": w["env"]["LAMBDA_PACKAGE_ARTIFACT"],
            "artifact-location": "${{ steps.artifact.outputs.artifact-url }}",
        }
        and w["env"]["LAMBDA_PACKAGE"] == "lambda-package.zip"
    ),
    "the steps of a deployment stand in the standard's order": lambda w: (
        [
            name.replace(deploy(w)["environment"], "X")
            for name in names(deploy(w))
            if name != "Compare with the tested commit"
        ]
        == [
            "actions/checkout",
            "Configure AWS credentials",
            "Build Lambda package",
            "Look for requirements",
            "Deploy to X",
            "Upload Lambda package artifact",
        ]
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
    "after a failed or foreign test workflow no job of prod costs a minute": (
        "prod",
        lambda w: (
            all(word in w["jobs"]["python-tested"]["if"] for word in OF_A_PUSH)
            and all(
                w["jobs"][name]["needs"] == "python-tested" and "if" not in w["jobs"][name]
                for name in CI
            )
        ),
    ),
    "the deployment to prod is skipped with the CI jobs, as no status function lets it run": (
        "prod",
        lambda w: (
            not re.search(r"(always|failure|cancelled|success)\(", w["jobs"]["deploy-prod"]["if"])
        ),
    ),
    "prod says when the branch is not at the commit that was tested": (
        "prod",
        lambda w: (
            deploy(w)["steps"][1]["env"]
            == {
                "COMMIT": "${{ steps.checkout.outputs.commit }}",
                "TESTED": "${{ github.event.workflow_run.head_sha }}",
            }
        ),
    ),
    "prod checks out the producer's branch in every job": (
        "prod",
        lambda w: all(
            uses(w["jobs"][name], "actions/checkout")[0]["with"]["ref"] == HEAD_BRANCH
            for name in (*CI, "deploy-prod")
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
    """Job, environment, package and concurrency group contain the environment's name."""
    workflow = rendered(environment)
    job = workflow["jobs"][f"deploy-{environment}"]
    assert job["environment"] == environment
    group = {"prod": "deploy-prod"}.get(environment, f"python-{environment}-${{{{ github.ref }}}}")
    assert (job if environment == "prod" else workflow)["concurrency"]["group"] == group
    (upload,) = uses(job, "actions/upload-artifact")
    assert upload["uses"] == "actions/upload-artifact@v4"
    assert upload["with"] == {
        "name": f"lambda-package-{environment}",
        "path": "lambda-package.zip",
        "retention-days": 1,
    }
