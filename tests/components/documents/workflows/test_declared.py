"""A declaration's additions to the standard: blocking jobs, folders, packages, steps, downloads."""

from typing import Any

import pytest

from components.model.types import ENVIRONMENTS, EnvironmentName
from tests.components.documents.workflows.parsed import (
    PYTEST_BLOCKING,
    Workflow,
    deploy,
    files_of,
    names,
    rendered,
    runs,
    uses,
)

STEP = {"name": "Migrate", "run": "./migrate.sh", "env": {"LEVEL": 2}}
AS_RENDERED = {"name": "Migrate", "env": {"LEVEL": 2}, "run": "./migrate.sh\n"}


@pytest.mark.parametrize("environment", ["dev", "test"])
def test_a_blocking_job_is_waited_for(environment: EnvironmentName) -> None:
    """A finding fails a blocking job, and the deployment then does not run."""
    workflow = rendered(environment, ci={"tests": {"blocking": True}})
    assert "continue-on-error" not in workflow["jobs"]["python-tests"]
    assert PYTEST_BLOCKING in runs(workflow["jobs"]["python-tests"])
    assert workflow["jobs"]["python-lint"]["continue-on-error"] is True
    assert "if" not in deploy(workflow)


def test_a_job_has_the_runner_and_the_limit_declared_for_it() -> None:
    """A job has its own runner and time limit, else the repository's, else GitHub's default."""
    ci = {"lint": {"runs_on": "ubuntu-24.04-arm", "timeout_minutes": 5}}
    jobs = rendered("dev", runs_on=["self-hosted", "linux"], timeout_minutes=20, ci=ci)["jobs"]
    assert {name: (job["runs-on"], job["timeout-minutes"]) for name, job in jobs.items()} == {
        "python-lint": ("ubuntu-24.04-arm", 5),
        "python-security": (["self-hosted", "linux"], 20),
        "python-tests": (["self-hosted", "linux"], 20),
        "deploy-dev": (["self-hosted", "linux"], 20),
    }
    assert not any("timeout-minutes" in job for job in rendered("dev")["jobs"].values())


@pytest.mark.parametrize("job", ["lint", "security", "tests"])
def test_steps_of_the_users_own_stand_around_the_tool(job: str) -> None:
    """`before` steps come before any installation, and `after` steps run even after failures."""
    later = STEP | {"name": "Tidy up"}
    workflow = rendered("dev", ci={job: {"before": [STEP], "after": [later]}})
    steps = workflow["jobs"][f"python-{job}"]["steps"]
    order = names(workflow["jobs"][f"python-{job}"])
    assert order.index("Migrate") == order.index("Install dependencies") - 1
    before = steps[: order.index("Migrate")]
    assert not any("pip" in step.get("run", "") for step in before), "pip has run already"
    assert order[-1] == "Tidy up"
    tests = "steps.tests.outputs.present == 'true'"
    expected = f"always() && {tests}" if job == "tests" else "always()"
    assert steps[-1]["if"] == expected


@pytest.mark.parametrize(
    ("condition", "joined"),
    [
        ("${{ failure() }}", "failure()"),
        ("success() || failure()", "(success() || failure())"),
    ],
)
def test_a_condition_of_the_users_own_holds_as_a_whole(condition: str, joined: str) -> None:
    """A step's own condition keeps its meaning when the condition for tests/ is added."""
    step = STEP | {"if": condition}
    job = rendered("dev", ci={"tests": {"before": [step]}})["jobs"]["python-tests"]
    found = job["steps"][names(job).index("Migrate")]["if"]
    assert found == f"{joined} && steps.tests.outputs.present == 'true'"


def test_steps_of_the_users_own_stand_around_the_deployment() -> None:
    """`before` steps have the role's credentials; `after` steps follow a successful deployment."""
    job = deploy(rendered("dev", deploy={"command": "x", "before": [STEP], "after": [STEP]}))
    order = names(job)
    assert order[order.index("Deploy to dev") - 1] == order[order.index("Deploy to dev") + 1]
    assert order.index("Configure AWS credentials") < order.index("Migrate")
    assert job["steps"][order.index("Migrate")] == AS_RENDERED


