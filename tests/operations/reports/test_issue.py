"""`drift` keeps one issue per stack on an emulated GitHub."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.cli.arguments import parser
from operations.reports.issues.api import Issues
from operations.reports.issues.one_issue import LABEL, publish
from operations.reports.publish import publish_reports
from sandbox.github import Store, serve
from sandbox.github.issues import Issue
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.operations.reports.samples import BRANCH, CLEAN, REVIEWERS, VARIABLE, report

R = "acme/slipway"
DRIFT = report(REVIEWERS, BRANCH)
PARTIAL = ("AWS is on holiday",)
WORLD = {
    "users": [{"login": "boss"}, {"login": "stranger"}],
    "organizations": [{"login": "acme", "admins": ["boss"]}],
    "repositories": [{"owner": "acme", "name": "slipway", "files": {"a": "1"}}],
    "tokens": [{"token": "t", "login": "boss"}, {"token": "other", "login": "stranger"}],
}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A GitHub with one repository; the environment points at it."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    server = serve(store)
    monkeypatch.setenv("GITHUB_BASE_URL", server.url)
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    monkeypatch.delenv("SLIPWAY_ISSUE_TOKEN", raising=False)
    yield store
    server.stop()


def issues(store: Store) -> list[Issue]:
    """Return all issues of the repository."""
    (repository,) = store.repositories.values()
    return list(repository.issues.values())


def test_drift_opens_one_issue_and_the_next_night_writes_nothing(store: Store) -> None:
    """Drift opens one issue; the same drift at another time writes nothing."""
    publish(DRIFT, R)
    (issue,) = issues(store)
    assert [label.name for label in issue.labels] == [LABEL]
    before = (issue.updated_at, issue.body)
    publish(replace(DRIFT, when=DRIFT.when.replace(day=24)), R)
    (issue,) = issues(store)
    assert (issue.updated_at, issue.body, issue.comments) == (*before, [])


def test_changed_drift_updates_body_and_comments(store: Store) -> None:
    """Changed drift updates the body and adds a comment that counts new and gone findings."""
    publish(DRIFT, R)
    publish(report(REVIEWERS, VARIABLE), R)
    (issue,) = issues(store)
    assert issue.comments[0].body.startswith("1 new, 1 gone: 2 findings now.")
    assert "acme/api" in issue.comments[0].body
    assert "acme/api" in (issue.body or "")
    publish(report(REVIEWERS), R)
    assert issue.comments[1].body.startswith("1 gone: 1 finding now.")


def test_a_clean_stack_closes_it_and_new_drift_opens_the_same(store: Store) -> None:
    """A clean stack closes its issue, and new drift opens the same issue again."""
    publish(DRIFT, R)
    publish(CLEAN, R)
    (issue,) = issues(store)
    assert (issue.state, len(issue.comments)) == ("closed", 1)
    publish(CLEAN, R)
    assert len(issue.comments) == 1
    publish(DRIFT, R)
    (issue,) = issues(store)
    assert issue.state == "open"
    assert issue.comments[1].body.startswith("Drift is back. 2 findings now.")


def test_a_partial_look_closes_nothing_and_calls_nothing_gone(store: Store) -> None:
    """A partial look closes no issue and calls nothing gone, but reports new findings."""
    publish(DRIFT, R)
    (issue,) = issues(store)
    body = issue.body
    for partial in (report(incomplete=PARTIAL), report(BRANCH, incomplete=PARTIAL)):
        publish(partial, R)
        assert (issue.state, issue.body, issue.comments) == ("open", body, [])
    publish(report(VARIABLE, incomplete=PARTIAL), R)
    assert issue.comments[0].body.startswith("1 new: 1 finding now.")


def test_a_clean_stack_without_issue_makes_none(store: Store) -> None:
    """A clean stack without an issue opens none."""
    publish(CLEAN, R)
    assert issues(store) == []


def test_of_two_made_at_once_the_older_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two issues made at the same time, the older stays open."""
    made = Issues.open

    def late(self: Issues, title: str, body: str, label: str) -> int:
        made(self, title, body, label)
        return made(self, title, body, label)

    monkeypatch.setattr(Issues, "open", late)
    publish(DRIFT, R)
    assert [(issue.number, issue.state) for issue in issues(store)] == [(1, "open"), (2, "closed")]


def test_stacks_do_not_share_an_issue(store: Store) -> None:
    """Stacks whose names begin alike have separate issues."""
    publish(DRIFT, R)
    publish(replace(DRIFT, stack="acme-2"), R)
    publish(CLEAN, R)
    assert [issue.state for issue in issues(store)] == ["closed", "open"]


def test_a_strangers_issue_with_the_marker_is_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An issue with the marker but without the label, by another author, is ignored."""
    publish(DRIFT, R)
    body = issues(store)[0].body or ""
    monkeypatch.setenv("GITHUB_TOKEN", "other")
    Issues(R).open("copy", body, LABEL)
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    publish(CLEAN, R)
    assert [issue.state for issue in issues(store)] == ["closed", "open"]


@pytest.mark.usefixtures("store")
def test_a_refused_token_and_a_wrong_name_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong repository name is exit code 2, a refused token 3, before any write."""
    with pytest.raises(ConfigurationError) as wrong:
        publish(DRIFT, "acme")
    assert wrong.value.exit_code is ExitCode.CONFIGURATION
    monkeypatch.setenv("SLIPWAY_ISSUE_TOKEN", "unknown")
    with pytest.raises(ConfigurationError) as refused:
        publish(DRIFT, R)
    assert refused.value.exit_code is ExitCode.AUTHENTICATION


def test_an_issue_that_cannot_be_written_stops_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one issue cannot be written, the others are written before the error is raised."""
    made = Issues.open

    def refusing(self: Issues, title: str, body: str, label: str) -> int:
        if title.endswith("acme"):
            raise ConfigurationError([Problem("GitHub", 0, "", "is away")], ExitCode.ERROR)
        return made(self, title, body, label)

    monkeypatch.setattr(Issues, "open", refusing)
    options = parser().parse_args(["drift", "--issue", R])
    with pytest.raises(ConfigurationError, match="is away") as failed:
        publish_reports([DRIFT, replace(DRIFT, stack="globex")], options)
    assert failed.value.exit_code is ExitCode.ERROR
    assert [issue.title for issue in issues(store)] == ["Drift in stack globex"]
