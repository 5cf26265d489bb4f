"""The strict profile: findings stop the deployment, and production gets what was tested."""

from tests.workflows.conftest import Acme
from tests.workflows.events import head, workflow_run

CI = ["python-lint", "python-security", "python-tests"]


def alias(acme: Acme, environment: str) -> str | None:
    """The version that the function's alias stands for; None before there is one."""
    functions = acme.aws(environment, "lambda")
    found = functions.list_aliases(FunctionName="careful-api")["Aliases"]
    return next((one["FunctionVersion"] for one in found if one["Name"] == "live"), None)


def test_production_gets_the_package_that_was_tested(acme: Acme) -> None:
    """After a test run prod deploys that run's package, byte for byte, though main moved on."""
    tested = acme.commit("careful", "main", "first.txt", "first\n")
    ((_, test),) = acme.push("careful", "main").items()
    assert test.results == dict.fromkeys([*CI, "deploy-test"], "success"), test.log
    assert alias(acme, "test") == "1"

    acme.commit("careful", "main", "second.txt", "second\n")
    told = {
        "id": test.id,
        "name": "python-test",
        "path": ".github/workflows/python-test.yml",
        "event": "push",
        "head_branch": "main",
        "head_sha": tested,
        "conclusion": "success",
    }
    event = workflow_run(acme.world, "acme/careful", told)
    assert event.sha == head(acme.world, "acme/careful", "main") != tested
    ((_, prod),) = acme.runner.happens(event, approved=True).items()
    jobs = ["python-tested", *CI, "deploy-prod"]
    assert prod.results == dict.fromkeys(jobs, "success"), prod.log
    assert any(line.startswith("Not the newest commit: ") for line in prod.warnings)
    assert prod.artifacts["lambda-package-prod"] == test.artifacts["lambda-package-test"]
    assert alias(acme, "prod") == "1"

    # The run of an older commit is repeated.
    parents = acme.world.github("GET", f"repos/acme/careful/commits/{tested}")["parents"]
    event = workflow_run(acme.world, "acme/careful", told | {"head_sha": parents[0]["sha"]})
    ((_, again),) = acme.runner.happens(event, approved=True).items()
    assert again.results["deploy-prod"] == "failure"
    assert any(line.startswith("Not deployed: ") for line in again.errors), again.errors
    assert alias(acme, "prod") == "1"


def test_a_finding_stops_the_deployment(acme: Acme) -> None:
    """One unused import: lint fails, the deployment is skipped, the function is as it was."""
    acme.commit("careful", "develop", "unused.py", "import os\n")
    ((_, run),) = acme.push("careful", "develop").items()
    assert run.results["python-lint"] == "failure"
    assert run.results["deploy-dev"] == "skipped"
    assert "F401" in run.summary
    assert alias(acme, "dev") is None
