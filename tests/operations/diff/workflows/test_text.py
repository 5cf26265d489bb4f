import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.documents.workflows import FILES, render_workflows, workflow_branches
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from operations.diff.workflows.text import read_workflow, sleeps, used_environments

JOB = "jobs: {a: {environment: prod}}\n"


@pytest.mark.parametrize(
    "head",
    [
        "env: {RELEASED: 2024-13-45}\n",
        "env: {COUNT: !!int x}\n",
        "env: {A: yes, B: 0x1F, C: .inf, D: 12:30:45, E: ~}\n",
        "on: push\n",
        "? [a, b]\n: c\n",
    ],
)
def test_no_scalar_hides_an_environment(head: str) -> None:
    """What YAML takes for dates, numbers or truth is text: none of it stops the reading."""
    content = read_workflow(head + JOB)
    assert content is None or used_environments(content) == {"prod"}
    assert content is not None or head.startswith("?")


@pytest.mark.parametrize(
    "text",
    [
        *("a: [", "a: 1\n  b: 2", "[" * 5000, "\x00", "a: &a {b: *c}"),
        *("%YAML 1.3\n---\na: b\n", "%YAML 1.0\n---\na: b\n", "%YAML 9\n---\na: b\n"),
    ],
)
def test_what_cannot_be_read_is_told_from_what_says_nothing(text: str) -> None:
    """A file that this parser refuses may be another one's workflow."""
    assert read_workflow(text) is None


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word"])
def test_what_is_no_mapping_is_no_workflow(text: str) -> None:
    """GitHub runs nothing of it."""
    assert read_workflow(text) == {}


@given(st.text() | st.text("%YAML 1.3\n-:[]{}&*!|>'\"#@`\t"))
def test_any_text_is_answered(text: str) -> None:
    """Whatever somebody commits, drift goes on."""
    content = read_workflow(text)
    assert content is None or used_environments(content) <= {"dev", "test", "prod"}


@pytest.mark.parametrize("more", [False, True], ids=["push", "by hand and on pull requests"])
def test_the_standards_own_files_sleep_where_they_are_not_placed(*, more: bool) -> None:
    """Branches are made of each other: copies of all three on each of them are no drift."""
    runs = {"ci": {"pull_requests": True}, "deploy": {"manual": True}}
    repository = Repository.model_validate({"repository": "billing", **(runs if more else {})})
    contents = render_workflows("billing", Pipeline.of(repository))
    for file, branches in workflow_branches(repository, "main").items():
        content = read_workflow(contents[file])
        assert content is not None
        for branch in {"main", "develop", "release"} - set(branches):
            admitting = {
                name for name in ENVIRONMENTS if branch in repository.deployment_branches(name)
            }
            assert sleeps(content, branch, default=False, admitting=admitting), (file, branch)
    assert set(contents) == set(FILES.values())


@pytest.mark.parametrize(
    ("on", "default", "asleep"),
    [
        ("{push: {branches: [main]}}", False, True),
        ("{push: {branches: [main], paths: [src]}}", False, True),
        ("{push: {branches: [develop]}}", False, False),
        ("{push: {branches: ['**']}}", False, False),
        ("{push: {branches: [main, 'dev*']}}", False, False),
        ("{push: {branches: ['develo\\p']}}", False, False),
        ("{push: {branches-ignore: [main]}}", False, False),
        ("{push: {branches: [main], tags: [v1]}}", False, False),
        ("{push: {tags: [v1]}}", False, False),
        ("{push: }", False, False),
        ("push", False, False),
        ("[push]", False, False),
        ("{pull_request: {branches: [main]}, push: {branches: [main]}}", False, False),
        ("{}", False, False),
        ("{workflow_run: {workflows: [python-test]}}", False, True),
        ("{workflow_run: {workflows: [python-test]}}", True, False),
        ("{push: {branches: [main]}}", True, True),
    ],
)
def test_only_what_nothing_can_run_sleeps(on: str, *, default: bool, asleep: bool) -> None:
    """Pushes to other branches by full name, and on other than the default branch runs' ends."""
    content = read_workflow(f"on: {on}\n{JOB}")
    assert content is not None
    assert sleeps(content, "develop", default=default) is asleep


@pytest.mark.parametrize(
    ("condition", "asleep"),
    [("always() && github.event_name != 'pull_request'", True), ("always()", False), ("", False)],
)
def test_a_pull_request_deploys_nothing_where_each_job_excludes_it(
    condition: str, *, asleep: bool
) -> None:
    """GitHub takes the file of the branch that is to be merged; other jobs may run."""
    deploy = f'if: "{condition}", environment: test' if condition else "environment: test"
    jobs = f"jobs: {{lint: {{runs-on: x}}, a: {{{deploy}}}}}"
    content = read_workflow(f"on: {{push: {{branches: [main]}}, pull_request: }}\n{jobs}\n")
    assert content is not None
    assert sleeps(content, "develop", default=False) is asleep


@pytest.mark.parametrize(
    ("admitting", "asleep"),
    [(set(), True), ({"dev", "test"}, True), ({"prod"}, False), ({"dev", "prod"}, False)],
)
def test_a_run_by_hand_deploys_where_its_environment_admits_the_branch(
    admitting: set[str], *, asleep: bool
) -> None:
    """It is of the branch that a person chose, and with that branch's file."""
    content = read_workflow(f"on: {{workflow_dispatch: }}\n{JOB}")
    assert content is not None
    assert sleeps(content, "develop", default=False, admitting=admitting) is asleep
