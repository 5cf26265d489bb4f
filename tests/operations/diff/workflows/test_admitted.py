"""A foreign workflow is a finding if an environment lets its job deploy."""

from typing import Any

import pytest

from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.live.observed import Observed, ObservedWorkflow
from tests.operations.diff import worlds

BLOB = "1" * 40
HOTFIX, TAG = "refs/heads/hotfix/x", "refs/tags/v1"
PATTERNS = {"deployment_branches": ["main", "hotfix/*"], "deployment_tags": ["v*"]}


def world(*refs: str, file: str = "deploy.yml", text: str | None, **changes: Any) -> Observed:
    """Return the world with one file on further branches and tags."""
    there = {ref: {file: ObservedWorkflow(BLOB, text)} for ref in refs}
    declared = worlds.stack(environments={"prod": PATTERNS})
    return worlds.with_repository(worlds.as_declared(declared), admitted=there, **changes)


def findings(observed: Observed, **changes: Any) -> list[Finding]:
    """Return the findings if prod admits `hotfix/*` and tags `v*`."""
    return list(compare(worlds.stack(environments={"prod": PATTERNS}, **changes), observed))


@pytest.mark.parametrize(
    ("ref", "place"), [(HOTFIX, "deploy.yml on hotfix/x"), (TAG, "deploy.yml on tag v1")]
)
def test_a_job_on_an_admitted_branch_is_a_finding(ref: str, place: str) -> None:
    """A job is reported if its branch or tag is admitted by its environment's policy."""
    (found,) = findings(world(ref, text=worlds.FOREIGN % "prod"))
    assert (str(found.object), found.live, found.rule) == (
        place,
        "prod",
        "workflow/uses_environment",
    )
    assert (found.direction.value, found.repair.value) == ("weaker", "by hand")


@pytest.mark.parametrize("name", ["dev", "staging"])
def test_a_job_on_a_branch_that_is_not_admitted_is_no_finding(name: str) -> None:
    """A job whose environment does not admit its branch is no finding."""
    assert findings(world(HOTFIX, text=worlds.FOREIGN % name)) == []


def test_an_unreadable_workflow_may_use_environments_that_admit_it() -> None:
    """An unreadable workflow may use every environment that admits its branch."""
    (found,) = findings(world(HOTFIX, text=None))
    assert found.live == "prod"


def test_one_file_on_many_branches_is_one_finding() -> None:
    """The same file on many branches is one finding with the number of the others."""
    text = worlds.FOREIGN % "prod"
    (found,) = findings(world(HOTFIX, "refs/heads/hotfix/y", TAG, text=text))
    assert str(found.object) == "deploy.yml on hotfix/x"
    assert found.live == "prod; so on 2 more branches or tags"
    both = world(HOTFIX, text=text)
    both = worlds.with_workflow(both, "main", "deploy.yml", ObservedWorkflow(BLOB, text))
    (found,) = findings(both)
    assert str(found.object) == "deploy.yml on main"


def test_an_unmanaged_workflow_is_no_finding() -> None:
    """An unmanaged workflow is no finding on an admitted branch."""
    foreign = world(HOTFIX, text=worlds.FOREIGN % "prod")
    assert findings(foreign, unmanaged={"workflows": ["deploy.yml"]}) == []


def test_an_edited_copy_of_our_file_is_a_finding_where_it_runs() -> None:
    """An older copy of slipway's file does not run on another branch; an edited one is reported."""
    repository = worlds.stack().repositories[0]
    text = str(worlds.workflows(repository)["main"]["python-test.yml"].text)
    assert findings(world(HOTFIX, file="python-test.yml", text=f"{text}# older\n")) == []
    edited = worlds.FOREIGN % "prod"
    (found,) = findings(world(HOTFIX, file="python-test.yml", text=edited))
    assert str(found.object) == "python-test.yml on hotfix/x"


@pytest.mark.parametrize(("name", "told"), [("prod", True), ("test", False)])
def test_a_copy_that_runs_by_hand_is_a_finding_where_it_may_deploy(
    name: str, *, told: bool
) -> None:
    """A file that runs by hand is reported where its environment admits its branch."""
    by_hand = (worlds.FOREIGN % name).replace("on: push", "on: {workflow_dispatch: }")
    found = findings(world(HOTFIX, file="python-test.yml", text=by_hand))
    assert [one.live for one in found] == (["prod"] if told else [])


def test_branches_that_were_not_read_are_counted() -> None:
    """Branches that were not looked at are counted, unless every workflow is unmanaged."""
    many = world(text=None, unread_refs=7)
    (found,) = findings(many)
    assert (found.rule, found.live) == ("workflow/unread", "7 more may deploy")
    assert findings(many, unmanaged={"workflows": ["*"]}) == []