def test_services_run_beside_the_tests_only() -> None:
    """Only the tests' job has the declared services."""
    service = {"image": "postgres:16", "env": {"A": "b"}, "ports": ["5432:5432"], "options": "-t"}
    jobs = rendered("dev", ci={"tests": {"services": {"db": service}}})["jobs"]
    assert jobs["python-tests"]["services"] == {"db": service}
    assert not any("services" in job for name, job in jobs.items() if name != "python-tests")


def test_a_folder_is_checked_and_packaged_alone() -> None:
    """Scripts run in the declared folder, and inputs of actions contain its path."""
    workflow = rendered("dev", working_directory="services/api")
    for name in ("python-lint", "python-security", "python-tests"):
        job = workflow["jobs"][name]
        assert job["defaults"] == {"run": {"working-directory": "services/api"}}
        (cache,) = uses(job, "actions/cache")
        assert "hashFiles('services/api/*requirements*.txt'" in cache["with"]["key"]
    (upload,) = uses(deploy(workflow), "actions/upload-artifact")
    assert upload["with"]["path"] == "services/api/lambda-package.zip"
    scripts = [
        step for step in deploy(workflow)["steps"] if "lambda-package" in step.get("run", "")
    ]
    assert {step["working-directory"] for step in scripts} == {"services/api"}


SEVERAL: dict[str, Any] = {
    "deploy": None,
    "packages": {
        "api": {"working_directory": "services/api", "lambda_function": "billing-api"},
        "client": {"working_directory": "client", "kind": "wheel"},
    },
}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_of_several_packages_is_deployed_and_handed_on(environment: EnvironmentName) -> None:
    """Each package has its own artifact, outputs and variables; a wheel updates no function."""
    workflow = rendered(environment, **SEVERAL)
    job = deploy(workflow)
    uploads = {step["with"]["name"]: step["with"]["path"] for step in uploads_of(job)}
    assert uploads == {
        f"lambda-package-api-{environment}": "services/api/lambda-package.zip",
        f"wheel-client-{environment}": "client/dist/*.whl",
    }
    assert job["outputs"] == {
        "artifact-name-api": f"lambda-package-api-{environment}",
        "artifact-location-api": "${{ steps.artifact-api.outputs.artifact-url }}",
        "artifact-name-client": f"wheel-client-{environment}",
        "artifact-location-client": "${{ steps.artifact-client.outputs.artifact-url }}",
    }
    assert workflow["env"]["LAMBDA_PACKAGE_ARTIFACT_API"] == f"lambda-package-api-{environment}"
    assert workflow["env"]["WHEEL_ARTIFACT_CLIENT"] == f"wheel-client-{environment}"
    functions = [step["env"]["LAMBDA_FUNCTION"] for step in job["steps"] if is_lambda(step)]
    assert functions == ["billing-api"]


def test_ci_checks_each_folder_of_several_packages() -> None:
    """Folders of several packages are one more dimension of the matrix."""
    job = rendered("dev", **SEVERAL)["jobs"]["python-tests"]
    assert job["strategy"]["matrix"]["directory"] == ["services/api", "client"]
    assert job["defaults"] == {"run": {"working-directory": "${{ matrix.directory }}"}}
    (upload,) = uploads_of(job)
    assert "${{ strategy.job-index }}" in upload["with"]["name"], "a name serves one upload"


def test_what_others_built_is_downloaded_before_the_package_is_made() -> None:
    """An artifact of another workflow's last run on the branch is downloaded before the build."""
    download = {"workflow": "layer.yml", "artifact": "layer-{environment}", "path": "layer"}
    job = deploy(rendered("test", artifacts={"downloads": [download]}))
    (step,) = uses(job, "actions/download-artifact")
    assert step["with"] == {
        "name": "layer-test",
        "path": "layer",
        "run-id": "${{ steps.producer-0.outputs.run }}",
        "github-token": "${{ github.token }}",
    }
    assert job["permissions"]["actions"] == "read"
    find = next(step for step in job["steps"] if step.get("id") == "producer-0")
    assert (find["env"]["WORKFLOW"], find["env"]["BRANCH"]) == ("layer.yml", "main")
    order = names(job)
    assert order.index("Download layer-test") < order.index("Build Lambda package")


