"""A tampered workflow gets no credentials that its job should not have.

Users with the right to push can write any workflow file. The protection is the id-token, the role's
trust policy and the environment's rules. Role ARNs are no secret, so the tampered files contain
them.
"""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.workflows.conftest import ACCOUNTS, REGION, Acme
from tests.workflows.environments import JobRefusedError
from tests.workflows.outcome import Run
from tests.workflows.triggers import parse

PATH = ".github/workflows/python-dev.yml"
#: STS has one message for every trust policy that does not match.
REFUSED = "Not authorized to perform sts:AssumeRoleWithWebIdentity (AccessDenied)"
Change = Callable[[dict[str, Any]], object]


def role(acme: Acme, name: str) -> str:
    """Return the ARN of a role that exists: AWS has the same message for a missing role."""
    account = ACCOUNTS[name.rpartition("-")[2]]
    return str(acme.world.iam(account).get_role(RoleName=name)["Role"]["Arn"])


@pytest.fixture(autouse=True)
def _untampered(acme: Acme) -> None:
    """Undo what another test has pushed: a push runs every workflow file of the branch."""
    place = "repos/acme/stolen/git"
    tip = acme.world.github("GET", f"{place}/ref/heads/main")["object"]["sha"]
    acme.world.github("PATCH", f"{place}/refs/heads/develop", {"sha": tip, "force": True})


def tampered(acme: Acme, change: Change, assumed: str, path: str = PATH) -> Run:
    """Run python-dev.yml on develop, with a changed deployment and without checks, from a path."""
    file = acme.world.github("GET", f"repos/acme/stolen/contents/{PATH}?ref=main")
    text = base64.b64decode(file["content"]).decode()
    workflow = parse(text)
    job = workflow["jobs"].pop("deploy-dev")
    del job["needs"]
    (credentials,) = (s for s in job["steps"] if "configure-aws-credentials" in s.get("uses", ""))
    credentials["with"] |= {"role-to-assume": role(acme, assumed), "aws-region": REGION}
    change(job)
    workflow["jobs"] = {"deploy-dev": job}
    acme.commit("stolen", "develop", path, json.dumps(workflow, ensure_ascii=False))  # JSON is YAML
    return acme.push("stolen", "develop")[path.rpartition("/")[2]]


def unchanged(_job: dict[str, Any]) -> None:
    """Leave the job unchanged."""


def test_the_unchanged_job_assumes_its_role(acme: Acme) -> None:
    """The unchanged job assumes its role, so the refusals below come from the tampering."""
    run = tampered(acme, unchanged, "acme.stolen-dev")
    assert run.results == {"deploy-dev": "success"}, run.text
    assert "assumed-role/acme.stolen-dev/" in run.summary


@pytest.mark.parametrize(
    ("change", "assumed"),
    [
        pytest.param(lambda job: job.pop("environment"), "acme.stolen-dev", id="no environment"),
        pytest.param(
            lambda job: job.update(environment="staging"), "acme.stolen-dev", id="new environment"
        ),
        pytest.param(unchanged, "acme.stolen-test", id="role of another environment"),
        pytest.param(unchanged, "acme.stolen-prod", id="role of production"),
        pytest.param(unchanged, "acme.orders-dev", id="role of another repository"),
    ],
)
def test_aws_refuses_another_subject(acme: Acme, change: Change, assumed: str) -> None:
    """AWS refuses a token whose subject is not the one of the role's trust policy."""
    run = tampered(acme, change, assumed)
    assert run.results == {"deploy-dev": "failure"}, run.text
    assert any(REFUSED in error for error in run.errors), run.text
    assert run.artifacts == {}


def test_aws_refuses_another_file_of_the_environment(acme: Acme) -> None:
    """The role is pinned to python-dev.yml, so the same job in another file does not assume it."""
    run = tampered(acme, unchanged, "acme.stolen-dev", PATH.replace("python-dev", "other"))
    assert run.results == {"deploy-dev": "failure"}, run.text
    assert any(REFUSED in error for error in run.errors), run.text


@pytest.mark.parametrize("environment", ["test", "prod"])
def test_github_refuses_another_branch(acme: Acme, environment: str) -> None:
    """The environment's branch policy does not admit a job of develop, so there is no token."""
    with pytest.raises(JobRefusedError, match='Branch "develop" is not allowed to deploy to'):
        tampered(
            acme, lambda job: job.update(environment=environment), f"acme.stolen-{environment}"
        )


def test_github_gives_no_token_without_the_permission(acme: Acme) -> None:
    """Without `id-token: write` GitHub gives the job no token."""
    run = tampered(acme, lambda job: job["permissions"].pop("id-token"), "acme.stolen-dev")
    assert run.results == {"deploy-dev": "failure"}, run.text
    assert run.errors
    assert not any(REFUSED in error for error in run.errors)
