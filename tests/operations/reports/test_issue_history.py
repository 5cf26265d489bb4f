"""The issue of a stack over many nights: people, partial looks, refusals and requests."""

import os
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests

from components.config.problems import ConfigurationError, ExitCode
from operations.reports.as_markdown import as_markdown
from operations.reports.issues.api import Issues
from operations.reports.issues.one_issue import publish
from sandbox.github import Store
from tests.operations.reports.samples import BRANCH, CLEAN, HOSTILE, REVIEWERS, VARIABLE, report
from tests.operations.reports.test_issue import DRIFT, PARTIAL, R, issues, store

__all__ = ["store"]


def sent() -> tuple[int, int]:
    """Return the number of requests since the last call, and how many of them write."""
    parts = urlsplit(os.environ["GITHUB_BASE_URL"])
    control = f"{parts.scheme}://{parts.netloc}/_sandbox/requests"
    report = requests.get(control, timeout=5).json()
    requests.post(f"{control}/reset", timeout=5).raise_for_status()
    return report["total"], report["writes"]


def first_lines(store: Store) -> list[str]:
    """Return the first line of each comment on the only issue."""
    (issue,) = issues(store)
    return [comment.body.splitlines()[0] for comment in issue.comments]


@pytest.mark.usefixtures("store")
def test_a_night_without_news_sends_one_request() -> None:
    """A night without news sends one request, also with hostile text in the body."""
    drift = report(REVIEWERS, VARIABLE, replace(BRANCH, live=HOSTILE))
    publish(drift, R)
    assert sent() == (4, 2)
    publish(replace(drift, when=drift.when.replace(day=24)), R)
    assert sent() == (1, 0)
    publish(CLEAN, R)
    assert sent() == (3, 2)
    publish(CLEAN, R)
    assert sent() == (1, 0)


def test_after_a_race_the_older_is_the_one_opened_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After two runs made an issue each, new drift opens the older one again."""
    made = Issues.open

    def late(self: Issues, title: str, body: str, label: str) -> int:
        made(self, title, body, label)
        return made(self, title, body, label)

    with monkeypatch.context() as racing:
        racing.setattr(Issues, "open", late)
        publish(DRIFT, R)
    publish(CLEAN, R)
    publish(DRIFT, R)
    assert [(issue.number, issue.state) for issue in issues(store)] == [(1, "open"), (2, "closed")]


def test_a_partial_look_forgets_nothing(store: Store) -> None:
    """Findings that a partial look did not see are neither new nor gone in the next look."""
    publish(DRIFT, R)
    publish(report(VARIABLE, incomplete=PARTIAL), R)
    publish(report(REVIEWERS, BRANCH, VARIABLE), R)
    assert first_lines(store) == ["1 new: 1 finding now."]
    publish(report(VARIABLE), R)
    assert first_lines(store)[1:] == ["2 gone: 1 finding now."]


def test_an_issue_that_a_user_closed_stays_closed_until_new_drift(store: Store) -> None:
    """An issue that a user closed stays closed until there is new drift."""
    publish(DRIFT, R)
    (issue,) = issues(store)
    issue.state = "closed"
    publish(DRIFT, R)
    assert (issue.state, issue.comments) == ("closed", [])
    publish(report(REVIEWERS, BRANCH, VARIABLE), R)
    assert (issue.state, first_lines(store)) == ("open", ["1 new: 3 findings now."])
    issue.state = "closed"
    publish(CLEAN, R)
    publish(DRIFT, R)
    assert issue.state == "open"
    assert first_lines(store)[1:] == ["Drift is back. 2 findings now."]


def test_without_the_right_to_set_labels_no_issue_is_opened(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to set labels no issue is opened, since it would not be found again."""
    monkeypatch.setenv("GITHUB_TOKEN", "other")
    with pytest.raises(ConfigurationError) as refused:
        publish(DRIFT, R)
    assert refused.value.exit_code is ExitCode.AUTHENTICATION
    assert "write issues and labels" in refused.value.problems[0].text
    assert issues(store) == []


def test_refusals_are_explained(store: Store) -> None:
    """Disabled issues and a missing repository are explained."""
    with pytest.raises(ConfigurationError) as absent:
        publish(DRIFT, "acme/none")
    assert "the repository does not exist" in absent.value.problems[0].text
    (repository,) = store.repositories.values()
    repository.settings["has_issues"] = False
    with pytest.raises(ConfigurationError) as disabled:
        publish(DRIFT, R)
    assert "issues are disabled" in disabled.value.problems[0].text


def test_a_long_reason_leaves_room_for_findings() -> None:
    """A very long reason does not displace the findings."""
    assert "reviewers" in as_markdown([report(REVIEWERS, incomplete=("$" * 20_000,))])


@pytest.mark.usefixtures("store")
def test_progress_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Progress goes to stderr, and nothing to stdout."""
    publish(DRIFT, R)
    assert capsys.readouterr() == ("", "acme: issue in acme/slipway: #1 opened\n")
