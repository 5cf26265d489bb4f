from dataclasses import replace
from typing import Any

import pytest

from components.documents.role import role_tags
from operations.state.pending import resolved, taken_over
from tests.operations.diff import worlds

PLACE = {"repository": "billing", "environment": "prod"}
INDEX = "github:index"
POLICY = f"{INDEX}/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
VARIABLE = f"{INDEX}/actionsEnvironmentVariable:ActionsEnvironmentVariable"
FILE = f"{INDEX}/repositoryFile:RepositoryFile"
SECRET = f"{INDEX}/actionsEnvironmentSecret:ActionsEnvironmentSecret"
ROLE = "aws:iam/role:Role"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ISSUER = "token.actions.githubusercontent.com"
PATH = ".github/workflows/python-prd.yml"
STACK = worlds.stack()
WORLD = worlds.as_declared(STACK)
WORLD = replace(
    WORLD,
    accounts={
        number: replace(account, oidc_tags=STACK.own_provider_tags)
        for number, account in WORLD.accounts.items()
    },
)
OWN = STACK.own_provider_tags
TAGS = role_tags(STACK.settings, STACK.repositories[0], "prod")
CONTENT = worlds.workflows(STACK.repositories[0])["main"]["python-prd.yml"].text

State = dict[str, Any]


def resource(kind: str, inputs: State, name: str = "x") -> State:
    """A resource as states and plans have it."""
    return {"type": kind, "urn": f"urn::{name}", "inputs": {"__defaults": []} | inputs}


def export(*operations: State) -> State:
    """A state with one finished resource, and pending operations."""
    return {"deployment": {"resources": [{"urn": "urn::old"}], "pending_operations": [*operations]}}


def taken(state: State) -> list[State]:
    """What was taken into the state."""
    found: list[State] = state["deployment"]["resources"]
    assert found[0] == {"urn": "urn::old"}
    return found[1:]


THERE = {
    "variable": (
        resource(VARIABLE, PLACE | {"variableName": "log_level", "value": "warning"}),
        "billing:prod:log_level",
    ),
    "branch": (resource(POLICY, PLACE | {"branchPattern": "main"}), "billing:prod:0"),
    "tag": (resource(POLICY, PLACE | {"tagPattern": "v*"}), "billing:prod:10"),
    "file": (
        resource(FILE, {"repository": "billing", "file": PATH, "content": CONTENT}),
        f"billing:{PATH}:main",
    ),
    "role": (resource(ROLE, {"name": "acme.billing-prod", "tags": TAGS}), "acme.billing-prod"),
    "provider": (
        resource(PROVIDER, {"url": f"https://{ISSUER}", "tags": OWN}, "oidc-333333333333"),
        f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}",
    ),
}


@pytest.mark.parametrize("what", THERE)
def test_what_is_there_is_taken_into_the_state(what: str) -> None:
    """What cannot be made twice is there with the provider's id, and pending no more."""
    found, identity = THERE[what]
    after = resolved(export({"type": "creating", "resource": found}), WORLD)
    outputs = {key: value for key, value in found["inputs"].items() if key != "__defaults"}
    assert taken(after) == [{**found, "id": identity, "outputs": outputs}]
    assert after["deployment"]["pending_operations"] == []


def test_what_was_made_in_the_place_of_another_leaves_it_to_be_deleted() -> None:
    """A renamed repository's role: both under one name, Pulumi would refuse the state."""
    role, _ = THERE["role"]
    after = resolved(
        export({"type": "creating", "resource": role | {"aliases": ["urn::old"]}}), WORLD
    )
    old, new = after["deployment"]["resources"]
    assert (old["urn"], old["delete"]) == ("urn::old", True)
    assert "delete" not in new


OTHERWISE = {
    "no variable": resource(VARIABLE, PLACE | {"variableName": "OTHER", "value": "x"}),
    "another value": resource(VARIABLE, PLACE | {"variableName": "LOG_LEVEL", "value": "info"}),
    "no environment": resource(
        VARIABLE, PLACE | {"environment": "qa", "variableName": "X", "value": "x"}
    ),
    "no pattern": resource(POLICY, PLACE | {"branchPattern": "v*"}),
    "another content": resource(FILE, {"repository": "billing", "file": PATH, "content": "x"}),
    "no role": resource(ROLE, {"name": "acme.other-prod", "tags": TAGS}),
    "another's role": resource(
        ROLE, {"name": "acme.billing-prod", "tags": TAGS | {"repository": "acme/x"}}
    ),
    "another's provider": resource(
        PROVIDER,
        {"url": f"https://{ISSUER}", "tags": OWN | {"slipway-stack": "other"}},
        "oidc-333333333333",
    ),
    "made again": resource(SECRET, PLACE | {"secretName": "DATABASE_URL"}),
}


def test_a_provider_is_known_by_the_arn_of_its_partition() -> None:
    """China and GovCloud have ARNs of their own."""
    arn = f"arn:aws-cn:iam::333333333333:oidc-provider/{ISSUER}"
    account = replace(WORLD.accounts["333333333333"], oidc_provider_arn=arn)
    world = replace(WORLD, accounts={**WORLD.accounts, "333333333333": account})
    (found,) = taken(
        resolved(export({"type": "creating", "resource": THERE["provider"][0]}), world)
    )
    assert found["id"] == arn


@pytest.mark.parametrize("what", OTHERWISE)
def test_what_is_not_there_as_it_was_to_be_is_forgotten(what: str) -> None:
    """So is what GitHub lets anybody write twice: the next update makes it."""
    after = resolved(export({"type": "creating", "resource": OTHERWISE[what]}), WORLD)
    assert taken(after) == []
    assert after["deployment"]["pending_operations"] == []


@pytest.mark.parametrize("need", ["parent", "dependencies"])
def test_what_hangs_on_nothing_in_the_state_is_no_remainder(need: str) -> None:
    """Runs go in order, and Pulumi refuses a state that lacks a resource's parent."""
    found, _ = THERE["variable"]
    for urn, count in (("urn::old", 1), ("urn::none", 0)):
        needing = found | {need: [urn] if need == "dependencies" else urn}
        plan = {"steps": [{"op": "create", "newState": needing}]}
        assert len(taken(taken_over(export(), plan, WORLD))) == count


def test_pending_updates_are_left_to_pulumi() -> None:
    """A refresh reads what an update or a deletion came to."""
    before = export({"type": "updating", "resource": THERE["role"][0]})
    assert resolved(before, WORLD) == before


@pytest.mark.parametrize("what", THERE)
def test_a_plan_makes_nothing_that_is_there(what: str) -> None:
    """A lost answer leaves nothing pending."""
    found, identity = THERE[what]
    after = taken_over(export(), {"steps": [{"op": "create", "newState": found}]}, WORLD)
    assert [new["id"] for new in taken(after)] == [identity]
    assert taken_over(export(), {"steps": [{"op": "update", "newState": found}]}, WORLD) == export()


def test_a_component_has_no_inputs_and_is_left_alone() -> None:
    """A plan creates components as well, which exist in the state alone."""
    component = {"type": "slipway:github:WorkflowFiles", "urn": "urn::component"}
    plan = {"steps": [{"op": "create", "newState": component}]}
    before = export()
    assert taken_over(before, plan, WORLD) == before
