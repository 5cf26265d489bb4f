from copy import deepcopy
from typing import Any

import pytest

from components.model.stack import Stack
from operations.live.observed import Observed
from operations.state.added import tell_added, without_added
from tests.operations.diff import worlds

PREFIX = "urn:pulumi:s::slipway::slipway:index:OnboardedRepository$slipway:github:Environment$"
ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
PROD = f"{PREFIX}{ENVIRONMENT}::billing-prod"
SINCE = worlds.WRITTEN
EXCLUSIVE = {"prod": {**worlds.BILLING["environments"]["prod"], "exclusive": True}}


def export() -> dict[str, Any]:
    """Return the state of one environment."""
    place = {"repository": "billing", "environment": "prod"}
    return {
        "deployment": {
            "resources": [
                {
                    "urn": PROD,
                    "type": ENVIRONMENT,
                    "id": "billing:prod",
                    "outputs": place,
                    "parent": "urn:parent",
                    "provider": "urn:provider::id",
                }
            ]
        }
    }


def told(stack: Stack, **prod: Any) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the messages and the added resources, for a live prod with something added."""
    declared = worlds.as_declared(stack)
    live = declared.repositories["billing"]
    assert live is not None
    there = live.environments["prod"]
    changes = {
        key: {**getattr(there, key), **value} if isinstance(value, dict) else value
        for key, value in prod.items()
    }
    state = export()
    said = tell_added(state, stack, worlds.with_environment(declared, "prod", **changes))
    return said, state["deployment"]["resources"][1:]


def test_declared_objects_add_nothing() -> None:
    """Declared patterns, variables and secrets are in the state already and add nothing."""
    assert told(worlds.stack()) == ([], [])


@pytest.mark.parametrize(
    ("key", "kind", "pattern"), [("branches", "branch", "*"), ("tags", "tag", "x/*")]
)
def test_an_added_pattern_will_be_deleted(key: str, kind: str, pattern: str) -> None:
    """An added pattern is put into the state, so that the next `up` deletes it."""
    said, (added,) = told(worlds.stack(), **{key: {pattern: 77}})
    words = f"billing: environment prod, {kind} policy {pattern} is not declared"
    assert said == [f"{words}; the next up deletes it"]
    assert added["urn"] == f"{PREFIX}{POLICY}::billing-prod-{kind}:{pattern}"
    assert (added["id"], added["parent"]) == ("billing:prod:77", "urn:parent")
    assert added["dependencies"] == [PROD]
    assert added["deletedWith"] == PROD
    assert added["outputs"]["policyId"] == 77
    assert added["inputs"] == {
        "repository": "billing",
        "environment": "prod",
        f"{kind}Pattern": pattern,
    }


def test_variables_and_secrets_of_an_exclusive_environment_are_deleted() -> None:
    """Added variables and secrets are deleted only if the environment is declared exclusive."""
    added = {"variables": {"LATER": "1"}, "secrets": {"TOKEN": SINCE}}
    assert told(worlds.stack(), **added) == ([], [])
    exclusive = worlds.stack(environments=EXCLUSIVE)
    said, found = told(exclusive, **added)
    assert len(said) == 2
    assert {one["id"] for one in found} == {"billing:prod:LATER", "billing:prod:TOKEN"}


def test_unmanaged_objects_stay() -> None:
    """Added objects that are declared unmanaged stay."""
    patterns = {"deployment_patterns": ["hot*"], "variables": ["L*"], "secrets": ["T*"]}
    stack = worlds.stack(environments=EXCLUSIVE, unmanaged=patterns)
    added = {"branches": {"hotfix/*": 7}, "variables": {"LATER": "1"}, "secrets": {"TOKEN": SINCE}}
    assert told(stack, **added) == ([], [])


def test_deleting_an_added_object_is_no_loss() -> None:
    """Deleting an added object is no loss; deleting one that Pulumi created is."""
    stack = worlds.stack()
    world = worlds.with_environment(worlds.as_declared(stack), "prod", branches={"main": 1, "*": 2})
    state = export()
    tell_added(state, stack, world)
    added = state["deployment"]["resources"][-1]["urn"]
    made = {"urn": "urn:made", "type": POLICY, "created": "2026-11-01T12:00:00Z"}
    state["deployment"]["resources"].append(made)
    plan = {"steps": [{"op": "delete", "urn": urn} for urn in (added, "urn:made")]}
    assert without_added(plan, state) == {"steps": [{"op": "delete", "urn": "urn:made"}]}


def test_an_environment_outside_the_state_gets_no_objects() -> None:
    """An environment that is not in the state, or not live, gets no added objects."""
    stack = worlds.stack()
    world = worlds.with_environment(worlds.as_declared(stack), "prod", branches={"main": 1, "*": 2})
    empty: dict[str, Any] = {"deployment": {}}
    assert tell_added(empty, stack, world) == []
    state = export()
    gone = Observed({"billing": None}, world.accounts)
    before = deepcopy(state)
    assert tell_added(state, stack, gone) == []
    assert state == before
    assert len(tell_added(state, stack, world)) == 1
    assert tell_added(state, stack, world) == []
