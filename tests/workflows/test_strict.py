"""In the strict profile findings stop the deployment, and production gets the tested package."""

import pytest

from tests.workflows.conftest import Acme
from tests.workflows.environments import JobRefusedError
from tests.workflows.events import by_hand, head, pull_request, workflow_run

CI = ["python-lint", "python-security", "python-tests"]


def alias(acme: Acme, environment: str) -> str | None:
    """Return the version of the function's alias; None if it has none."""
    functions = acme.aws(environment, "lambda")
    found = functions.list_aliases(FunctionName="careful-api")["Aliases"]
    return next((one["FunctionVersion"] for one in found if one["Name"] == "live"), None)


def test_production_gets_the_package_that_was_tested(acme: Acme) -> None:
    """After a test run prod deploys that run's package byte for byte, although main is newer."""
    tested = acme.commit("careful", "main", "first.txt", "first\n")
    ((_, test),) = acme.push("careful", "main").items()
    assert test.results == dict.fromkeys(["python-tested", *CI, "deploy-test"], "success"), (
        test.text
    )
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
    assert prod.results == dict.fromkeys(jobs, "success"), prod.text
    assert any(line.startswith("Not the newest commit: ") for line in prod.warnings)
    assert prod.artifacts["lambda-package-prod"] == test.artifacts["lambda-package-test"]
    assert alias(acme, "prod") == "1"

    # A run by hand deploys it again, from main and with the package of its own test run.
    file = "python-prd.yml"
    given = by_hand(acme.world, "acme/careful", "main", file, {"commit": tested})
    ((_, again),) = acme.runner.happens(given, approved=True).items()
    assert again.results == dict.fromkeys(jobs, "success"), again.text
    assert again.artifacts["lambda-package-prod"] == test.artifacts["lambda-package-test"]
    assert alias(acme, "prod") == "2"

    # The run of an older commit is repeated.
    parents = acme.world.github("GET", f"repos/acme/careful/commits/{tested}")["parents"]
    event = workflow_run(acme.world, "acme/careful", told | {"head_sha": parents[0]["sha"]})
    ((_, again),) = acme.runner.happens(event, approved=True).items()
    assert again.results["deploy-prod"] == "failure"
    assert any(line.startswith("Not deployed: ") for line in again.errors), again.text
    assert alias(acme, "prod") == "2"


def test_a_finding_stops_the_deployment(acme: Acme) -> None:
    """An unused import fails lint, the deployment is skipped, and the function is unchanged."""
    acme.commit("careful", "develop", "unused.py", "import os\n")
    ((_, run),) = acme.push("careful", "develop").items()
    assert run.results["python-lint"] == "failure"
    assert run.results["deploy-dev"] == "skipped"
    assert "F401" in run.summary
    assert alias(acme, "dev") is None


def test_a_commit_of_another_branch_is_not_deployed_by_hand(acme: Acme) -> None:
    """A run by hand on develop may not deploy a commit that was never on develop."""
    foreign = acme.commit("careful", "main", "third.txt", "third\n")
    place = "repos/acme/careful/git"
    sha = acme.world.github("GET", f"{place}/ref/heads/develop")["object"]["sha"]
    given = {"commit": foreign}
    event = by_hand(acme.world, "acme/careful", "develop", "python-dev.yml", given)
    ((_, run),) = acme.runner.happens(event).items()
    assert run.results["python-tested"] == "failure"
    assert {run.results[name] for name in (*CI, "deploy-dev")} == {"skipped"}, "its code never ran"
    assert any(line.startswith("Not on the branch: ") for line in run.errors), run.text
    assert alias(acme, "dev") is None
    elsewhere = by_hand(acme.world, "acme/careful", "main", "python-dev.yml", {"commit": sha})
    with pytest.raises(JobRefusedError, match='"main" is not allowed to deploy to dev'):
        acme.runner.happens(elsewhere)


def test_a_pull_request_is_checked_and_not_deployed(acme: Acme) -> None:
    """A pull request runs the checks, and the job with the environment is skipped."""
    place = "repos/acme/careful/git"
    sha = acme.world.github("GET", f"{place}/ref/heads/main")["object"]["sha"]
    acme.world.github("POST", f"{place}/refs", {"ref": "refs/heads/proposed", "sha": sha})
    acme.commit("careful", "proposed", "proposed.py", "import os\n")
    event = pull_request(acme.world, "acme/careful", "proposed", ("proposed.py",))
    runs = acme.runner.happens(event)
    assert set(runs) == {"python-test.yml"}
    results = runs["python-test.yml"].results
    assert results["python-lint"] == "failure"
    assert results["python-tests"] == "success"
    assert results["deploy-test"] == "skipped"
