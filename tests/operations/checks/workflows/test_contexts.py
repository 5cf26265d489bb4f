from typing import Any

import pytest

from components.model.types import ENVIRONMENTS
from tests.operations.checks.workflows.chained import BILLING, SMOKE, found, with_smoke


def test_a_users_step_may_read_declared_secrets_only() -> None:
    """The problem of a missing secret is at the user's step, for each environment without it."""
    environments = {"prod": BILLING["environments"]["prod"]}
    step = SMOKE | {"env": {"KEY": "${{ secrets.API_KEY }}"}}
    declared = BILLING | {
        "deploy": {"command": "x", "after": [step]},
        "environments": environments,
    }
    assert [(place, text.partition(",")[0]) for place, text in found(declared)] == [
        ("deploy.after.0", "python-dev.yml"),
        ("deploy.after.0", "python-test.yml"),
    ]


def test_a_ci_job_has_no_environment_to_read_from() -> None:
    """Steps of CI jobs cannot read secrets of an environment: the value would be empty."""
    step = {"name": "Scan", "uses": "acme/scan@v1", "with": {"key": "${{ secrets.API_KEY }}"}}
    told = found(BILLING | {"ci": {"security": {"before": [step]}}})
    assert {place for place, _ in told} == {"ci.security.before.0"}
    assert all("the job has no environment" in text for _, text in told)


LOGIN = {"name": "Log in", "run": "./login.sh", "env": {"TOKEN": "${{ secrets.PYPI_TOKEN }}"}}
COMMAND = {"command": "./deploy.sh", "env": {"TOKEN": "${{ secrets.PYPI_TOKEN }}", "A": 1}}
SEVERAL = {
    "api": {"working_directory": "api"},
    "web": {"working_directory": "web", "before": [LOGIN]},
}


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        ({"package": {"kind": "wheel", "before": [SMOKE, LOGIN]}}, "package.before.1"),
        ({"packages": SEVERAL}, "packages.web.before.0"),
        ({"deploy": {"before": [LOGIN]}}, "deploy.before.0"),
        ({"deploy": COMMAND}, "deploy.env.TOKEN"),
    ],
    ids=["package", "packages", "deploy", "command"],
)
def test_every_secret_of_a_deployment_is_in_its_environment(
    declared: dict[str, Any], place: str
) -> None:
    """Each secret that a deployment reads must be in every environment, also while it packages."""
    declared = BILLING | {"deploy": {}} | declared
    told = found(declared)
    assert {at for at, _ in told} == {place}
    for environment, (_, text) in zip(ENVIRONMENTS, told, strict=True):
        assert f"reads secrets.PYPI_TOKEN, which environment {environment} has not" in text
    one = {"secrets": ["API_KEY", "PYPI_TOKEN"], "variables": {"LEVEL": "info"}}
    having = dict.fromkeys(ENVIRONMENTS, one)
    assert found(declared | {"environments": having}) == []


def test_a_service_of_the_tests_has_no_environment() -> None:
    """A service of the tests cannot read a secret of an environment."""
    service = {"image": "postgres:17", "env": {"PASSWORD": "${{ secrets.API_KEY }}"}}
    told = found(BILLING | {"ci": {"tests": {"services": {"db": service}}}})
    assert {place for place, _ in told} == {"ci.tests"}
    assert all("the job has no environment" in text for _, text in told)


@pytest.mark.parametrize("job", ["lint", "security", "tests"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_no_step_of_ci_reads_a_secret_of_an_environment(job: str, when: str) -> None:
    """No step of CI may read a secret of an environment, even if each environment has it."""
    told = found(BILLING | {"ci": {job: {when: [SMOKE]}}})
    assert {place for place, _ in told} == {f"ci.{job}.{when}.0"}
    assert all("the job has no environment" in text for _, text in told)


def test_a_quoted_name_is_no_reference() -> None:
    """A quoted name in an expression is not a reference."""
    assert found(with_smoke(KEY="${{ 'secrets.X' }}")) == []


@pytest.mark.parametrize("where", ["ci.lint.before", "deploy.after"])
def test_an_unmanaged_secret_may_be_read_in_each_job(where: str) -> None:
    """A secret that is declared unmanaged, such as an organisation's, may be read in each job."""
    part, name, *when = where.split(".")
    own = {name: {when[0]: [LOGIN]}} if when else {name: [LOGIN]}
    declared = BILLING | {part: own}
    assert found(declared) != []
    assert found(declared | {"unmanaged": {"secrets": ["pypi_*"]}}) == []
    assert found(declared | {"unmanaged": {"variables": ["pypi_*"], "secrets": ["NPM_*"]}}) != []
