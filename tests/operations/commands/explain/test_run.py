"""A run of GitHub Actions by its page: its job, its environments, and what it waits for."""

from dataclasses import replace
from typing import Any

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.github_host import GITHUB_COM
from operations.commands.explain.given.run import Run, read_run
from operations.commands.explain.job import Job
from operations.commands.explain.seen.look import Home
from tests.operations.commands.explain.github import github
from tests.operations.diff import worlds

PAGE = "https://github.com/Acme/billing/actions/runs/5"
RUN = "repos/acme/billing/actions/runs/5"
REFS = "repos/acme/billing/git/matching-refs"
FILE = ".github/workflows/deploy.yml"
#: The members of a run that slipway reads (docs.github.com: rest/actions/workflow-runs).
TOLD: dict[str, Any] = {
    "event": "push",
    "head_branch": "release/1",
    "head_sha": "abc",
    "path": f"{FILE}@refs/heads/release/1",
    "actor": {"login": "octocat", "id": 9},
    "repository": {"id": 7},
    "head_repository": {"id": 7},
    "pull_requests": [],
}
ACTOR = {"actor": "octocat", "actor_id": "9"}
JOB = Job(event="push", ref="refs/heads/release/1", path=FILE, commit="abc", actor=ACTOR)


def read(url: str = PAGE, answers: dict[str, Any] | None = None, **told: Any) -> Run:
    """The run at an address, with other members."""
    live = worlds.as_declared(worlds.stack(), default_branch="trunk").repositories["billing"]
    assert live is not None
    home = Home(live=live, owner="acme", owner_id="1")
    return read_run(github({RUN: TOLD | told, **(answers or {})}), home, GITHUB_COM, url)


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        f" {PAGE}\n",
        f"{PAGE}/job/17?pr=2",
        f"{PAGE}/attempts/2/job/3#step:1:2",
        f"{PAGE}/",
        "http://GitHub.com:443/acme/BILLING/actions/runs/5",
    ],
)
def test_a_page_of_a_run_tells_its_job(url: str) -> None:
    """The pages of a run, of its attempts and of its jobs are the run's."""
    assert read(url) == Run(job=JOB, environments=())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "https://github.com/acme/billing/pull/5",
            (
                "https://github.com/acme/billing/pull/5 is no address of a run: give "
                "https://HOST/OWNER/REPOSITORY/actions/runs/ID, as in the browser"
            ),
        ),
        (
            PAGE.replace("github.com", "git.example"),
            "is a run on git.example, and the stack's GitHub is github.com",
        ),
        (
            PAGE.replace("billing", "other"),
            "is a run of Acme/other, and the repository is acme/billing",
        ),
        (f"{PAGE}1", "GitHub shows no run 51 of acme/billing"),
    ],
)
def test_an_address_that_is_no_run_of_the_repository_is_a_problem(url: str, said: str) -> None:
    """The found value and the expected one are told."""
    with pytest.raises(ConfigurationError) as refused:
        read(url)
    assert refused.value.problems == (Problem("--run", 0, "", said),)


@pytest.mark.parametrize(
    ("told", "answers", "ref"),
    [
        ({}, {}, "refs/heads/release/1"),
        (
            {},
            {
                f"{REFS}/{kind}/release/1": [{"ref": f"refs/{kind}/release/1"}]
                for kind in ("tags", "heads")
            },
            "refs/heads/release/1",
        ),
        (
            {},
            {
                f"{REFS}/heads/release/1": [{"ref": "refs/heads/release/10"}],
                f"{REFS}/tags/release/1": [{"ref": "refs/tags/release/1"}],
            },
            "refs/tags/release/1",
        ),
        (
            {"head_branch": "a#b"},
            {f"{REFS}/tags/a%23b": [{"ref": "refs/tags/a#b"}]},
            "refs/tags/a#b",
        ),
        ({"event": "schedule"}, {}, "refs/heads/trunk"),
        ({"event": "workflow_run"}, {}, "refs/heads/trunk"),
        ({"event": "pull_request_target"}, {}, "refs/heads/release/1"),
    ],
)
def test_the_ref_is_the_one_of_the_name_that_exists(
    told: dict[str, Any], answers: dict[str, Any], ref: str
) -> None:
    """A run tells a name: a branch's, else a tag's; some events are on the default branch."""
    event = told.get("event", "push")
    assert read(answers=answers, **told).job == replace(JOB, event=event, ref=ref)


@pytest.mark.parametrize(
    ("told", "ref", "of_fork"),
    [
        ({"pull_requests": [{"number": 3}, {"number": 4}]}, "refs/pull/3/merge", False),
        ({"head_repository": {"id": 8}}, "refs/pull/NUMBER/merge", True),
        ({"head_repository": None, "pull_requests": None}, "refs/pull/NUMBER/merge", True),
    ],
)
def test_a_pull_request_is_on_its_merge(told: dict[str, Any], ref: str, *, of_fork: bool) -> None:
    """No commit is known; without its number, which a fork's has not, the ref is open."""
    job = replace(JOB, event="pull_request", ref=ref, commit=None, of_fork=of_fork)
    assert read(event="pull_request", **told).job == job


def test_only_a_pull_request_is_of_a_fork() -> None:
    """A push is of the repository itself."""
    assert not read(head_repository={"id": 8}).job.of_fork


def test_an_actor_that_is_gone_is_not_known() -> None:
    """GitHub tells null for a deleted user."""
    assert read(actor=None).job.actor is None


def test_what_a_run_waits_for_is_a_note() -> None:
    """Users and teams that may approve, wait timers and reviews; each environment once."""
    user, team = {"reviewer": {"login": "octocat"}}, {"reviewer": {"slug": "platform"}}
    waiting = [
        {"environment": {"name": "Prod"}, "reviewers": [user, team]},
        {"environment": {"name": "test"}, "reviewers": []},
        {"environment": {"name": "test"}},
        {"environment": {"name": "test"}, "reviewers": [{"reviewer": None}]},
    ]
    both = [{"name": "dev"}, {"name": "Prod"}]
    reviews = [
        {"state": "approved", "user": {"login": "hubot"}, "environments": both},
        {"state": "rejected", "user": None, "environments": [{"name": "dev"}]},
    ]
    answers = {f"{RUN}/pending_deployments": waiting, f"{RUN}/approvals": reviews}
    run = read(answers=answers)
    assert run.environments == ("Prod", "test", "dev")
    assert run.job.notes == (
        "the run waits for Prod: approval by octocat or platform",
        "the run waits for test: its wait timer",
        "the run waits for test: its wait timer",
        "the run waits for test: approval by a reviewer whom GitHub does not name",
        "hubot approved the deployment to dev, Prod",
        "a deleted user rejected the deployment to dev",
    )


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({RUN: {"event": "push"}}, "KeyError: 'head_branch'"),
        ({f"{RUN}/approvals": [{}]}, "KeyError: 'environments'"),
        ({f"{RUN}/pending_deployments": [{}]}, "KeyError: 'environment'"),
    ],
)
def test_another_answer_is_an_error_of_github(answers: dict[str, Any], text: str) -> None:
    """An answer without documented members is no crash."""
    with pytest.raises(ConfigurationError) as refused:
        read(answers=answers)
    said = f"answers in a form that cannot be read: {text}"
    assert refused.value.problems == (Problem("https://api.github.com/", 0, "", said),)
    assert refused.value.exit_code is ExitCode.ERROR
