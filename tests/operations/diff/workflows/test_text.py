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
    """Scalars that YAML takes for dates, numbers or truth values do not stop the reading."""
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
def test_an_unreadable_file_differs_from_an_empty_one(text: str) -> None:
    """A file that the parser refuses is None, which differs from an empty workflow."""
    assert read_workflow(text) is None


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word"])
def test_a_document_without_a_mapping_is_no_workflow(text: str) -> None:
    """A document that is no mapping is an empty workflow: GitHub does not run it."""
    assert read_workflow(text) == {}


@given(st.text() | st.text("%YAML 1.3\n-:[]{}&*!|>'\"#@`\t"))
def test_any_text_gives_a_result(text: str) -> None:
    """Any committed text gives a result and no exception."""
    content = read_workflow(text)
    assert content is None or used_environments(content) <= {"dev", "test", "prod"}


@pytest.mark.parametrize("more", [False, True], ids=["push", "by hand and on pull requests"])
def test_the_standards_own_files_are_inactive_on_other_branches(*, more: bool) -> None:
    """The standard's files cannot run on branches where slipway does not place them."""
    runs = {"ci": {"pull_requests": True}, "deploy": {"manual": True}}
    repository = Repository.model_validate({"repository": "billing", **(runs if more else {})})
    contents = render_workflows("billing", Pipeline.of(repository, None))
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
def test_a_file_is_inactive_only_if_no_event_of_its_branch_starts_it(
    on: str, *, default: bool, asleep: bool
) -> None:
    """A file is inactive only if its triggers exclude every event of its branch."""
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
    """A pull request deploys nothing if each job with an environment excludes it."""
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
    """A run by hand deploys if its environment admits the branch that the user chose."""
    content = read_workflow(f"on: {{workflow_dispatch: }}\n{JOB}")
    assert content is not None
    assert sleeps(content, "develop", default=False, admitting=admitting) is asleep
