"""Runs in GitHub's REST API: filters compare names, also those of forks."""

from typing import Any

import pytest

from tests.sandbox.tokens.conftest import WORKFLOW, Runner

LIST = "/api/v3/repos/acme/billing/actions/workflows/ci.yml/runs"


def listed(runner: Runner, filters: str = "") -> list[dict[str, Any]]:
    """The runs that the API lists."""
    headers = {"Authorization": "Bearer reader"}
    answer = runner._client.get(f"{LIST}{filters}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["workflow_runs"]
    return found


def ended(runner: Runner, **changes: Any) -> int:
    """Register a run and end it successfully; returns its id."""
    status, run = runner.register(**changes)
    assert status == 201, run
    end = {"conclusion": "success", "title": "named"}
    answer = runner._client.patch(f"/_sandbox/runs/{run['id']}", json=end)
    assert answer.status_code == 204
    return int(run["id"])


def fork_run(runner: Runner) -> int:
    """Register a run of a pull request from a fork's main; returns its id."""
    return ended(
        runner,
        event="pull_request",
        ref="refs/pull/1/merge",
        head_ref="main",
        base_ref="main",
        head_repository="acme/fresh",
    )


def test_a_filter_by_branch_compares_names(runner: Runner) -> None:
    """A push to main, a tag `main` and a fork's branch `main` have one `head_branch`."""
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    develop = repository.git.branches()["develop"]
    repository.git.set_ref("refs/tags/main", develop)
    pushed = ended(runner)
    tagged = ended(runner, ref="refs/tags/main", sha=develop)
    foreign = fork_run(runner)
    ended(runner, ref="refs/heads/develop", sha=develop)
    found = {run["id"]: run for run in listed(runner, "?branch=main&status=success")}
    assert list(found) == [foreign, tagged, pushed]
    assert found[foreign]["head_repository"]["full_name"] == "acme/fresh"
    assert {run["path"] for run in found.values()} == {WORKFLOW}
    assert [run["id"] for run in listed(runner, "?branch=main&event=push")] == [tagged, pushed]


def test_a_run_is_successful_at_its_end(runner: Runner) -> None:
    """A run has a conclusion only after its end."""
    status, _ = runner.register()
    assert status == 201
    assert [run["conclusion"] for run in listed(runner, "?status=in_progress")] == [None]
    assert listed(runner, "?status=success") == []
    ended(runner)
    assert [run["display_title"] for run in listed(runner, "?status=success")] == ["named"]


def test_a_forks_run_gets_no_token(runner: Runner) -> None:
    """A fork's run gets no token, even if its workflow file has the permission."""
    assert runner.register(head_repository="acme/fresh")[0] == 422, "a push names no fork"
    _, run = runner.register(
        event="pull_request",
        ref="refs/pull/1/merge",
        head_ref="main",
        base_ref="main",
        head_repository="acme/fresh",
    )
    assert runner.ask("plain", run)[0] == 403


@pytest.mark.parametrize(
    ("basehead", "status"),
    [
        ("main...main", "identical"),
        ("main...develop", "ahead"),
        ("develop...main", "behind"),
        ("main...none", None),
        ("main", None),
    ],
)
def test_commits_are_compared(runner: Runner, basehead: str, status: str | None) -> None:
    """The status says how HEAD differs from BASE."""
    path = f"/api/v3/repos/acme/billing/compare/{basehead}"
    answer = runner._client.get(path, headers={"Authorization": "Bearer reader"})
    assert answer.get_json().get("status") == (status or "404")
