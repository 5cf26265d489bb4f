from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from components.config.problems import ExitCode
from components.model.repository import Repository
from components.model.stack import Stack
from operations.engine.steps import Step
from operations.live.github.graphql import Question
from operations.live.observed import Observed
from operations.live.observer import Partly
from operations.preview_warnings import comparison as module
from operations.preview_warnings.comparison import Comparison
from tests.operations.diff import worlds

STACK = worlds.stack()
ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
NO_STATE: Mapping[str, Any] = {"deployment": {}}
PLACE = {"repository": "billing", "environment": "prod"}


def seen(monkeypatch: pytest.MonkeyPatch, observed: Observed) -> Comparison:
    """Return what a look sees in a world."""
    live = observed.repositories["billing"]
    assert live is not None

    def observe(
        stack: Stack, question: Callable[[Repository], Question], *, partly: Partly
    ) -> Observed:
        (asked,) = map(question, stack.repositories)
        assert asked.known, "no text is asked for that is as declared"
        assert asked.details is live, "the program has read them already"
        assert partly == Partly(tuple(ExitCode), 9), "no account's failure hides the rest"
        return observed

    monkeypatch.setattr(module, "observe", observe)
    return Comparison(STACK, {"billing": live}, 9)


def urn(kind: str, name: str) -> str:
    """Return a resource's URN."""
    return f"urn:pulumi:acme::slipway::slipway:index:X${kind}::{name}"


def exported(kind: str, name: str, outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a state with one resource."""
    one = {"urn": urn(kind, name), "type": kind, "outputs": outputs, "inputs": outputs}
    return {"deployment": {"resources": [one]}}


def not_shown(
    found: Comparison,
    planned: Sequence[Step] = (),
    declared: Sequence[str] = (),
    state: Mapping[str, Any] = NO_STATE,
) -> list[str]:
    """Return the differences without remedies."""
    return [line.partition(";")[0] for line in found.not_shown(planned, declared, state)]


def test_a_world_as_declared_has_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world as declared has no difference and no unseen account."""
    found = seen(monkeypatch, worlds.as_declared(STACK))
    assert found.accounts_left_out() == []
    assert not_shown(found) == []


def test_planned_differences_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference that the plan shows is left out."""
    world = worlds.with_environment(worlds.as_declared(STACK), "prod", wait_minutes=0)
    line = "acme/billing: weaker: environment prod: wait_minutes: 10 -> 0"
    assert not_shown(seen(monkeypatch, world)) == [line]
    new = {**PLACE, "waitTimer": 10}
    step = Step("update", urn(ENVIRONMENT, "x"), ENVIRONMENT, {}, new, ("waitTimer",))
    assert not_shown(seen(monkeypatch, world), [step]) == []


def test_an_account_out_of_reach_hides_nothing_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreachable account is named with its reason, beside the other differences."""
    world = worlds.with_environment(worlds.as_declared(STACK), "prod", wait_minutes=0)
    accounts = {key: one for key, one in world.accounts.items() if key != "333333333333"}
    partial = replace(world, accounts=accounts, unseen={"333333333333": "no entry"})
    found = seen(monkeypatch, partial)
    said = "roles in AWS account 333333333333 were not looked at: no entry"
    assert found.accounts_left_out() == [said]
    assert not_shown(found) == ["acme/billing: weaker: environment prod: wait_minutes: 10 -> 0"]


def test_objects_that_pulumi_will_delete_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """An object that Pulumi will delete is left out; a registered one is reported."""
    world = worlds.as_declared(STACK)
    live = world.repositories["billing"]
    assert live is not None
    variables = {**live.environments["prod"].variables, "DEBUG": "1"}
    found = seen(monkeypatch, worlds.with_environment(world, "prod", variables=variables))
    state = exported(VARIABLE, "x", {**PLACE, "variableName": "DEBUG"})
    line = "acme/billing: neutral: environment prod, variable DEBUG: nothing -> 1"
    assert not_shown(found) == [line]
    assert not_shown(found, state=state) == []
    assert not_shown(found, declared=[urn(VARIABLE, "x")], state=state) == [line]


def test_an_overwritten_secret_is_known_by_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """An overwritten secret is found by the write time in the state; an unreadable time is told."""
    later = worlds.WRITTEN + timedelta(hours=1)
    world = worlds.with_environment(
        worlds.as_declared(STACK), "prod", secrets={"DATABASE_URL": later}
    )
    found = seen(monkeypatch, world)
    outputs = {**PLACE, "secretName": "DATABASE_URL", "updatedAt": worlds.WRITTEN.isoformat()}
    declared = [urn(SECRET, "x")]
    (line,) = not_shown(found, declared=declared, state=exported(SECRET, "x", outputs))
    assert line.startswith("acme/billing: weaker: environment prod, secret DATABASE_URL: value: ")
    outputs["updatedAt"] = "yesterday"
    (line,) = not_shown(found, declared=declared, state=exported(SECRET, "x", outputs))
    assert "is not known: its time of writing in the state is 'yesterday'" in line
