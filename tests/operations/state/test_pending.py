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
    """A resource in the form of states and plans."""
    return {"type": kind, "urn": f"urn::{name}", "inputs": {"__defaults": []} | inputs}


def export(*operations: State) -> State:
    """Return a state with one finished resource, and pending operations."""
    return {"deployment": {"resources": [{"urn": "urn::old"}], "pending_operations": [*operations]}}


def taken(state: State) -> list[State]:
    """Return the resources that were added to the state."""
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
def test_an_existing_object_is_added_to_the_state(what: str) -> None:
    """A pending creation of an existing object is added to the state with the provider's id."""
    found, identity = THERE[what]
    after = resolved(export({"type": "creating", "resource": found}), WORLD)
    outputs = {key: value for key, value in found["inputs"].items() if key != "__defaults"}
    assert taken(after) == [{**found, "id": identity, "outputs": outputs}]
    assert after["deployment"]["pending_operations"] == []


def test_a_replaced_resource_is_marked_for_deletion() -> None:
    """If a pending creation replaces a resource, the replaced one is marked for deletion."""
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
    """The OIDC provider's id is the live ARN, also in China and GovCloud."""
    arn = f"arn:aws-cn:iam::333333333333:oidc-provider/{ISSUER}"
    account = replace(WORLD.accounts["333333333333"], oidc_provider_arn=arn)
    world = replace(WORLD, accounts={**WORLD.accounts, "333333333333": account})
    (found,) = taken(
        resolved(export({"type": "creating", "resource": THERE["provider"][0]}), world)
    )
    assert found["id"] == arn


@pytest.mark.parametrize("what", OTHERWISE)
def test_a_pending_creation_of_a_missing_object_is_dropped(what: str) -> None:
    """A pending creation is dropped if the object is missing or differs from it."""
    after = resolved(export({"type": "creating", "resource": OTHERWISE[what]}), WORLD)
    assert taken(after) == []
    assert after["deployment"]["pending_operations"] == []


@pytest.mark.parametrize("need", ["parent", "dependencies"])
def test_a_resource_without_its_parent_in_the_state_is_not_added(need: str) -> None:
    """A resource whose parent or dependency is not in the state is not added."""
    found, _ = THERE["variable"]
    for urn, count in (("urn::old", 1), ("urn::none", 0)):
        needing = found | {need: [urn] if need == "dependencies" else urn}
        plan = {"steps": [{"op": "create", "newState": needing}]}
        assert len(taken(taken_over(export(), plan, WORLD))) == count


def test_pending_updates_are_left_to_pulumi() -> None:
    """Pending updates and deletions stay, since Pulumi's refresh settles them."""
    before = export({"type": "updating", "resource": THERE["role"][0]})
    assert resolved(before, WORLD) == before


@pytest.mark.parametrize("what", THERE)
def test_a_planned_creation_of_an_existing_object_is_added(what: str) -> None:
    """A planned creation of an existing object adds it to the state instead."""
    found, identity = THERE[what]
    after = taken_over(export(), {"steps": [{"op": "create", "newState": found}]}, WORLD)
    assert [new["id"] for new in taken(after)] == [identity]
    assert taken_over(export(), {"steps": [{"op": "update", "newState": found}]}, WORLD) == export()


def test_a_planned_component_is_ignored() -> None:
    """A planned creation of a component is ignored, since it exists only in the state."""
    component = {"type": "slipway:github:WorkflowFiles", "urn": "urn::component"}
    plan = {"steps": [{"op": "create", "newState": component}]}
    before = export()
    assert taken_over(before, plan, WORLD) == before


def test_the_state_of_a_new_stack_stays_as_it_is() -> None:
    """A new stack's state does not change: it has no resources that could be a parent."""
    found, _ = THERE["variable"]
    plan = {"steps": [{"op": "create", "newState": found | {"parent": "urn::stack"}}]}
    before: State = {"deployment": {"manifest": {}}}
    assert taken_over(before, plan, WORLD) == before
