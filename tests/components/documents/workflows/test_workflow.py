"""A declaration's keys have their effects on the rendered files."""

import pytest

from components.documents.workflows import render_workflows
from components.documents.workflows.workflow import _RENDERED
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.types import EnvironmentName
from tests.components.documents.workflows.parsed import ZIP, deploy, rendered, runs, uses

DECLARED = {"secrets": ["API_KEY", "OTHER"], "variables": {"LOG_LEVEL": "debug"}}


def test_a_command_has_the_environments_variables_and_what_it_names() -> None:
    """Only the command gets secrets: those that it names, beside the environment's variables."""
    named = {"KEY": "${{ secrets.API_KEY }}"}
    workflow = rendered(
        "dev", deploy={"command": "./deploy.sh", "env": named}, environments={"dev": DECLARED}
    )
    (step,) = (s for s in deploy(workflow)["steps"] if s.get("run") == "./deploy.sh\n")
    assert step["env"] == {"LOG_LEVEL": "${{ vars.LOG_LEVEL }}", **named}
    assert str(workflow).count("secrets.") == 1


def test_a_command_has_no_empty_secret_of_another_environment() -> None:
    """A command gets a secret only in environments that declare it, or if none does."""
    named = {key: f"${{{{ secrets.{key} }}}}" for key in ("API_KEY", "OTHER", "NOWHERE")}
    declared = {"prod": {"secrets": ["api_key", "OTHER"]}, "dev": {"secrets": ["OTHER"]}}
    expected: dict[EnvironmentName, list[str]] = {
        "dev": ["OTHER", "NOWHERE"],
        "test": ["NOWHERE"],
        "prod": ["API_KEY", "OTHER", "NOWHERE"],
    }
    for environment, keys in expected.items():
        workflow = rendered(
            environment, deploy={"command": "./deploy.sh", "env": named}, environments=declared
        )
        (step,) = (s for s in deploy(workflow)["steps"] if s.get("run") == "./deploy.sh\n")
        assert list(step["env"]) == keys


def test_a_lambda_deployment_has_no_secret() -> None:
    """The step that deploys a Lambda function gets its name and no secret."""
    workflow = rendered("dev", environments={"dev": DECLARED})
    (step,) = (s for s in deploy(workflow)["steps"] if s.get("name") == "Deploy to dev")
    assert step["env"] == {"LAMBDA_FUNCTION": "billing-api"}
    assert "secrets." not in str(workflow)


@pytest.mark.parametrize(
    ("seconds", "asked"), [(3600, {}), (7200, {"role-duration-seconds": 7200})]
)
def test_a_longer_session_is_asked_for(seconds: int, asked: dict[str, int]) -> None:
    """The job requests the session length that the role allows, if it is not the default."""
    job = deploy(rendered("dev", environments={"dev": {"role": {"max_session_seconds": seconds}}}))
    (step,) = (step for step in job["steps"] if "configure-aws" in step.get("uses", ""))
    named = {"role-to-assume": "${{ vars.AWS_ROLE_ARN }}", "aws-region": "${{ vars.AWS_REGION }}"}
    assert step["with"] == named | asked


def test_nothing_to_deploy_is_said_and_shows_the_role() -> None:
    """Without a deployment the job builds the package, says so, and proves the role's trust."""
    job = deploy(rendered("dev", deploy=None))
    (script,) = (script for script in runs(job) if "Nothing deployed" in script)
    assert "aws sts get-caller-identity" in script
    assert ZIP in runs(job)


def test_security_runs_on_the_newest_version() -> None:
    """The security job uses the newest declared version: 3.13 is newer than 3.9."""
    job = rendered("dev", python_versions=["3.13", "3.9"])["jobs"]["python-security"]
    (setup,) = uses(job, "actions/setup-python")
    assert setup["with"] == {"python-version": "3.13"}


def test_a_declared_bucket_gets_the_package() -> None:
    """The package's location is in the declared bucket, below the repository and the commit."""
    job = deploy(rendered("prod", artifacts={"s3_bucket": "acme-packages"}))
    (step,) = (step for step in job["steps"] if step.get("name") == "Upload Lambda package to S3")
    commit = "${{ steps.checkout.outputs.commit }}"
    location = f"s3://acme-packages/billing/{commit}/lambda-package-prod.zip"
    assert step["env"] == {"LOCATION": location}
    assert job["outputs"]["artifact-location"] == location
    assert uses(job, "actions/checkout")[0]["id"] == "checkout"


@pytest.mark.parametrize(("branch", "pattern"), [("c++", r"c\+\+"), ("!odd!", r"\!odd!")])
def test_a_branch_triggers_by_its_name_alone(branch: str, pattern: str) -> None:
    """A declared branch is escaped, since GitHub reads a branch filter as a pattern."""
    branches = {"dev": branch, "test": branch, "prod": branch}
    assert rendered("dev", branches=branches)["on"]["push"]["branches"] == [pattern]
    assert rendered("prod", branches=branches)["on"]["workflow_run"]["branches"] == [pattern]


def test_rendering_is_deterministic() -> None:
    """Two renderings are the same text: anything else would be a commit on every run."""
    pipeline = Pipeline.of(Repository.model_validate({"repository": "billing"}), None)
    first = render_workflows("billing", pipeline)
    _RENDERED.clear()
    assert render_workflows("billing", pipeline) == first


def test_the_header_says_where_the_file_comes_from() -> None:
    """A reader in the repository learns the project, the stack and the file to change."""
    repository = Repository.model_validate({"repository": "billing"}).read_from("acme", "b.yaml")
    for text in render_workflows("billing", Pipeline.of(repository, None)).values():
        (line, *_) = text.splitlines()
        assert line == (
            "# Written by slipway from stacks/acme/b.yaml (stack acme): change that, "
            "`pulumi up` overwrites this."
        )


def test_equal_declarations_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An equal declaration has kept texts; another value, kind of value or name has texts anew."""
    rendered_files: list[str] = []

    def counted(repository: str, environment: EnvironmentName, _: Pipeline) -> dict[str, str]:
        rendered_files.append(f"{repository} {environment}")
        return {"name": environment}

    def texts(name: str, value: object) -> dict[str, str]:
        deploy = {"command": "x", "env": {"KEPT": value}}
        declared = Repository.model_validate({"repository": "kept", "deploy": deploy})
        return render_workflows(name, Pipeline.of(declared, None))

    monkeypatch.setattr("components.documents.workflows.workflow._workflow", counted)
    monkeypatch.setattr("components.documents.workflows.workflow._RENDERED", {})
    texts("kept", 1).clear()
    assert len(texts("kept", 1)) == len(rendered_files) == 3
    for number, (name, value) in enumerate([("kept", True), ("kept", "1"), ("other", 1)], 2):
        texts(name, value)
        assert len(rendered_files) == 3 * number
