import json
from dataclasses import replace
from typing import Any

import pytest

from components.documents.subject import subject
from operations.diff.compare import compare
from operations.diff.finding import Direction, Repair
from operations.diff.last_up import Given
from operations.live.observed import Observed, ObservedWorkflow
from tests.operations.diff import worlds
from tests.operations.diff.cases import (
    CASES,
    WRITTEN,
    Case,
    prod,
    role,
    trusting,
    workflow,
)
from tests.stacks import FEWER


def test_a_world_as_declared_has_no_finding() -> None:
    """A world as declared has no finding; case of logins and names is no difference."""
    declared = worlds.stack()
    assert list(compare(declared, worlds.as_declared(declared), WRITTEN)) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_change_is_named_with_its_direction_and_remedy(case: Case) -> None:
    """The first finding of a change names object, field, both values, direction and remedy."""
    declared = worlds.stack()
    found = list(compare(declared, case.change(worlds.as_declared(declared)), WRITTEN))
    first = found[0]
    assert f"{first.object!s} | {first.field} | {first.declared} | {first.live}" == case.said
    assert (first.direction.value, first.repair.value) == (case.direction, case.repair)
    assert len(found) == (3 if "older form" in str(first) or first.rule == "role/subject" else 1)


@pytest.mark.parametrize(
    ("branches", "default", "direction"),
    [
        (["main", "release/*"], "release/1", "weaker"),
        (["main", "develop"], "develop", None),
        (["*"], "main", None),
        (["main"], "develop", "stronger"),
    ],
)
def test_a_default_branch_admitted_only_by_a_pattern_is_weaker(
    branches: list[str], default: str, direction: str | None
) -> None:
    """A default branch that prod admits only by a pattern is weaker: it was not declared."""
    declared = worlds.stack(environments={"prod": {"deployment_branches": branches}})
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    files = {**live.workflows, default: live.workflows["main"]}
    changed = worlds.with_repository(world, default_branch=default, workflows=files)
    found = [one for one in compare(declared, changed) if one.rule == "repository/default_branch"]
    assert [(one.live, one.direction.value) for one in found] == (
        [(default, direction)] if direction else []
    )


@pytest.mark.parametrize(
    ("before", "public", "told"),
    [
        ("private", True, True),
        ("internal", True, True),
        ("public", True, False),
        (None, True, False),
        ("private", False, False),
    ],
)
def test_a_repository_that_was_made_public_is_a_finding(
    before: str | None, *, public: bool, told: bool
) -> None:
    """A repository that was not public at the last `up` and is public now is a finding."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), visibility="public" if public else "private"
    )
    given = Given(visibility={"billing": before} if before else {})
    found = list(compare(declared, world, WRITTEN, given=given))
    assert [(one.rule, one.declared, one.direction.value, one.repair.value) for one in found] == (
        [("repository/visibility", str(before), "weaker", "by hand")] if told else []
    )


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"protected", "update"}, {"protected"}, "protected, update -> protected"),
        ({"protected"}, set(), "protected -> "),
        ({"protected"}, {"protected", "update"}, None),
        (set(), set(), None),
        (None, set(), None),
    ],
    ids=["a rule is gone", "all is gone", "more", "never protected", "not known"],
)
@pytest.mark.parametrize("unmanaged", [(), ("ma*",)], ids=["slipway's", "unmanaged"])
def test_a_less_protected_branch_is_a_finding(
    before: set[str] | None, now: set[str], said: str | None, unmanaged: tuple[str, ...]
) -> None:
    """A branch with less protection than at the last `up` is weaker, unless unmanaged."""
    declared = worlds.stack(unmanaged={"branch_protection": unmanaged})
    world = worlds.with_repository(
        worlds.as_declared(declared), protection={"main": frozenset(now)}
    )
    known = {} if before is None else {("billing", "main"): frozenset(before)}
    found = list(compare(declared, world, WRITTEN, given=Given(protection=known)))
    assert [
        (one.rule, str(one.object), f"{one.declared} -> {one.live}", one.direction, one.repair)
        for one in found
    ] == (
        [("branch/protection", "branch main", said, Direction.WEAKER, Repair.HAND)]
        if said and not unmanaged
        else []
    )


def test_a_branch_that_is_gone_is_not_less_protected() -> None:
    """A missing branch is reported as missing, not as less protected."""
    declared = worlds.stack()
    given = Given(protection={("billing", "main"): frozenset({"protected"})})
    assert list(compare(declared, worlds.as_declared(declared), WRITTEN, given=given)) == []


def test_a_repository_without_a_commit_has_no_default_branch() -> None:
    """A repository without a commit has no finding about its default branch."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    world = worlds.with_repository(world, workflows={}, default_branch="master")
    rules = {one.rule for one in compare(declared, world)}
    assert "repository/default_branch" not in rules


