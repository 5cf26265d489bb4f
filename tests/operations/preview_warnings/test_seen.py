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
from operations.preview_warnings import seen as module
from operations.preview_warnings.seen import Seen
from tests.operations.diff import worlds

STACK = worlds.stack()
ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
NO_STATE: Mapping[str, Any] = {"deployment": {}}
PLACE = {"repository": "billing", "environment": "prod"}


def seen(monkeypatch: pytest.MonkeyPatch, observed: Observed) -> Seen:
    """What is seen of a world."""
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
    return Seen(STACK, {"billing": live}, 9)


def urn(kind: str, name: str) -> str:
    """A resource's."""
    return f"urn:pulumi:acme::slipway::slipway:index:X${kind}::{name}"


def exported(kind: str, name: str, outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """A state of one resource."""
    one = {"urn": urn(kind, name), "type": kind, "outputs": outputs, "inputs": outputs}
    return {"deployment": {"resources": [one]}}


def untold(
    found: Seen,
    planned: Sequence[Step] = (),
    declared: Sequence[str] = (),
    state: Mapping[str, Any] = NO_STATE,
) -> list[str]:
    """What is said, without the remedies."""
    return [line.partition(";")[0] for line in found.untold(planned, declared, state)]


def test_of_a_world_as_declared_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of a difference, and not of an account."""
    found = seen(monkeypatch, worlds.as_declared(STACK))
    assert found.unseen() == []
    assert untold(found) == []


def test_what_the_plan_shows_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The observer's finding and the engine's step are put together by their place."""
    world = worlds.with_environment(worlds.as_declared(STACK), "prod", wait_minutes=0)
    line = "acme/billing: weaker: environment prod: wait_minutes: 10 -> 0"
    assert untold(seen(monkeypatch, world)) == [line]
    new = {**PLACE, "waitTimer": 10}
    step = Step("update", urn(ENVIRONMENT, "x"), ENVIRONMENT, {}, new, ("waitTimer",))
    assert untold(seen(monkeypatch, world), [step]) == []


def test_an_account_out_of_reach_hides_nothing_of_github(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which was not looked at, why, and what differs elsewhere."""
    world = worlds.with_environment(worlds.as_declared(STACK), "prod", wait_minutes=0)
    accounts = {key: one for key, one in world.accounts.items() if key != "333333333333"}
    partial = replace(world, accounts=accounts, unseen={"333333333333": "no entry"})
    found = seen(monkeypatch, partial)
    said = "roles in AWS account 333333333333 were not looked at: no entry"
    assert found.unseen() == [said]
    assert untold(found) == ["acme/billing: weaker: environment prod: wait_minutes: 10 -> 0"]


def test_what_pulumi_is_to_delete_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in the state and nobody registers it; what is registered stays."""
    world = worlds.as_declared(STACK)
    live = world.repositories["billing"]
    assert live is not None
    variables = {**live.environments["prod"].variables, "DEBUG": "1"}
    found = seen(monkeypatch, worlds.with_environment(world, "prod", variables=variables))
    state = exported(VARIABLE, "x", {**PLACE, "variableName": "DEBUG"})
    line = "acme/billing: neutral: environment prod, variable DEBUG: nothing -> 1"
    assert untold(found) == [line]
    assert untold(found, state=state) == []
    assert untold(found, declared=[urn(VARIABLE, "x")], state=state) == [line]


def test_an_overwritten_secret_is_known_by_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """When slipway wrote it is in the state; a time that can't be read is told."""
    later = worlds.WRITTEN + timedelta(hours=1)
    world = worlds.with_environment(
        worlds.as_declared(STACK), "prod", secrets={"DATABASE_URL": later}
    )
    found = seen(monkeypatch, world)
    outputs = {**PLACE, "secretName": "DATABASE_URL", "updatedAt": worlds.WRITTEN.isoformat()}
    declared = [urn(SECRET, "x")]
    (line,) = untold(found, declared=declared, state=exported(SECRET, "x", outputs))
    assert line.startswith("acme/billing: weaker: environment prod, secret DATABASE_URL: value: ")
    outputs["updatedAt"] = "yesterday"
    (line,) = untold(found, declared=declared, state=exported(SECRET, "x", outputs))
    assert "is not known: its time of writing in the state is 'yesterday'" in line
