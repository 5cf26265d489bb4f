"""Rules that the owner's plan does not offer are no drift."""

import pytest

from components.model.plan import Plan
from operations.diff.compare import compare
from operations.live.observed import Observed
from tests.operations.diff import worlds

BARE = worlds.stack(environments={})


def without_rules(plan: Plan | None, *, public: bool = False) -> Observed:
    """The live world of the bare declaration where GitHub took none of the rules."""
    world = worlds.with_environment(worlds.as_declared(BARE), "prod", admin_bypass=True)
    return worlds.with_repository(world, plan=plan, visibility="public" if public else "private")


@pytest.mark.parametrize("plan", ["pro", "team"])
def test_the_bare_declaration_is_as_declared_on_every_plan(plan: Plan) -> None:
    """The bare declaration has no finding where the plan cannot forbid administrators to bypass."""
    assert list(compare(BARE, without_rules(plan))) == []


@pytest.mark.parametrize(("plan", "public"), [("enterprise", False), (None, False), ("team", True)])
def test_a_missing_default_rule_is_drift_where_it_is_offered(
    plan: Plan | None, *, public: bool
) -> None:
    """The missing default rule is drift where the plan offers it or is not known."""
    (found,) = compare(BARE, without_rules(plan, public=public))
    assert (found.rule, found.declared, found.live) == (
        "environment/admin_bypass",
        "false",
        "true",
    )


def test_a_missing_declared_rule_is_drift_on_every_plan() -> None:
    """A declared rule is drift if it is missing, also where the plan does not offer it."""
    asked = worlds.stack(environments={"prod": {"admin_bypass": False, "wait_minutes": 3}})
    world = worlds.with_environment(
        worlds.as_declared(asked), "prod", admin_bypass=True, wait_minutes=0
    )
    rules = {found.rule for found in compare(asked, worlds.with_repository(world, plan="team"))}
    assert rules == {"environment/admin_bypass", "environment/wait_minutes"}
