"""Refusals of the stand-in for checkout, without a run."""

from typing import Any

import pytest

from tests.workflows.actions.checkout.refuse import is_a_forks

OURS, FORKS = {"id": 1}, {"id": 2}
HEAD, MERGE, BASE = "a" * 40, "b" * 40, "c" * 40


def workflow_run(of: dict[str, int], event: str = "pull_request") -> dict[str, Any]:
    """Return the payload of a run that another run started."""
    run = {"event": event, "head_repository": of, "head_sha": HEAD, "head_commit": {"id": HEAD}}
    return {"repository": OURS, "workflow_run": run}


def pull_request(of: dict[str, int]) -> dict[str, Any]:
    """Return the payload of a pull request's event."""
    request = {"head": {"repo": of, "sha": HEAD}, "merge_commit_sha": MERGE}
    return {"repository": OURS, "pull_request": request}


@pytest.mark.parametrize(
    ("event", "payload", "ref"),
    [
        ("workflow_run", workflow_run(FORKS), HEAD),
        ("workflow_run", workflow_run(FORKS), HEAD.upper()),
        ("workflow_run", workflow_run(FORKS), "refs/pull/7/merge"),
        ("pull_request_target", pull_request(FORKS), HEAD),
        ("pull_request_target", pull_request(FORKS), MERGE),
    ],
)
def test_a_forks_code_is_refused(event: str, payload: dict[str, Any], ref: str) -> None:
    """A fork's code is refused if the job has the repository's own token and secrets."""
    assert is_a_forks(event, payload, ref)


@pytest.mark.parametrize(
    ("event", "payload", "ref"),
    [
        ("workflow_run", workflow_run(OURS), HEAD),
        ("workflow_run", workflow_run(FORKS), BASE),
        ("workflow_run", workflow_run(FORKS), "main"),
        ("workflow_run", workflow_run(FORKS, "push"), HEAD),
        ("pull_request_target", pull_request(OURS), HEAD),
        ("pull_request_target", pull_request(FORKS), BASE),
        ("pull_request", pull_request(FORKS), HEAD),
        ("push", {"repository": OURS}, HEAD),
    ],
)
def test_other_code_is_checked_out(event: str, payload: dict[str, Any], ref: str) -> None:
    """The repository's own code is checked out, and a fork's if the job has no secrets."""
    assert not is_a_forks(event, payload, ref)
