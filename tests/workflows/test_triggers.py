"""The workflow files that an event starts."""

import pytest

from sandbox.github.runs.filters import matches
from tests.workflows.events import Event
from tests.workflows.triggers import started


def pushed(branch: str, message: str = "Work") -> Event:
    """A push."""
    payload = {"head_commit": {"message": message}}
    return Event("push", "acme/x", f"refs/heads/{branch}", "0" * 40, payload)


@pytest.mark.parametrize(
    ("name", "patterns", "taken"),
    [
        ("main", None, True),
        ("main", ["main"], True),
        ("main2", ["main"], False),
        ("feature/a", ["feature/*"], True),
        ("feature/a/b", ["feature/*"], False),
        ("feature/a/b", ["feature/**"], True),
        ("v2", ["v[12]"], True),
        ("v22", ["v2+"], True),
        ("v2+", ["v2+"], False),
        ("v2+", [r"v2\+"], True),
        ("releases/10", ["releases/**", "!releases/10"], False),
        ("releases/10", ["!releases/10", "releases/**"], True),
        ("a.b", ["a.b"], True),
        ("axb", ["a.b"], False),
    ],
)
def test_filter_patterns(name: str, patterns: list[str] | None, taken: bool) -> None:  # noqa: FBT001 - a column
    """Filter patterns match as in GitHub's cheat sheet."""
    assert matches(name, patterns) is taken


def test_a_push_starts_files_that_name_its_branch() -> None:
    """A push starts the files whose `on`, in any form, names its branch, and no others."""
    files = {
        "word": "on: push",
        "list": "on: [push, pull_request]",
        "filtered": "on: {push: {branches: [main]}}",
        "other": "on: {push: {branches: [develop]}}",
        "event": "on: {workflow_run: {workflows: [x]}}",
    }
    assert started(pushed("main"), files) == ["word", "list", "filtered"]


@pytest.mark.parametrize("word", ["[skip ci]", "[actions skip]"])
def test_a_commit_can_ask_for_no_run(word: str) -> None:
    """[skip ci] and its variants count anywhere in the message of the pushed commit."""
    assert started(pushed("main", f"Work {word} today"), {"any": "on: push"}) == []


def test_an_unknown_filter_is_not_passed_over() -> None:
    """A filter that the tests do not understand stops the test."""
    with pytest.raises(NotImplementedError, match="paths"):
        started(pushed("main"), {"any": "on: {push: {paths: [src]}}"})
