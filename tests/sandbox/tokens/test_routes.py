from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.tokens import ISSUER, Issuer
from tests.sandbox.tokens.conftest import Runner


def test_a_token_verifies_with_the_published_keys(runner: Runner, issuer: Issuer) -> None:
    """A token verifies with the published keys, which have no private part."""
    _, run = runner.register()
    _, answer = runner.ask("plain", run)
    found = runner._client.get("/_sandbox/issuer/.well-known/jwks").get_json()
    token = jwt.decode(answer["value"], KeySet.import_key_set(found), algorithms=["RS256"])
    assert token.claims["iss"] == ISSUER
    assert answer["count"] == len(answer["value"])
    assert all("d" not in key for key in found["keys"])
    discovery = runner._client.get("/_sandbox/issuer/.well-known/openid-configuration").get_json()
    assert discovery == issuer.discovery(ISSUER)
    assert set(token.claims) <= set(discovery["claims_supported"])


@pytest.mark.parametrize(("job", "status"), [("test", 403), ("none", 403), ("called", 501)])
def test_a_job_without_the_permission_gets_no_token(runner: Runner, job: str, status: int) -> None:
    """The workflow file decides about the permission; syntax that is not evaluated is refused."""
    _, run = runner.register()
    assert runner.ask(job, run)[0] == status


def test_only_the_run_itself_gets_tokens(runner: Runner) -> None:
    """Another run's request token is refused, and so is a run from before a reset."""
    _, run = runner.register()
    _, other = runner.register()
    assert runner.ask("plain", run, token=other["request_token"])[0] == 401
    assert runner.ask("plain", run, token="x")[0] == 401
    runner.store.reset()
    assert runner.ask("plain", run)[0] == 404


def test_the_environment_must_admit_the_ref(runner: Runner) -> None:
    """A job whose environment does not admit the ref gets no token."""
    _, run = runner.register(ref="refs/heads/develop")
    status, answer = runner.ask("deploy", run)
    assert (status, "not allowed to deploy" in answer["message"]) == (403, True)
    assert runner.ask("plain", run)[0] == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"repository": "acme/none"},
        {"actor": "nobody"},
        {"workflow": ".github/workflows/none.yml"},
        {"workflow": "elsewhere.yml"},
        {"event": "issue_comment"},
        {"sha": "0" * 40},
        {"ref": "refs/heads/none"},
        {"event": "pull_request", "ref": "refs/pull/1/merge"},
        {"environment": "prod"},
    ],
)
def test_a_run_that_github_could_not_start_is_refused(
    runner: Runner, changes: dict[str, Any]
) -> None:
    """A run with unknown objects, or with members of the workflow file, is refused."""
    assert runner.register(**changes)[0] == 422


def test_a_commit_must_be_on_the_ref(runner: Runner) -> None:
    """A run's commit must be on its ref: otherwise any branch could deploy as main."""
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    develop = repository.git.branches()["develop"]
    assert runner.register(ref="refs/heads/main", sha=develop)[0] == 422
    assert runner.register(ref="refs/heads/develop", sha=develop)[0] == 201


def test_a_run_id_is_given_once(runner: Runner) -> None:
    """A used run id is refused, so that two runs never share an identity."""
    assert runner.register(run_id=7)[1]["id"] == "7"
    assert runner.register(run_id=7)[0] == 422