def test_nothing_built_is_nothing_handed_on() -> None:
    """Without a package the deployment has neither uploads nor outputs."""
    workflow = rendered("dev", package={"kind": "none"}, deploy={"command": "make deploy"})
    assert "env" not in workflow
    assert "outputs" not in deploy(workflow)
    assert not uploads_of(deploy(workflow))


def uploads_of(job: Workflow) -> list[Workflow]:
    """The steps that upload."""
    return uses(job, "actions/upload-artifact")


def is_lambda(step: Workflow) -> bool:
    """Return whether the step updates a function."""
    return "LAMBDA_FUNCTION" in step.get("env", {})


def test_steps_before_a_build_have_the_credentials() -> None:
    """`package.before` steps have the credentials and run before vendoring or building."""
    login = STEP | {"name": "Log in"}
    vendored = {"before": [login], "dependencies": "vendored"}
    order = names(deploy(rendered("dev", package=vendored)))
    assert order.index("Configure AWS credentials") < order.index("Log in")
    assert order.index("actions/setup-python") < order.index("Log in")
    assert order.index("Log in") < order.index("Build Lambda package")
    wheel = rendered("dev", package={"before": [login], "kind": "wheel"}, deploy=None)
    order = names(deploy(wheel))
    assert order.index("Log in") == order.index("Build wheel") - 1


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_wheels_version_may_come_from_git(environment: EnvironmentName) -> None:
    """A wheel is built and tested with all commits and tags; other checkouts have one commit."""
    workflow = rendered(environment, package={"kind": "wheel"}, deploy=None)
    for name in ("python-tests", f"deploy-{environment}"):
        (checkout,) = uses(workflow["jobs"][name], "actions/checkout")
        assert checkout["with"]["fetch-depth"] == 0
    (checkout,) = uses(deploy(rendered(environment)), "actions/checkout")
    assert "fetch-depth" not in checkout.get("with", {})


SHA = "0123456789abcdef0123456789abcdef01234567"


def test_declared_versions_of_actions_come_before_our_own() -> None:
    """A declared version of an action, a tag or a commit, replaces slipway's in every job."""
    declared = {"actions/checkout": "v9", "actions/upload-artifact": f"{SHA} # v7.0.0"}
    workflow = rendered("dev", actions=declared)
    for job in workflow["jobs"].values():
        assert {step["uses"] for step in uses(job, "actions/checkout")} == {"actions/checkout@v9"}
        for step in uses(job, "actions/upload-artifact"):
            assert step["uses"] == f"actions/upload-artifact@{SHA}"
    text = files_of(actions=declared)["python-dev.yml"]
    assert f"actions/upload-artifact@{SHA} # v7.0.0\n" in text


def test_a_command_has_the_newest_python() -> None:
    """A deployment command has CI's newest Python, unless a built package sets the version."""
    command = {"command": "python deploy.py"}
    (setup,) = uses(deploy(rendered("dev", deploy=command)), "actions/setup-python")
    assert setup["with"] == {"python-version": "3.12"}
    wheel = rendered("dev", deploy=command, package={"kind": "wheel", "python_version": "3.11"})
    (setup,) = uses(deploy(wheel), "actions/setup-python")
    assert setup["with"] == {"python-version": "3.11"}
    assert not uses(deploy(rendered("dev")), "actions/setup-python")
    tested = rendered("prod", deploy=command, package={"kind": "wheel"}, profile="strict")
    (setup,) = uses(deploy(tested), "actions/setup-python")
    assert setup["with"] == {"python-version": "3.12"}, "nothing is built that brings one"
