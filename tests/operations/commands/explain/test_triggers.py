"""Whether an event starts a workflow: as the sandbox's GitHub says, and what depends on more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.commands.explain.on_github.triggers import named_triggers, starts
from operations.commands.explain.on_github.workflow import (
    calls_elsewhere,
    deploy_job,
    other_environments,
)
from operations.diff.workflows.text import read_workflow
from sandbox.github.runs.filters import starts as emulated

PATTERNS = ("main", "release/*", "release/**", "v[0-9]+", "**", "*", "!main", "fea?ture", "a.b")
NAMES = ("main", "release/1", "release/1/2", "v12", "feature", "fature", "a.b", "axb")
FILTERS = st.dictionaries(
    st.sampled_from(["branches", "branches-ignore", "tags", "tags-ignore"]),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
    max_size=2,
)
REFS = st.builds("refs/{}/{}".format, st.sampled_from(["heads", "tags"]), st.sampled_from(NAMES))


@given(FILTERS, REFS)
def test_a_push_starts_what_the_emulator_says(filters: dict[str, Any], ref: str) -> None:
    """Filters of branches and tags mean the same for explain and for the sandbox's GitHub."""
    on = {"push": filters}
    assert starts({"on": on}, "push", ref) is emulated(on, "push", ref, changed=["a"])


@pytest.mark.parametrize(
    ("on", "event", "expected"),
    [
        ("push", "push", True),
        ("pull_request_target", "pull_request", False),
        (["pull_request"], "push", False),
        (["pull_request", "push"], "push", True),
        ({"push": None}, "push", True),
        ({"push": {"paths": ["src/**"]}}, "push", None),
        ({"push": {"branches": ["other"], "paths": ["src/**"]}}, "push", False),
        ({"pull_request": {"branches": ["main"]}}, "pull_request", None),
        ({"pull_request": {"branches-ignore": ["main"]}}, "pull_request", None),
        ({"pull_request": {"types": ["opened"]}}, "pull_request", True),
        ({"workflow_dispatch": {"inputs": {}}}, "workflow_dispatch", True),
        ({"workflow_run": {"workflows": ["x"]}}, "workflow_run", True),
        (None, "push", False),
    ],
)
def test_what_depends_on_more_is_not_guessed(
    on: Any,
    event: str,
    expected: bool | None,  # noqa: FBT001 - a table
) -> None:
    """Changed paths, and the base of a pull request, are not known."""
    assert starts({"on": on}, event, "refs/heads/main") is expected


@pytest.mark.parametrize(
    ("patterns", "name", "expected"),
    [
        ("main", "main", True),
        (["**", "!main"], "main", False),
        (["!main", "**"], "main", True),
        (["a.b"], "axb", False),
        (["v1\\+2"], "v1+2", True),
        (["v[12]"], "v2", True),
    ],
)
def test_a_branch_passes_by_the_last_pattern_that_matches(
    patterns: Any,
    name: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """A pattern may be alone; `!` leaves out; a dot is a dot, and a backslash quotes a sign."""
    on = {"push": {"branches": patterns}}
    assert starts({"on": on}, "push", f"refs/heads/{name}") is expected


@pytest.mark.parametrize(
    ("filters", "branch", "tag"),
    [
        ({"branches": ["a/b"]}, True, False),
        ({"branches-ignore": ["a/b"]}, False, False),
        ({"branches-ignore": ["x"]}, True, False),
        ({"tags": ["a/b"]}, False, True),
        ({"tags-ignore": ["a/b"]}, False, False),
        ({"tags-ignore": ["x"]}, False, True),
        ({"branches": ["x"], "tags": ["a/b"]}, False, True),
        ({}, True, True),
    ],
)
def test_filters_of_one_kind_of_ref_let_no_other_pass(
    filters: dict[str, Any],
    branch: bool,  # noqa: FBT001 - a table
    tag: bool,  # noqa: FBT001
) -> None:
    """Branches and tags have filters of their own; without a filter both pass."""
    on = {"push": filters}
    assert starts({"on": on}, "push", "refs/heads/a/b") is branch
    assert starts({"on": on}, "push", "refs/tags/a/b") is tag


def test_a_broken_pattern_matches_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """The library of expressions writes nothing about it to the user's terminal."""
    assert starts({"on": {"push": {"branches": "[z-a]"}}}, "push", "refs/heads/z") is False
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("on", "line"),
    [
        ("push", "push"),
        (["push", "workflow_dispatch"], "push, workflow_dispatch"),
        (
            {"push": {"branches": ["a", "b"], "tags": "v*"}, "workflow_dispatch": None},
            "push (branches: a, b; tags: v*), workflow_dispatch",
        ),
        ({"push": {}}, "push"),
        (None, "nothing"),
    ],
)
def test_triggers_are_named_on_one_line(on: Any, line: str) -> None:
    """The line has the events and their filters."""
    assert named_triggers({"on": on}) == line


_TEXTS = st.sampled_from(["", "push", "!", "[a", "**+?", "prod", "${{ x }}", "write-all"])
_KEYS = st.sampled_from(
    [
        *("on", "push", "pull_request", "branches", "tags", "jobs", "deploy", "environment"),
        *("name", "permissions", "steps", "uses", "with", "if", "paths"),
    ]
)
_ANYTHING = st.recursive(
    _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(_KEYS, _ANYTHING, max_size=4), REFS)
def test_no_content_of_a_file_is_an_error(content: dict[str, Any], ref: str) -> None:
    """Other people write workflow files: whatever is in one, there is an answer."""
    for event in ("push", "pull_request", "workflow_dispatch"):
        assert starts(content, event, ref) in {True, False, None}
        found = deploy_job(content, "prod", event)
        assert found is None or found.environment
    assert isinstance(named_triggers(content), str)
    assert isinstance(other_environments(content), list)
    assert calls_elsewhere(content) in {True, False}


FILE = """\
permissions: {}
jobs:
  check: {{runs-on: x}}
  deploy:
    environment: {}
    {}
    steps:
      - uses: aws-actions/configure-aws-credentials@v6
        with: {{role-to-assume: r, role-duration-seconds: 900}}
"""


@pytest.mark.parametrize(
    ("permissions", "own", "token"),
    [
        ("{id-token: write}", "", True),
        ("{}", "permissions: {id-token: write}", True),
        ("{id-token: write}", "permissions: {contents: read}", False),
        ("write-all", "", True),
        ("read-all", "", False),
    ],
)
def test_a_job_may_have_a_token_by_its_own_permissions_first(
    permissions: str,
    own: str,
    token: bool,  # noqa: FBT001 - a table
) -> None:
    """A job's permissions replace the workflow's."""
    workflow = read_workflow(FILE.format(permissions, "{name: Prod}", own))
    assert workflow is not None
    job = deploy_job(workflow, "prod", "push")
    assert job is not None
    assert (job.id, job.environment, job.may_have_token) == ("deploy", "Prod", token)
    assert (job.role, job.seconds, job.session_name) == ("r", "900", "GitHubActions")
    assert deploy_job(workflow, "dev", "push") is None
