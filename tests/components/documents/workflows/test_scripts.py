"""The scripts are run, with stand-ins for the tools that they call."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import Session

from components.documents.permissions import permissions_policy
from components.documents.workflows import ci_scripts, deploy_scripts
from tests.components.documents.workflows.runner import Runner

BASH = {
    name: script
    for name, script in (vars(ci_scripts) | vars(deploy_scripts)).items()
    if name.isupper() and name != "REPORT_PYTEST"
}


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """An empty workspace."""
    return Runner(tmp_path)


@pytest.mark.parametrize("name", BASH)
def test_every_script_is_valid_bash_without_expressions(name: str) -> None:
    """Bash parses it, and no value of an event becomes code."""
    done = subprocess.run(
        ["bash", "-n"], input=BASH[name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "${{" not in BASH[name]


def test_the_python_script_runs_on_the_oldest_python() -> None:
    """Repositories may still test on 3.8."""
    ast.parse(ci_scripts.REPORT_PYTEST, feature_version=(3, 8))


def test_requirements_are_installed_where_they_are_listed(runner: Runner) -> None:
    """Without the file nothing is installed, and nothing fails."""
    runner.stand_in("pip")
    runner.run(ci_scripts.INSTALL)
    assert runner.calls("pip") == []
    (runner.workspace / "requirements.txt").touch()
    runner.run(ci_scripts.INSTALL)
    assert runner.calls("pip") == ["install -r requirements.txt"]


def test_test_requirements_are_installed_by_what_exists(runner: Runner) -> None:
    """The tool and its plugin come with the repository's pins, in one resolution."""
    runner.stand_in("pip")
    runner.run(ci_scripts.INSTALL_TEST_REQUIREMENTS)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (runner.workspace / name).touch()
    runner.run(ci_scripts.INSTALL_TEST_REQUIREMENTS)
    assert runner.calls("pip") == [
        "install pytest pytest-cov",
        "install pytest pytest-cov -r requirements.txt -r requirements-dev.txt",
    ]


def test_tests_are_looked_for(runner: Runner) -> None:
    """The steps of the job ask this output; without tests the summary says so."""
    runner.run(ci_scripts.FIND_TESTS)
    assert runner.output == "present=false\n"
    assert "no folder tests/" in runner.summary
    (runner.workspace / "tests").mkdir()
    runner.run(ci_scripts.FIND_TESTS)
    assert runner.output == "present=false\npresent=true\n"


@pytest.mark.parametrize(
    ("name", "tool", "found", "title", "worst"),
    [
        (
            "REPORT_FLAKE8",
            "flake8",
            "./a.py:9:80: E501 line too long\n./a.py:1:1: F821 undefined name '100%'\n",
            "Flake8 on Python 3.12: 2 findings",
            "./a.py:1:1: F821 undefined name '100%'",
        ),
        (
            "REPORT_BANDIT",
            "bandit",
            "LOW: a.py:5: B105 hardcoded\nHIGH: a.py:2: B602 shell=True\n",
            "Bandit on Python 3.12: 2 findings",
            "HIGH: a.py:2: B602 shell=True",
        ),
    ],
)
def test_findings_are_seen(  # noqa: PLR0917 - a row of the table
    runner: Runner, name: str, tool: str, found: str, title: str, worst: str
) -> None:
    """What does not stop a run is in its summary and beside it as a warning; and only then."""
    runner.stand_in(tool, found)
    log = runner.run(BASH[name], WHERE="Python 3.12", OUTPUT="findings_0")
    assert log.startswith("::warning title=")
    heading, first, opening, *lines, closing = runner.summary.splitlines()
    assert (heading, opening, closing) == (f"### {title}", "```", "```")
    assert sorted(lines) == sorted(found.splitlines())
    assert first == f"Worst: `{worst}`"
    assert runner.output == f"findings_0={title}, worst {worst}\n"

    runner.stand_in(tool)
    assert runner.run(BASH[name], WHERE="Python 3.12", OUTPUT="findings_0") == ""
    assert "0 findings" in runner.summary.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "tool", "title"),
    [("REPORT_FLAKE8", "flake8", "Flake8"), ("REPORT_BANDIT", "bandit", "Bandit")],
)
@pytest.mark.parametrize("failure", [1, 2, 127])
def test_a_tool_that_did_not_run_is_a_finding(
    runner: Runner, name: str, tool: str, title: str, failure: int
) -> None:
    """It could not be installed, or its configuration is wrong: seen like what it would find."""
    runner.stand_in(tool)
    (runner.tools / tool).write_text(f"#!/bin/sh\necho half a line\nexit {failure}\n")
    log = runner.run(BASH[name], WHERE="Python 3.12", OUTPUT="findings_0")
    heading = f"{title} on Python 3.12"
    assert log == f"::warning title={heading}::did not run, see the log\n"
    assert runner.summary == f"### {heading}: did not run, see the log\n"
    assert runner.output == f"findings_0={heading}: did not run, see the log\n"


