"""The workflows' scripts run with stand-ins for the tools that they call."""

import subprocess

import pytest
from botocore import xform_name
from botocore.session import Session

from components.documents.permissions import permissions_policy
from components.documents.workflows import (
    ci_scripts,
    commit_scripts,
    deploy_scripts,
    install_script,
    vendor_script,
)
from tests.components.documents.workflows.runner import Runner

pytestmark = pytest.mark.shell

MODULES = (ci_scripts, commit_scripts, deploy_scripts, install_script, vendor_script)
SHELLS = ("KEEP_OUTPUT", "KEEP_EXIT_CODE")
BASH = {
    name: script
    for module in MODULES
    for name, script in vars(module).items()
    if name.isupper() and isinstance(script, str) and name not in SHELLS
    if not name.startswith("_")
}


@pytest.mark.parametrize("name", BASH)
def test_every_script_is_valid_bash_without_expressions(name: str) -> None:
    """Bash parses each script, and no script contains an expression, which could become code."""
    done = subprocess.run(
        ["bash", "-n"], input=BASH[name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "${{" not in BASH[name]


def test_a_branch_that_moved_on_is_seen(runner: Runner) -> None:
    """A warning says that the checked out commit is not the tested one."""
    script = commit_scripts.COMPARE_WITH_TESTED
    assert runner.run(script, COMMIT="a1", TESTED="a1") == ""
    log = runner.run(script, COMMIT="a1", TESTED="b2")
    assert log == "::warning title=Not the tested commit::deploying a1, tested was b2\n"


def test_the_package_is_stored_where_the_job_says(runner: Runner) -> None:
    """The package is stored in the declared bucket, at the location that the job's output names."""
    runner.stand_in("aws")
    location = "s3://acme-packages/billing/a1/lambda-package-dev.zip"
    runner.run(deploy_scripts.UPLOAD_TO_S3, LOCATION=location)
    assert runner.calls("aws") == [f"s3 cp --only-show-errors lambda-package.zip {location}"]


@pytest.mark.parametrize(
    ("text", "warned"),
    [(None, False), ("", False), ("# none\r\n\r\n\t# x\n", False), ("# some\n\tboto3\n", True)],
)
def test_requirements_outside_of_the_package_are_told(
    runner: Runner, text: str | None, *, warned: bool
) -> None:
    """A warning says that the zip lacks the requirements: the function would fail when called."""
    if text is not None:
        (runner.workspace / "requirements.txt").write_text(text)
    log = runner.run(deploy_scripts.WARN_OF_REQUIREMENTS)
    assert log.startswith("::warning title=No dependencies::") == warned
    (runner.workspace / "uv.lock").touch()
    assert runner.run(deploy_scripts.WARN_OF_REQUIREMENTS) != ""


@pytest.mark.parametrize("alias", [False, True])
def test_a_deployment_calls_what_its_role_may_do_and_nothing_else(
    runner: Runner, *, alias: bool
) -> None:
    """The calls of the script, by AWS's own service models, are the actions of the policy."""
    runner.stand_in("aws", "7\n")
    script = deploy_scripts.DEPLOY_LAMBDA + (deploy_scripts.MOVE_ALIAS if alias else "")
    env = {"LAMBDA_FUNCTION": "billing-api", "AWS_REGION": "eu-west-1"}
    runner.run(script, **env, LAMBDA_ALIAS="live")
    assert "billing-api: version 7 in eu-west-1" in runner.summary
    waited, updated, *_ = runner.calls("aws")
    assert waited == "lambda wait function-updated --function-name billing-api"
    assert "--query CodeSha256" in updated, "the answer repeats the environment"
    if alias:  # an existing alias is moved
        runner.run(script, **env, LAMBDA_ALIAS="7")
        assert "billing-api: live is version 7" in runner.summary
    policy = permissions_policy(
        account_id="111111111111",
        region="eu-west-1",
        repository="billing",
        environment="prod",
        lambda_functions=["billing-api"],
        artifact_bucket=None,
        moves_aliases=alias,
    )
    assert policy is not None
    called = {iam_action(call.split()) for call in runner.calls("aws")}
    assert called == set(policy["Statement"][0]["Action"])


def iam_action(words: list[str]) -> str:
    """Return the IAM action for a call of the AWS CLI."""
    session = Session()
    service, command, *rest = words
    operations = session.get_service_model(service).operation_names
    if command == "wait":
        (name,) = (
            waiter
            for waiter in session.get_waiter_model(service).waiter_names
            if xform_name(waiter, "-") == rest[0]
        )
        return f"{service}:{session.get_waiter_model(service).get_waiter(name).operation}"
    (operation,) = (name for name in operations if xform_name(name, "-") == command)
    return f"{service}:{operation}"


@pytest.mark.parametrize(
    ("there", "change"), [("live-old\n", "create-alias"), ("old\nlive\n", "update-alias")]
)
def test_an_alias_is_made_or_moved(runner: Runner, there: str, change: str) -> None:
    """The script creates or moves the alias; an alias with the same beginning is another one."""
    runner.stand_in("aws", there)
    runner.run(f"version=7\n{deploy_scripts.MOVE_ALIAS}", LAMBDA_FUNCTION="f", LAMBDA_ALIAS="live")
    look, moved = runner.calls("aws")
    assert look.startswith("lambda list-aliases --function-name f ")
    assert moved.startswith(f"lambda {change} --function-name f --name live --function-version 7 ")
