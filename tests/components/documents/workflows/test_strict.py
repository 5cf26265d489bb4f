"""Rendered files keep the promises of the strict profile, one per row."""

import re
from collections.abc import Callable

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

CI = ("python-lint", "python-security", "python-tests")
HEAD_SHA = "${{ github.event.workflow_run.head_sha }}"
PIN = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


EVERY_FILE: dict[str, Callable[[Workflow], bool]] = {
    "CI blocks: no job continues on error": lambda w: (
        not any("continue-on-error" in job for job in w["jobs"].values())
    ),
    "CI blocks: no tool's exit code is swallowed": lambda w: (
        not any("# Continue even if" in script for name in CI for script in runs(w["jobs"][name]))
    ),
    "findings are told although the tool has failed its step": lambda w: all(
        "always()" in step["if"]
        for name in CI
        for step in w["jobs"][name]["steps"]
        if step.get("name") == "Report findings"
    ),
    "the deployment has no status function that would let it run after a failure": lambda w: (
        not re.search(r"(always|failure|cancelled)\(", deploy(w).get("if", ""))
    ),
    "every action is pinned by its commit": lambda w: all(
        PIN.fullmatch(step["uses"])
        for job in w["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    ),
    "no checkout leaves its token behind": lambda w: all(
        step["with"]["persist-credentials"] is False
        for job in w["jobs"].values()
        for step in uses(job, "actions/checkout")
    ),
    "the deployment reads no cache": lambda w: not uses(deploy(w), "actions/cache"),
    "only the deployment may ask for an id-token": lambda w: (
        w["permissions"] == {"contents": "read"}
        and deploy(w)["permissions"]["id-token"] == "write"
        and not any("permissions" in w["jobs"][name] for name in CI)
    ),
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("statement", EVERY_FILE)
def test_every_file_is_strict(environment: EnvironmentName, statement: str) -> None:
    """Each promise holds for all environments."""
    assert EVERY_FILE[statement](rendered(environment, profile="strict"))


@pytest.mark.parametrize("environment", ["dev", "test"])
def test_who_cancels_a_run_cancels_its_deployment(environment: EnvironmentName) -> None:
    """Cancelling a run cancels its deployment, while the standard's `always()` would deploy."""
    ci = {name: {"blocking": False} for name in ("lint", "security", "tests")}
    assert deploy(rendered(environment, profile="strict", ci=ci))["if"] == "!cancelled()"
    assert deploy(rendered(environment, ci=ci))["if"] == "always()"


PROD: dict[str, Callable[[Workflow], bool]] = {
    "every job works on the commit that was tested, not on what the branch is by now": lambda w: (
        all(
            step["with"]["ref"] == HEAD_SHA
            for job in w["jobs"].values()
            for step in uses(job, "actions/checkout")
        )
    ),
    "the package is the test run's, not a new one": lambda w: (
        ZIP not in runs(deploy(w))
        and uses(deploy(w), "actions/download-artifact")[0]["with"]
        == {
            "name": "lambda-package-test",
            "path": ".",
            "run-id": "${{ github.event.workflow_run.id }}",
            "github-token": "${{ github.token }}",
        }
    ),
    "for which the job may read other runs": lambda w: (
        deploy(w)["permissions"] == {"contents": "read", "id-token": "write", "actions": "read"}
    ),
    "the package's commit is not compared with the tested one, as it cannot differ": lambda w: (
        "Compare with the tested commit" not in names(deploy(w))
    ),
    "but with what is deployed, before the job has any credentials": lambda w: (
        names(deploy(w))[1:3] == ["Compare with what is deployed", "Configure AWS credentials"]
    ),
    "for which each run has the commit at the end of its name": lambda w: (
        w["run-name"] == "python-prd ${{ github.event.workflow_run.head_sha }}"
    ),
}


@pytest.mark.parametrize("statement", PROD)
def test_prod_deploys_what_was_tested(statement: str) -> None:
    """Prod deploys the tested commit and package, even if the branch has newer commits."""
    assert PROD[statement](rendered("prod", profile="strict"))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_packages_are_kept_until_prod_is_approved(environment: EnvironmentName) -> None:
    """Packages are kept for 30 days: an approval may take longer than the standard's one day."""
    job = deploy(rendered(environment, profile="strict"))
    (upload,) = uses(job, "actions/upload-artifact")
    assert upload["with"]["retention-days"] == 30
    assert upload["with"]["if-no-files-found"] == "error"


def test_every_version_beside_a_pin_is_of_the_standards_major_version() -> None:
    """The strict profile pins the same actions that the standard profile uses, in order."""
    standard, strict = rendered("test"), rendered("test", profile="strict")
    for name, job in standard["jobs"].items():
        plain = [step["uses"].split("@") for step in job["steps"] if "uses" in step]
        pinned = [step["uses"] for step in strict["jobs"][name]["steps"] if "uses" in step]
        assert [action for action, _ in plain] == [use.split("@")[0] for use in pinned]