def test_failing_tests_and_coverage_are_seen(runner: Runner) -> None:
    """Counted from pytest's own report, so that tests run once."""
    tests = runner.workspace / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text("def test_yes(): pass\ndef test_no(): assert 0\n")
    report = f"--junit-xml={runner.temporary}/pytest.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", report, "tests"]
    subprocess.run(command, cwd=runner.workspace, capture_output=True, check=False)
    (runner.workspace / "coverage.xml").write_text('<coverage line-rate="0.834"/>')
    log = runner.run_python(ci_scripts.REPORT_PYTEST, WHERE="Python 3.12", OUTPUT="findings_0")
    text = "1 of 2 failed, first tests.test_a::test_no, 83% of lines covered"
    title = "Tests on Python 3.12"
    assert runner.summary == f"### {title}: {text}\n```\ntests.test_a::test_no\n```\n"
    assert runner.output == f"findings_0={title}: {text}\n"
    assert log == f"::warning title={title}::{text.replace('%', '%25')}\n"


def test_tests_that_could_not_start_are_seen(runner: Runner) -> None:
    """`|| true` also hides that pytest is not there."""
    log = runner.run_python(ci_scripts.REPORT_PYTEST, WHERE="Python 3.12", OUTPUT="findings_0")
    assert log == "::warning title=Tests on Python 3.12::pytest did not run, see the log\n"


@pytest.fixture
def commit(runner: Runner) -> str:
    """The commit that is checked out in the workspace."""
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    for arguments in (["init", "-q"], [*identity, "commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *arguments], cwd=runner.workspace, check=True)
    command = ["git", "rev-parse", "HEAD"]
    done = subprocess.run(command, cwd=runner.workspace, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_branch_that_moved_on_is_seen(runner: Runner, commit: str) -> None:
    """A branch is checked out for prod; a commit that was not the tested one is a warning."""
    assert runner.run(deploy_scripts.COMPARE_WITH_TESTED, TESTED=commit) == ""
    log = runner.run(deploy_scripts.COMPARE_WITH_TESTED, TESTED="0" * 40)
    assert log == (
        f"::warning title=Not the tested commit::deploying {commit}, tested was {'0' * 40}\n"
    )


def test_the_package_is_stored_under_the_commit_it_was_made_of(runner: Runner, commit: str) -> None:
    """The key is that of the checkout, and is exported."""
    runner.stand_in("aws")
    target = {"TARGET": "s3://acme-packages/billing", "ARTIFACT_NAME": "lambda-package-dev"}
    runner.run(deploy_scripts.UPLOAD_TO_S3, **target)
    location = f"s3://acme-packages/billing/{commit}/lambda-package-dev.zip"
    assert runner.calls("aws") == [f"s3 cp --only-show-errors lambda-package.zip {location}"]
    assert runner.output == f"location={location}\n"


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
    if alias:  # one that exists is moved
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
    """The IAM action of a call of the AWS command line, whose commands are operations."""
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
    """One that only starts alike is another alias."""
    runner.stand_in("aws", there)
    runner.run(f"version=7\n{deploy_scripts.MOVE_ALIAS}", LAMBDA_FUNCTION="f", LAMBDA_ALIAS="live")
    look, moved = runner.calls("aws")
    assert look.startswith("lambda list-aliases --function-name f ")
    assert moved.startswith(f"lambda {change} --function-name f --name live --function-version 7 ")