def test_a_missing_branch_is_one_finding() -> None:
    """A missing branch is one finding, without one for each of its files."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    only_main = worlds.with_repository(world, workflows={"main": live.workflows["main"]})
    (found,) = compare(declared, only_main)
    assert (str(found.object), found.rule) == ("branch develop", "branch/missing")


def test_a_missing_repository_is_the_only_finding() -> None:
    """A missing repository is one finding, without findings about its parts."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    gone = Observed({"billing": None}, world.accounts)
    (found,) = compare(declared, gone)
    assert (str(found.object), found.rule) == ("repository", "repository/missing")


def test_unmanaged_objects_are_no_drift() -> None:
    """Objects that the declaration lists under `unmanaged` are no drift."""
    declared = worlds.stack(
        unmanaged={
            "environments": ["staging", "review-*"],
            "workflows": ["deploy.yml"],
            "variables": ["SENTRY_*"],
            "secrets": ["sentry_dsn"],
        }
    )
    world = worlds.as_declared(declared)
    world = worlds.with_repository(world, other_environments=("staging", "Review-12"))
    world = workflow("main", "deploy.yml", worlds.FOREIGN % "prod")(world)
    live = world.repositories["billing"]
    assert live is not None
    prod_now = live.environments["prod"]
    world = worlds.with_environment(
        world,
        "prod",
        variables={**prod_now.variables, "SENTRY_URL": "x"},
        secrets={**prod_now.secrets, "SENTRY_DSN": worlds.WRITTEN},
    )
    assert list(compare(declared, world, WRITTEN)) == []
    strict = compare(worlds.stack(), world, WRITTEN)
    assert len(list(strict)) == 4
    way_to_prod = (worlds.FOREIGN % "prod").replace("name: other", "name: python-test")
    named = workflow("main", "deploy.yml", way_to_prod)(world)
    (found,) = compare(declared, named, WRITTEN)
    assert (str(found.object), found.rule) == ("deploy.yml on main", "workflow/same_name")


def test_missing_reviewers_have_no_second_finding_on_self_review() -> None:
    """Without reviewers GitHub has no setting for self-review, so only reviewers are reported."""
    declared = worlds.stack()
    change = prod(users=frozenset(), teams=frozenset(), prevent_self_review=False)
    (found,) = compare(declared, change(worlds.as_declared(declared)))
    assert found.field == "reviewers"


def test_a_missing_external_secret_is_repaired_by_hand() -> None:
    """A missing external secret is repaired by hand, since `up` never writes it."""
    declared = worlds.stack(environments={"prod": {"secrets": {"TOKEN": "external"}}})
    world = worlds.with_environment(worlds.as_declared(declared), "prod", secrets={})
    (found,) = compare(declared, world)
    assert (found.rule, found.repair.value) == ("secret/missing_external", "by hand")


