from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from operations.engine.steps import Step
from operations.guard.meanwhile import changed_meanwhile
from operations.live.observed import (
    Observed,
    ObservedEnvironment,
    ObservedRepository,
    ObservedRole,
)
from tests.operations.diff import worlds
from tests.operations.guard.plans import ENVIRONMENT, PROVIDER, ROLES

JUDGED = worlds.as_declared(worlds.stack())
PROD_ACCOUNT = "333333333333"
ROLE = "acme.billing-prod"
STEP = Step(
    "update",
    "urn:pulumi:s::p::t::n",
    ENVIRONMENT,
    {},
    {"repository": "billing", "environment": "prod"},
    ("waitTimer",),
)
OTHERS = Step("delete", STEP.urn, ENVIRONMENT, {"repository": "other", "environment": "x"}, {}, ())


def another(value: Any) -> Any:
    """Return another value than this one."""
    return "other" if value != "other" else datetime(2026, 1, 1, tzinfo=UTC)


def with_repository(**changes: Any) -> Observed:
    """Return the judged world with another billing."""
    live = JUDGED.repositories["billing"]
    assert live
    return replace(JUDGED, repositories={"billing": replace(live, **changes)})


def with_account(**changes: Any) -> Observed:
    """Return the judged world with another account of prod's."""
    account = replace(JUDGED.accounts[PROD_ACCOUNT], **changes)
    return replace(JUDGED, accounts={**JUDGED.accounts, PROD_ACCOUNT: account})


def told(now: Observed, *steps: Step) -> list[str]:
    """Return what is reported about a plan, by default with that one step."""
    return changed_meanwhile(steps or (STEP,), ROLES, JUDGED, now)


def test_an_unchanged_world_reports_nothing() -> None:
    """An unchanged live world reports nothing."""
    assert told(worlds.as_declared(worlds.stack())) == []


@pytest.mark.parametrize("field", [field.name for field in fields(ObservedRepository)])
def test_every_change_of_a_repository_is_reported(field: str) -> None:
    """Every observed field of a repository in the plan counts as a change."""
    live = JUDGED.repositories["billing"]
    assert told(with_repository(**{field: another(getattr(live, field))})) == ["repository billing"]


@pytest.mark.parametrize("field", [field.name for field in fields(ObservedEnvironment)])
def test_every_change_of_an_environment_is_reported(field: str) -> None:
    """Every observed field of an environment counts, since an update replaces all its rules."""
    live = JUDGED.repositories["billing"]
    assert live
    prod = live.environments["prod"]
    changed = replace(prod, **{field: another(getattr(prod, field))})
    now = with_repository(environments={**live.environments, "prod": changed})
    assert told(now) == ["repository billing"]


@pytest.mark.parametrize("field", [field.name for field in fields(ObservedRole)])
def test_every_change_of_a_role_is_reported(field: str) -> None:
    """Every observed field of a role counts, since its deletion takes all attachments."""
    role = JUDGED.accounts[PROD_ACCOUNT].roles[ROLE]
    changed = replace(role, **{field: another(getattr(role, field))})
    words = [f"role {ROLE} of account {PROD_ACCOUNT}"]
    assert told(with_account(roles={ROLE: changed})) == words
    assert told(with_account(roles={})) == words


def test_a_changed_oidc_provider_is_reported() -> None:
    """Changed audiences or a missing OIDC provider of an account are reported."""
    for audiences in (None, frozenset({"other"})):
        words = [f"OIDC provider of account {PROD_ACCOUNT}"]
        assert told(with_account(oidc_audiences=audiences)) == words


def test_changes_outside_the_plan_are_not_reported() -> None:
    """Changes outside the plan, of other repositories and roles, are not reported."""
    role = JUDGED.accounts[PROD_ACCOUNT].roles[ROLE]
    roles = {ROLE: role, "else": replace(role, name="else")}
    assert told(with_account(roles=roles)) == []
    assert told(with_repository(default_branch="other"), OTHERS) == []
    provider = Step("create", STEP.urn, PROVIDER, {}, {"url": "x"}, ())
    assert told(with_repository(default_branch="other"), provider) == []


def test_a_missing_repository_is_reported() -> None:
    """A repository that GitHub no longer shows is reported as changed."""
    now = replace(JUDGED, repositories={"billing": None})
    assert told(now) == ["repository billing"]
