"""Names that belong to another repository or reviewer than before."""

from dataclasses import replace
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from operations.diff.finding import Direction, Finding, Repair
from operations.engine.steps import Step
from operations.guard.names import moved_elsewhere
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.diff.cases import trusting
from tests.operations.guard.plans import ROLE, ROLES, judged, step, texts_against
from tests.operations.keys import key
from tests.stacks import SETTINGS, WriteStack


def test_a_taken_name_needs_consent() -> None:
    """Trust in a name that another repository took needs consent."""
    trusted = trusting("repo:acme@1/billing@6:environment:prod")
    world = worlds.with_repository(
        worlds.as_declared(worlds.stack()), subject_prefix="repo:acme@1/billing@7"
    )
    world = worlds.with_role(world, "333333333333", trust=trusted)
    update = step("update", ROLE, "assumeRolePolicy", name="acme.billing-prod")
    assert (
        "billing is another repository than before: role acme.billing-prod trusts "
        "repo:acme@1/billing@6:environment:prod and would trust "
        "repo:acme@1/billing@7:environment:prod"
    ) in judged(update, observed=world)


@pytest.mark.parametrize(("former", "asked"), [("orders", True), ("other", False)])
def test_a_declared_rename_needs_no_consent(former: str, *, asked: bool) -> None:
    """A declared rename needs no consent for its replaced roles; an undeclared one does."""
    policy = "aws:iam/rolePolicy:RolePolicy"
    role = step("replace", ROLE, "name", name="acme.billing-prod")
    role["oldState"] = {**role["oldState"], "inputs": {"name": "acme.orders-prod"}, "outputs": {}}
    deploy = step("replace", policy, "role", role="acme.billing-prod", name="deploy")
    inside = {"role": "acme.orders-prod", "name": "deploy"}
    deploy["oldState"] = {**deploy["oldState"], "inputs": inside, "outputs": {}}
    branch = step("replace", "github:index/branch:Branch", repository="billing", branch="develop")
    branch["oldState"] = {**branch["oldState"], "retainOnDelete": True}
    stack = worlds.stack(previously=former)
    assert (judged(role, deploy, branch, stack=stack) == []) is asked


def test_a_repository_that_was_made_public_needs_consent() -> None:
    """A repository that was made public needs consent: the next `up` would record it as public."""
    text = ("visibility", "private", "public")
    found = Finding(
        "billing", key("repository"), *text, Direction.WEAKER, Repair.HAND, "repository/visibility"
    )
    world = worlds.as_declared(worlds.stack())
    (reason,) = texts_against(worlds.stack(), {"steps": []}, world, [found], ROLES)
    assert reason == "billing was private at the last up and is public now"


@pytest.mark.parametrize(("live", "now"), [("protected", "protected"), ("", "nothing")])
def test_a_branch_that_is_less_protected_needs_consent(live: str, now: str) -> None:
    """A less protected branch needs consent: the next `up` would record it as it is now."""
    text = ("protection", "protected, update", live)
    found = Finding(
        "billing", key("branch main"), *text, Direction.WEAKER, Repair.HAND, "branch/protection"
    )
    world = worlds.as_declared(worlds.stack())
    (reason,) = texts_against(worlds.stack(), {"steps": []}, world, [found], ROLES)
    assert reason == (
        f"billing: branch main is less protected than at the last up: protected, update -> {now}"
    )


def test_another_reviewer_of_a_declared_name_needs_consent() -> None:
    """Another reviewer with a declared name needs consent: the `up` would let it approve."""
    rule = "environment/other_reviewer"
    text = ("reviewer ids", "team platform: 31", "team platform: 77")
    other = Finding("billing", key("environment prod"), *text, Direction.WEAKER, Repair.HAND, rule)
    world = worlds.as_declared(worlds.stack())
    (reason,) = texts_against(worlds.stack(), {"steps": []}, world, [other], ROLES)
    assert reason == (
        "billing: environment prod has a reviewer of the declared name that is another team or "
        "account: team platform: 31 -> team platform: 77"
    )


def test_a_repository_that_moves_to_another_stack_keeps_its_objects(
    write_stack: WriteStack,
) -> None:
    """Its deletion here needs consent, which is bound to what would be deleted."""
    files = StackFiles(write_stack(kept="repository: kept\n"))
    other = Path("stacks/other")
    other.mkdir()
    (other / "_stack.yaml").write_text(SETTINGS, encoding="utf-8")
    (other / "billing.yaml").write_text("repository: billing\n", encoding="utf-8")
    gone = [Step("delete", f"u{n}", ROLE, {"name": f"acme.billing-{n}"}, {}, ()) for n in (1, 2)]
    roles = {f"acme.billing-{n}": "billing" for n in (1, 2)}
    nothing = Observed(repositories={}, accounts={})
    (one,) = moved_elsewhere(files, gone[:1], roles, nothing)
    (both,) = moved_elsewhere(files, gone, roles, nothing)
    text = "billing is declared in stacks/other/billing.yaml now: the plan would delete its objects"
    assert one.text == both.text == text
    assert one.identifier != both.identifier
    updated = [replace(gone[0], op="update")]
    assert not list(moved_elsewhere(files, updated, roles, nothing))


def test_a_repository_of_another_owner_keeps_its_objects(write_stack: WriteStack) -> None:
    """GitHub redirects the old name, so the deletion would reach the new owner's objects."""
    files = StackFiles(write_stack(kept="repository: kept\n"))
    world = worlds.as_declared(worlds.stack())
    gone = [Step("delete", "u", ROLE, {"name": "acme.billing-dev"}, {}, ())]
    roles = {"acme.billing-dev": "billing"}
    assert not list(moved_elsewhere(files, gone, roles, world))
    renamed = worlds.with_repository(world, full_name="Acme/bills")
    assert not list(moved_elsewhere(files, gone, roles, renamed))
    away = worlds.with_repository(world, full_name="initech/billing")
    (reason,) = moved_elsewhere(files, gone, roles, away)
    assert reason.text == "billing is initech/billing now: the plan would delete its objects"
    assert reason.bound == ("u",)