def test_many_undeclared_environments_are_counted() -> None:
    """A finding names five of many undeclared environments and counts the rest."""
    declared = worlds.stack()
    many = tuple(f"review-{number}" for number in range(1, 10))
    world = worlds.with_repository(worlds.as_declared(declared), other_environments=many)
    (found,) = compare(declared, world)
    assert found.live == "review-1, review-2, review-3, review-4, review-5 and 4 more"


@pytest.mark.parametrize(
    ("full_name", "prefix", "trusted", "rule", "direction"),
    [
        ("acme/invoices", "repo:acme/invoices", "repo:acme/billing", "renamed", "weaker"),
        ("acme/invoices", "repo:acme@1/invoices@7", "repo:acme/billing", "renamed", "weaker"),
        (
            "acme/invoices",
            "repo:acme@1/invoices@7",
            "repo:acme@1/billing@7",
            "renamed",
            "neutral",
        ),
        ("other/billing", "repo:other/billing", "repo:acme/billing", "transferred", "weaker"),
        (
            "other/billing",
            "repo:other@2/billing@7",
            "repo:acme@1/billing@7",
            "transferred",
            "neutral",
        ),
    ],
)
def test_a_renamed_or_transferred_repository_is_one_finding(
    full_name: str, prefix: str, trusted: str, rule: str, direction: str
) -> None:
    """A renamed or transferred repository is one finding, without its three roles' old subjects."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    for number, name in (("1", "dev"), ("2", "test"), ("3", "prod")):
        trust = trusting(subject(trusted, name))
        ((key, made),) = world.accounts[number * 12].roles.items()
        text = json.dumps(trust).replace("333333333333", number * 12)
        roles = {key: replace(made, trust=json.loads(text))}
        world = worlds.with_account(world, number * 12, roles=roles)
    world = worlds.with_repository(world, full_name=full_name, subject_prefix=prefix)
    (found,) = compare(declared, world)
    assert (found.rule, found.direction.value) == (f"repository/{rule}", direction)
    assert found.repair is Repair.HAND


def test_an_old_name_with_another_repositorys_id_is_a_second_finding() -> None:
    """A renamed repository's role that trusts another repository's id has its own finding."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared),
        full_name="acme/invoices",
        subject_prefix="repo:acme@1/invoices@7",
    )
    trust = trusting(subject("repo:acme@1/billing@9", "prod"))
    rules = {one.rule for one in compare(declared, role(trust=trust)(world))}
    assert "role/trust" in rules


@pytest.mark.parametrize("content", FEWER)
def test_a_repository_with_fewer_environments_is_as_declared(content: dict[str, Any]) -> None:
    """Environments and files that a declaration leaves out are neither missing nor compared."""
    declared = worlds.stack(**({"deploy": None, "environments": {}} | content))
    world = worlds.as_declared(declared)
    assert list(compare(declared, world)) == []
    if "prod" not in declared.repositories[0].environment_names:
        # Without prod, no workflow runs on the default branch, so any branch will do.
        live = world.repositories["billing"]
        assert live is not None
        files = {**live.workflows, "trunk": live.workflows.get("main", {})}
        trunk = worlds.with_repository(world, default_branch="trunk", workflows=files)
        assert list(compare(declared, trunk)) == []


def test_an_environment_that_is_not_declared_is_another_one() -> None:
    """An environment that the declaration leaves out is undeclared if it exists.

    A foreign workflow that uses its name is no finding: it cannot get a role of slipway's.
    """
    declared = worlds.stack(deploy="none", environments={})
    world = worlds.as_declared(declared)
    uses = ObservedWorkflow("f" * 40, worlds.FOREIGN % "prod")
    world = worlds.with_workflow(world, "main", "publish.yml", uses)
    assert list(compare(declared, world)) == []
    there = worlds.environment(worlds.stack(), "prod")
    world = worlds.with_repository(world, environments={"prod": there})
    (found,) = compare(declared, world)
    assert (found.rule, found.live) == ("repository/extra_environment", "prod")
