"""Findings of the checks are reported, and stop no deployment."""

import base64
import hashlib
import re

import pytest

from tests.workflows.conftest import ACCOUNTS, Acme
from tests.workflows.outcome import Run

CI = ["python-lint", "python-security", "python-tests"]


def pushed(acme: Acme, repository: str) -> Run:
    """Return the run of python-dev.yml after a commit to develop."""
    acme.commit(repository, "develop", "more.txt", "more\n")
    (run,) = acme.push(repository, "develop").values()
    return run


@pytest.fixture(scope="module")
def broken(acme: Acme) -> Run:
    """Unused imports, a dangerous call, a failing test, no requirements, a busy function."""
    busy = {"account": ACCOUNTS["dev"], "function": "broken-api"}
    address = f"{acme.world.record.aws_url}/_sandbox/function-updates"
    assert acme.world.session.post(address, json=busy, timeout=30).ok
    return pushed(acme, "broken")


@pytest.fixture(scope="module")
def bare(acme: Acme) -> Run:
    """No tests, no requirements, and only a name in the declaration."""
    return pushed(acme, "bare")


def test_a_deployment_follows_in_spite_of_findings(acme: Acme, broken: Run) -> None:
    """The function is updated, although lint, security and tests have findings.

    Another update of the function was running, which Lambda does not allow to be interrupted.
    """
    assert broken.results["deploy-dev"] == "success"
    package = broken.artifacts["lambda-package-dev"].files["lambda-package.zip"]
    functions = acme.aws("dev", "lambda")
    deployed = functions.get_function(FunctionName="broken-api")["Configuration"]["CodeSha256"]
    assert deployed == base64.b64encode(hashlib.sha256(package).digest()).decode()


@pytest.mark.parametrize(
    ("tool", "seen"),
    [("Flake8", "F401"), ("Bandit", "B307"), ("Tests", "test_wrong")],
)
def test_each_finding_is_reported(broken: Run, tool: str, seen: str) -> None:
    """Each finding is a warning of the run, and is shown in the summary."""
    assert [line for line in broken.warnings if line.startswith(tool)]
    assert seen in broken.summary


def test_without_tests_the_deployment_follows(bare: Run) -> None:
    """Without tests the tests' job succeeds, so that jobs that need it are not skipped."""
    assert bare.results == dict.fromkeys([*CI, "deploy-dev"], "success")
    assert not any("test session starts" in line for line in bare.log)
    assert [line for line in bare.summary.splitlines() if "tests/" in line]


def test_without_a_declared_deployment_nothing_is_deployed(bare: Run) -> None:
    """Without a declared deployment the job packages, assumes the role, and the summary says so."""
    assert "Nothing deployed" in bare.summary
    assert "arn:aws:sts::111111111111:assumed-role/acme.bare-dev/" in bare.summary
    assert list(bare.artifacts) == ["lambda-package-dev"]


def test_a_failed_check_stops_no_deployment(acme: Acme) -> None:
    """If requirements do not exist, no check can run, and the deployment still follows."""
    run = pushed(acme, "unbuildable")
    assert any("no-such-package" in line for line in run.log)
    assert "failure" in run.jobs["python-lint"].steps.values()
    assert run.results["deploy-dev"] == "success"
    for tool in ("Flake8", "Bandit"):
        assert re.search(rf"### {tool} on Python [\d.]+: did not run, see the log\n", run.summary)
        assert f"{tool}: did not run, see the log" in run.warnings
