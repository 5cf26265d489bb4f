"""The deployments of a run that wait for the rules of their environments, and their reviews."""

from typing import Any

from tests.sandbox.tokens.conftest import Runner

RUNS = "/api/v3/repos/acme/billing/actions/runs"


def asked(runner: Runner, method: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status and answer of the REST API."""
    headers = {"Authorization": "Bearer reader"}
    answer = runner._client.open(f"{RUNS}/{path}", method=method, json=body, headers=headers)
    return answer.status_code, answer.get_json()


def protected(runner: Runner, *, reviewer: str | None = "octocat", minutes: int = 0) -> int:
    """Give prod a reviewer and a wait timer; returns the environment's id."""
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    prod = repository.environments["prod"]
    who = runner.store.account(reviewer) if reviewer else None
    prod.protection.reviewers = (who,) if who else ()
    prod.protection.wait_timer = minutes
    return prod.id


def started(runner: Runner) -> int:
    """Register a run; returns its id."""
    status, run = runner.register()
    assert status == 201, run
    return int(run["id"])


def test_a_run_waits_for_the_rules_of_its_environments(runner: Runner) -> None:
    """A run's job with a protected environment waits; without rules none does."""
    assert asked(runner, "GET", f"{started(runner)}/pending_deployments") == (200, [])
    protected(runner, minutes=30)
    number = started(runner)
    _, (waiting,) = asked(runner, "GET", f"{number}/pending_deployments")
    assert waiting["environment"]["name"] == "prod"
    assert waiting["wait_timer"] == 30
    assert waiting["current_user_can_approve"] is True
    assert [who["reviewer"]["login"] for who in waiting["reviewers"]] == ["octocat"]
    status, run = asked(runner, "GET", str(number))
    assert (status, run["event"], run["head_branch"]) == (200, "push", "main")


def test_a_review_ends_the_wait_and_stays(runner: Runner) -> None:
    """After a review nothing waits, and the history has it; a second review is refused."""
    prod = protected(runner)
    number = started(runner)
    body = {"environment_ids": [prod], "state": "approved", "comment": "Ship it!"}
    status, (deployment,) = asked(runner, "POST", f"{number}/pending_deployments", body)
    assert (status, deployment["environment"]) == (200, "prod")
    assert asked(runner, "GET", f"{number}/pending_deployments") == (200, [])
    _, (review,) = asked(runner, "GET", f"{number}/approvals")
    assert (review["state"], review["user"]["login"]) == ("approved", "octocat")
    assert [one["name"] for one in review["environments"]] == ["prod"]
    assert asked(runner, "POST", f"{number}/pending_deployments", body)[0] == 422


def test_only_a_required_reviewer_reviews(runner: Runner) -> None:
    """Another user is refused, and the deployment still waits."""
    prod = protected(runner, reviewer=None, minutes=1)
    number = started(runner)
    body = {"environment_ids": [prod], "state": "approved", "comment": ""}
    assert asked(runner, "POST", f"{number}/pending_deployments", body)[0] == 422
    assert len(asked(runner, "GET", f"{number}/pending_deployments")[1]) == 1


def test_a_run_of_another_repository_is_not_shown(runner: Runner) -> None:
    """A run is below its own repository only."""
    status, run = runner.register(repository="acme/fresh")
    assert status == 201
    for path in ("", "/approvals", "/pending_deployments"):
        assert asked(runner, "GET", f"{run['id']}{path}")[0] == 404
