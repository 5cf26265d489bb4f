"""The scripts are run, with stand-ins for the tools that they call."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import Session

from components.documents.permissions import permissions_policy
from components.documents.workflows import scripts

BASH = {
    name: script
    for name, script in vars(scripts).items()
    if name.isupper() and name != "REPORT_PYTEST"
}


class Runner:
    """A job's workspace with the files and variables that GitHub gives a step."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.tools = folder / "tools"
        self.temporary = folder / "temporary"
        for made in (self.workspace, self.tools, self.temporary):
            made.mkdir()
        self._files = {name: folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for file in self._files.values():
            file.touch()

    def stand_in(self, tool: str, output: str = "") -> None:
        """A tool that writes down how it was called, and says `output`."""
        (self.tools / f"{tool}.out").write_text(output)
        script = self.tools / tool
        script.write_text('#!/bin/sh\necho "$*" >> "$0.calls"\ncat "$0.out"\n')
        script.chmod(0o755)

    def calls(self, tool: str) -> list[str]:
        """The arguments of each call of a stand-in."""
        file = self.tools / f"{tool}.calls"
        return file.read_text().splitlines() if file.exists() else []

    def run(self, script: str, **env: str) -> str:
        """Run a step as GitHub does; return what is in the log."""
        command = ["bash", "-e", "-c", script]
        return self._run(command, env)

    def run_python(self, script: str, **env: str) -> str:
        """Run a step with `shell: python`."""
        return self._run([sys.executable, "-c", script], env)

    def _run(self, command: list[str], env: dict[str, str]) -> str:
        given = {name: str(file) for name, file in self._files.items()}
        given |= {"PATH": f"{self.tools}:{os.environ['PATH']}", "RUNNER_TEMP": str(self.temporary)}
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env=given | env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def summary(self) -> str:
        """What the run's page shows."""
        return self._files["GITHUB_STEP_SUMMARY"].read_text()

    @property
    def output(self) -> str:
        """What later steps and jobs can read."""
        return self._files["GITHUB_OUTPUT"].read_text()


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
    ast.parse(scripts.REPORT_PYTEST, feature_version=(3, 8))


def test_requirements_are_installed_where_they_are_listed(runner: Runner) -> None:
    """Without the file nothing is installed, and nothing fails."""
    runner.stand_in("pip")
    runner.run(scripts.INSTALL)
    assert runner.calls("pip") == []
    (runner.workspace / "requirements.txt").touch()
    runner.run(scripts.INSTALL)
    assert runner.calls("pip") == ["install -r requirements.txt"]


def test_test_requirements_are_installed_by_what_exists(runner: Runner) -> None:
    """The tool and its plugin come with the repository's pins, in one resolution."""
    runner.stand_in("pip")
    runner.run(scripts.INSTALL_TEST_REQUIREMENTS)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (runner.workspace / name).touch()
    runner.run(scripts.INSTALL_TEST_REQUIREMENTS)
    assert runner.calls("pip") == [
        "install pytest pytest-cov",
        "install pytest pytest-cov -r requirements.txt -r requirements-dev.txt",
    ]


def test_tests_are_looked_for(runner: Runner) -> None:
    """The steps of the job ask this output; without tests the summary says so."""
    runner.run(scripts.FIND_TESTS)
    assert runner.output == "present=false\n"
    assert "no folder tests/" in runner.summary
    (runner.workspace / "tests").mkdir()
    runner.run(scripts.FIND_TESTS)
    assert runner.output == "present=false\npresent=true\n"


@pytest.mark.parametrize(
    ("name", "tool", "found", "title"),
    [
        (
            "REPORT_FLAKE8",
            "flake8",
            "./a.py:1:1: F401 'os' imported but unused\n./a.py:9:80: E501 line too long\n",
            "Flake8 on Python 3.12: 2 findings",
        ),
        (
            "REPORT_BANDIT",
            "bandit",
            "LOW: a.py:5: B105 hardcoded\nHIGH: a.py:2: B602 shell=True\n",
            "Bandit on Python 3.12: 2 findings, 1 of high severity",
        ),
    ],
)
def test_findings_are_seen(runner: Runner, name: str, tool: str, found: str, title: str) -> None:
    """What does not stop a run is in its summary and beside it as a warning; and only then."""
    runner.stand_in(tool, found)
    log = runner.run(BASH[name], PYTHON="3.12")
    assert log.startswith("::warning title=")
    heading, opening, *lines, closing = runner.summary.splitlines()
    assert (heading, opening, closing) == (f"### {title}", "```", "```")
    assert sorted(lines) == sorted(found.splitlines())
    assert "HIGH" in lines[0] or tool != "bandit", "the worst comes first"

    runner.stand_in(tool)
    assert runner.run(BASH[name], PYTHON="3.12") == ""
    assert "0 findings" in runner.summary.splitlines()[-1]


def test_failing_tests_and_coverage_are_seen(runner: Runner) -> None:
    """Counted from pytest's own report, so that tests run once."""
    tests = runner.workspace / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text("def test_yes(): pass\ndef test_no(): assert 0\n")
    report = f"--junit-xml={runner.temporary}/pytest.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", report, "tests"]
    subprocess.run(command, cwd=runner.workspace, capture_output=True, check=False)
    (runner.workspace / "coverage.xml").write_text('<coverage line-rate="0.834"/>')
    log = runner.run_python(scripts.REPORT_PYTEST, PYTHON="3.12")
    text = "Tests on Python 3.12: 1 of 2 failed, 83% of lines covered"
    assert runner.summary == f"### {text}\n```\ntests.test_a::test_no\n```\n"
    assert log == "::warning title=Tests on Python 3.12::1 of 2 failed, 83% of lines covered\n"


def test_tests_that_could_not_start_are_seen(runner: Runner) -> None:
    """`|| true` also hides that pytest is not there."""
    log = runner.run_python(scripts.REPORT_PYTEST, PYTHON="3.12")
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
    assert runner.run(scripts.COMPARE_WITH_TESTED, TESTED=commit) == ""
    log = runner.run(scripts.COMPARE_WITH_TESTED, TESTED="0" * 40)
    assert log == (
        f"::warning title=Not the tested commit::deploying {commit}, tested was {'0' * 40}\n"
    )


def test_the_package_is_stored_under_the_commit_it_was_made_of(runner: Runner, commit: str) -> None:
    """The key is that of the checkout, and is exported."""
    runner.stand_in("aws")
    target = {"TARGET": "s3://acme-packages/billing", "ARTIFACT_NAME": "lambda-package-dev"}
    runner.run(scripts.UPLOAD_TO_S3, **target)
    location = f"s3://acme-packages/billing/{commit}/lambda-package-dev.zip"
    assert runner.calls("aws") == [f"s3 cp --only-show-errors lambda-package.zip {location}"]
    assert runner.output == f"location={location}\n"


def test_a_deployment_calls_what_its_role_may_do_and_nothing_else(runner: Runner) -> None:
    """The calls of the script, by AWS's own service models, are the actions of the policy."""
    runner.stand_in("aws", "7\n")
    runner.run(scripts.DEPLOY_LAMBDA, LAMBDA_FUNCTION="billing-api", AWS_REGION="eu-west-1")
    assert "billing-api: version 7 in eu-west-1" in runner.summary
    assert "--query CodeSha256" in runner.calls("aws")[0], "the answer repeats the environment"
    policy = permissions_policy(
        account_id="111111111111",
        region="eu-west-1",
        repository="billing",
        lambda_function="billing-api",
        artifact_bucket=None,
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
