"""Production is deployed only after a successful test run that a push started."""

import base64
import hashlib
import io
from typing import Any
from zipfile import ZipFile

import pytest

from tests.workflows.conftest import Acme
from tests.workflows.environments import JobRefusedError
from tests.workflows.events import head, workflow_run
from tests.workflows.outcome import Run

JOBS = ["python-tested", "python-lint", "python-security", "python-tests", "deploy-prod"]


def after(
    acme: Acme,
    run: dict[str, Any],
    *,
    repository: str = "acme/orders",
    approved: bool = True,
    action: str = "completed",
) -> dict[str, Run]:
    """Return the runs after a run of the repository's python-test.yml has ended."""
    told = {
        "name": "python-test",
        "path": ".github/workflows/python-test.yml",
        "event": "push",
        "head_branch": "main",
        "head_sha": head(acme.world, repository, "main"),
        "conclusion": "success",
    }
    event = workflow_run(acme.world, repository, told | run, action=action)
    return acme.runner.happens(event, approved=approved)


def code(acme: Acme) -> tuple[str, int]:
    """Return hash and number of versions of production's function."""
    functions = acme.aws("prod", "lambda")
    found = functions.get_function(FunctionName="orders-api")["Configuration"]["CodeSha256"]
    versions = functions.list_versions_by_function(FunctionName="orders-api")["Versions"]
    return found, len(versions)


def test_a_tested_push_is_deployed(acme: Acme) -> None:
    """All jobs succeed, the deployment last, and production's function has the package."""
    ((file, run),) = after(acme, {}).items()
    assert file == "python-prd.yml"
    assert run.results == dict.fromkeys(JOBS, "success")
    assert all(run.jobs[name].ended < run.jobs["deploy-prod"].began for name in JOBS[:-1])
    package = run.artifacts["lambda-package-prod"].files["lambda-package.zip"]
    digest = base64.b64encode(hashlib.sha256(package).digest()).decode()
    assert code(acme)[0] == digest


@pytest.mark.parametrize(
    "run",
    [
        {"conclusion": "failure"},
        {"conclusion": "cancelled"},
        {"event": "pull_request"},
        {"event": "workflow_dispatch"},
        {"head_repository": {"full_name": "stranger/orders"}},
        {"path": ".github/workflows/another.yml"},
    ],
    ids=lambda run: str(*run.values()),
)
def test_no_other_run_is_deployed(acme: Acme, run: dict[str, Any]) -> None:
    """Failed runs, runs without a push, forks' runs, and other files of that name deploy nothing.

    Every job is skipped.
    """
    before = code(acme)
    (found,) = after(acme, run).values()
    assert found.results == dict.fromkeys(JOBS, "skipped")
    assert all(job.began < 0 for job in found.jobs.values())
    assert found.artifacts == {}
    assert code(acme) == before


@pytest.mark.parametrize(
    ("run", "action"),
    [
        ({"head_branch": "develop"}, "completed"),
        ({"name": "python-dev"}, "completed"),
        ({}, "requested"),
    ],
    ids=["another branch", "another workflow", "not at its end"],
)
def test_no_other_event_starts_a_run(acme: Acme, run: dict[str, str], action: str) -> None:
    """Only the end of the test workflow, on its branch, starts a run."""
    assert after(acme, run, action=action) == {}


def test_a_tag_named_like_the_branch_deploys_nothing(acme: Acme) -> None:
    """A pushed tag with the branch's name deploys nothing: its commit is not on main."""
    place = "repos/acme/orders/git/refs"
    main = {"ref": "refs/heads/elsewhere", "sha": head(acme.world, "acme/orders", "main")}
    acme.world.github("POST", place, main)
    pushed = acme.commit("orders", "elsewhere", "app.py", "EVIL = 1\n")
    acme.world.github("POST", place, {"ref": "refs/tags/main", "sha": pushed})
    before = code(acme)
    (found,) = after(acme, {"head_sha": pushed}).values()
    acme.world.github("DELETE", f"{place}/tags/main")
    acme.world.github("DELETE", f"{place}/heads/elsewhere")
    assert found.results == {**dict.fromkeys(JOBS, "skipped"), "python-tested": "failure"}
    assert any(line.startswith("Not on the branch: ") for line in found.errors), found.text
    assert found.artifacts == {}
    assert code(acme) == before


def test_a_deployment_waits_for_reviewers(acme: Acme) -> None:
    """Without the reviewers' approval GitHub does not start the deployment."""
    before = code(acme)
    with pytest.raises(JobRefusedError, match="needs approval"):
        after(acme, {}, approved=False)
    assert code(acme) == before


def test_a_commit_that_was_not_tested_is_not_deployed_silently(acme: Acme) -> None:
    """If the branch has a newer commit, the tested one is deployed, or a warning names both."""
    tested = head(acme.world, "acme/bare", "main")
    newest = acme.commit("bare", "main", "later.py", f"AFTER = '{tested}'\n")
    (run,) = after(acme, {"head_sha": tested}, repository="acme/bare").values()
    assert run.results["deploy-prod"] == "success"
    warned = [line for line in run.warnings if tested in line and newest in line]
    package = run.artifacts["lambda-package-prod"].files["lambda-package.zip"]
    with ZipFile(io.BytesIO(package)) as files:
        assert warned or "later.py" not in files.namelist()
