"""Findings about workflow files, slipway's and others'."""

import pytest

from components.model.delivery import ByPullRequest
from operations.diff.compare import compare
from operations.diff.finding import Repair
from operations.live.observed import ObservedWorkflow
from tests.operations.diff import worlds
from tests.operations.diff.cases import (
    workflow,
)


def test_an_edited_workflow_is_weaker_and_its_lost_name_a_finding() -> None:
    """An edited workflow is weaker; a changed name is a second finding, since prod follows it."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    text = str(live.workflows["main"]["python-test.yml"].text)
    edited = text.replace("name: python-test", "name: tests", 1)
    changed = worlds.with_workflow(
        world, "main", "python-test.yml", ObservedWorkflow("f" * 40, edited)
    )
    content, name = compare(declared, changed)
    assert (content.field, content.direction.value) == ("content", "weaker")
    assert content.live == "blob ffffffffffff (+1 -1 lines)"
    assert {"-name: python-test", "+name: tests"} < set(content.diff)
    assert (name.field, name.declared, name.live) == ("name", "python-test", "tests")


@pytest.mark.parametrize(("missing", "repair"), [("develop", Repair.UP), ("release", Repair.HAND)])
def test_up_creates_devs_branch_only(missing: str, repair: Repair) -> None:
    """A missing branch of dev is created by `up`; another one needs a person."""
    declared = worlds.stack(branches={"test": "release", "prod": "release"})
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    there = {name: files for name, files in live.workflows.items() if name != missing}
    gone = worlds.with_repository(world, workflows=there)
    (found,) = [one for one in compare(declared, gone) if one.rule == "branch/missing"]
    assert (str(found.object), found.repair) == (f"branch {missing}", repair)


@pytest.mark.parametrize("declined", [False, True])
def test_a_pull_request_stands_for_missing_files_and_not_for_edited_ones(*, declined: bool) -> None:
    """Files in a pull request are one finding with its link; an edited file is a separate one."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    edited = {"python-dev.yml": ObservedWorkflow("f" * 40, "name: x")}
    request = ByPullRequest(
        there=frozenset(edited),
        pending=tuple(live.workflows["main"]),
        number=None if declined else 1,
        url="https://github.com/acme/billing/pull/1",
        since="2026-11-01T00:00:00Z",
        declined=declined,
    )
    waiting = worlds.with_repository(
        world, workflows={**live.workflows, "main": edited}, by_pull_request={"main": request}
    )
    found = {(str(one.object), one.rule): one for one in compare(declared, waiting)}
    state = "closed" if declined else "open"
    rule = f"workflow/pull_request_{state}"
    one = found.pop(("pull request for main", rule))
    assert one.live == f"{state} since 2026-11-01T00:00:00Z: {request.url}"
    assert {rule for _, rule in found} == {"workflow/content", "workflow/name"}


def test_a_followed_default_branch_is_as_declared() -> None:
    """A repository without main is compared with its default branch's files and patterns."""
    declared = worlds.stack(environments={})
    named = worlds.stack(environments={}, branches={"test": "master", "prod": "master"})
    files = dict(worlds.workflows(named.repositories[0]))
    files["master"] = files.pop("main") | files["master"]
    world = worlds.with_repository(
        worlds.as_declared(named), default_branch="master", workflows=files
    )
    assert list(compare(declared, world)) == []
    # If there is a `main`, the default branch is no longer followed.
    both = worlds.with_repository(world, workflows=files | {"main": {}})
    assert "repository/default_branch" in {one.rule for one in compare(declared, both)}


def test_an_edited_copy_on_a_foreign_branch_is_a_finding() -> None:
    """On a foreign branch an edited python-prd.yml is reported; an older copy is not."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    old = str(live.workflows["main"]["python-prd.yml"].text) + "# older\n"
    assert list(compare(declared, workflow("develop", "python-prd.yml", old)(world))) == []
    edited = worlds.FOREIGN % "dev"
    (found,) = compare(declared, workflow("develop", "python-prd.yml", edited)(world))
    assert (str(found.object), found.rule) == (
        "python-prd.yml on develop",
        "workflow/uses_environment",
    )
    assert (found.live, found.direction.value) == ("dev", "weaker")


def by_hand(text: str) -> str:
    """Return slipway's file with the triggers of `ci.pull_requests` and `deploy.manual`."""
    head, _, rest = text.partition("\non:\n")
    more = "  pull_request:\n    branches: [main]\n  workflow_dispatch:\n"
    excluded = "    if: github.event_name != 'pull_request'\n    environment: test\n"
    rest = rest.replace("\n    if: always()\n", "\n").replace("    environment: test\n", excluded)
    return f"{head}\non:\n{more}{rest}"


