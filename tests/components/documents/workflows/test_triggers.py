"""Triggers start the workflows for the right commits, and concurrency groups order the runs."""

from typing import Any

import pytest

from components.model.types import ENVIRONMENTS, EnvironmentName
from tests.components.documents.workflows.parsed import deploy, rendered, uses

CI = ("python-lint", "python-security", "python-tests")
BY_HAND = {"manual": True, "lambda_function": "f"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_pull_requests_run_ci_alone(environment: EnvironmentName) -> None:
    """Pull requests to the branches of dev and test run CI, and skip the deployment."""
    workflow = rendered(environment, ci={"pull_requests": True})
    if environment == "prod":
        assert list(workflow["on"]) == ["workflow_run"]
        return
    assert workflow["on"]["pull_request"] == workflow["on"]["push"]
    assert deploy(workflow)["if"] == "always() && github.event_name != 'pull_request'"
    strict = rendered(environment, ci={"pull_requests": True}, profile="strict")
    assert deploy(strict)["if"] == "github.event_name != 'pull_request'"
    assert not any("if" in workflow["jobs"][name] for name in CI)


@pytest.mark.parametrize("profile", ["standard", "strict"])
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_run_by_hand_deploys_the_given_commit(environment: EnvironmentName, profile: str) -> None:
    """Every job of a run by hand uses the given commit; the first job checks its branch."""
    workflow = rendered(environment, deploy=BY_HAND, profile=profile)
    assert workflow["on"]["workflow_dispatch"]["inputs"]["commit"]["required"] is True
    for name, job in workflow["jobs"].items():
        for step in uses(job, "actions/checkout"):
            assert step["with"]["ref"].startswith("${{ inputs.commit"), name
    first = workflow["jobs"]["python-tested"]
    assert first["steps"][0]["env"]["COMMIT"].startswith("${{ inputs.commit")
    assert all(workflow["jobs"][name]["needs"] == "python-tested" for name in CI)
    check = deploy(workflow)["steps"][1]
    assert check["name"] == "Check the given commit"
    assert check["if"] == "github.event_name == 'workflow_dispatch'"
    assert check["env"]["COMMIT"] == "${{ steps.checkout.outputs.commit }}"
    assert deploy(workflow)["environment"] == environment
    if environment != "prod":
        assert "if" not in first, "a push has nothing to ask, and CI needs the job"
        assert first["steps"][0]["if"] == check["if"]
    else:
        condition = deploy(workflow)["if"]
        assert condition.startswith("${{ github.event_name == 'workflow_dispatch' || ")
        assert first["if"].startswith(condition.partition("||")[0])
        assert deploy(workflow)["steps"][2]["if"] == "github.event_name != 'workflow_dispatch'"


def test_strictly_a_run_by_hand_takes_the_package_of_the_test_run() -> None:
    """A run by hand finds the test run by its commit, and deploys that run's package."""
    job = deploy(rendered("prod", deploy=BY_HAND, profile="strict"))
    (download,) = uses(job, "actions/download-artifact")
    wanted = "${{ steps.tested.outputs.run || github.event.workflow_run.id }}"
    assert download["with"]["run-id"] == wanted
    find = next(step for step in job["steps"] if step.get("id") == "tested")
    assert find["env"]["COMMIT"] == "${{ inputs.commit }}"
    assert find["env"]["WORKFLOW"] == "python-test.yml"


def test_several_packages_are_of_one_test_run() -> None:
    """Several packages come from one test run, which one step finds; without packages none does."""
    folders = {name: {"working_directory": name} for name in ("api", "worker")}
    manual: dict[str, Any] = {"deploy": {"manual": True}, "profile": "strict"}
    job = deploy(rendered("prod", packages=folders, **manual))
    assert [step["id"] for step in job["steps"] if "test run" in step.get("name", "")] == ["tested"]
    downloads = uses(job, "actions/download-artifact")
    wanted = "${{ steps.tested.outputs.run || github.event.workflow_run.id }}"
    assert [step["with"]["run-id"] for step in downloads] == [wanted] * 2
    nothing = deploy(rendered("prod", package={"kind": "none"}, **manual))
    assert not any("test run" in step.get("name", "") for step in nothing["steps"])


@pytest.mark.parametrize("profile", ["standard", "strict"])
def test_who_waits_for_an_approval_holds_no_group(profile: str) -> None:
    """A run that waits for an approval holds no group, so the newest commit can be approved."""
    reviewers = {"reviewers": {"teams": ["platform"]}}
    reviewed = {"test": reviewers, "prod": reviewers}
    for environment in ("test", "prod"):
        workflow = rendered(environment, environments=reviewed, profile=profile)
        assert "concurrency" not in deploy(workflow)
        assert "concurrency" not in workflow
    assert rendered("dev", environments=reviewed, profile=profile)["concurrency"] == {
        "group": "python-dev-${{ github.ref }}",
        "cancel-in-progress": False,
    }


def test_no_run_of_production_takes_a_group_before_its_conditions() -> None:
    """A run of prod enters the group after its conditions, or it would replace a waiting run."""
    for profile in ("standard", "strict"):
        assert "concurrency" not in rendered("prod", profile=profile)
        assert deploy(rendered("prod", profile=profile))["concurrency"]["group"] == "deploy-prod"