@pytest.mark.parametrize("admitted", [False, True])
def test_an_older_copy_that_runs_by_hand_is_a_finding_where_admitted(*, admitted: bool) -> None:
    """An older copy that runs by hand is reported where the environment admits its branch."""
    patterns = {"deployment_branches": ["main", *(["develop"] if admitted else [])]}
    declared = worlds.stack(environments={"test": patterns})
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    older = by_hand(str(live.workflows["main"]["python-test.yml"].text))
    found = list(compare(declared, workflow("develop", "python-test.yml", older)(world)))
    rules = ["workflow/uses_environment", "workflow/same_name"] if admitted else []
    assert [(str(one.object), one.rule) for one in found] == [
        ("python-test.yml on develop", rule) for rule in rules
    ]


def test_the_current_file_is_no_finding_on_any_branch() -> None:
    """The current text of slipway's file is reported nowhere: it checks its commit itself."""
    runs = {"ci": {"pull_requests": True}, "deploy": {"command": "./deploy.sh", "manual": True}}
    patterns = {"test": {"deployment_branches": ["main", "develop", "hotfix/*"]}}
    declared = worlds.stack(environments=patterns, **runs)
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    own = ObservedWorkflow(live.workflows["main"]["python-test.yml"].blob, None)
    world = worlds.with_workflow(world, "develop", "python-test.yml", own)
    world = worlds.with_repository(
        world, admitted={"refs/heads/hotfix/x": {"python-test.yml": own}}
    )
    assert list(compare(declared, world)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("name: python-test\njobs: [", True), (None, True), ("jobs: [", False)],
)
def test_an_unreadable_unmanaged_workflow_may_lead_to_prod(text: str | None, *, told: bool) -> None:
    """An unreadable unmanaged workflow is reported if its text may have the name prod follows."""
    declared = worlds.stack(unmanaged={"workflows": ["legacy.yml"]})
    there = ObservedWorkflow("0" * 40, text)
    world = worlds.with_workflow(worlds.as_declared(declared), "main", "legacy.yml", there)
    rules = [(found.rule, found.live) for found in compare(declared, world)]
    wanted = ("workflow/same_name", "cannot be read: may be python-test")
    assert rules == ([wanted] if told else [])


def test_a_copy_of_our_file_under_another_name_is_a_finding() -> None:
    """A copy of slipway's file under another name is reported, since it deploys again."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    copied = ObservedWorkflow(live.workflows["develop"]["python-dev.yml"].blob, None)
    (found,) = compare(declared, worlds.with_workflow(world, "develop", "copy.yml", copied))
    assert (str(found.object), found.live) == ("copy.yml on develop", "dev")


@pytest.mark.parametrize("text", ["jobs: [", None])
def test_a_workflow_that_cannot_be_read_may_use_any_environment(text: str | None) -> None:
    """An unreadable workflow is reported as one that may use any environment."""
    declared = worlds.stack()
    there = ObservedWorkflow("0" * 40, text)
    changed = worlds.with_workflow(worlds.as_declared(declared), "main", "odd.yml", there)
    (found,) = compare(declared, changed)
    assert (found.rule, found.live) == (
        "workflow/uses_environment",
        "cannot be read: may use any of them",
    )


def test_other_line_endings_are_named_as_the_difference() -> None:
    """A file whose line endings alone differ is reported with that reason."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    text = str(live.workflows["main"]["python-test.yml"].text)
    theirs = ObservedWorkflow("f" * 40, text.replace("\n", "\r\n"))
    (found,) = compare(declared, worlds.with_workflow(world, "main", "python-test.yml", theirs))
    assert found.live == "blob ffffffffffff (only line endings differ)"
