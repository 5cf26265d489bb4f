from copy import deepcopy
from dataclasses import replace
from typing import Any

from components.objects.kind import Place
from operations.adoption.found_again import completed, found_again
from operations.live.observed import Observed
from tests.operations.adoption.test_importing import world
from tests.operations.keys import key

TYPES = {
    "environment": "github:index/repositoryEnvironment:RepositoryEnvironment",
    "variable": "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
    "secret": "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
    "file": "github:index/repositoryFile:RepositoryFile",
    "role": "aws:iam/role:Role",
    "policy": "aws:iam/rolePolicy:RolePolicy",
    "provider": "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
}
TAGS = {"managed-by": "slipway", "slipway-repository": "acme/ledger"}
IN_PROD = {"repository": "ledger", "environment": "prod"}
FILE = {"repository": "ledger", "file": ".github/workflows/python-dev.yml"}
#: Logical name and inputs of each object, all of which exist.
OBJECTS: dict[str, tuple[str, dict[str, Any]]] = {
    "environment": ("ledger-prod", IN_PROD | {"preventSelfReview": True}),
    "variable": ("ledger-prod-LEVEL", IN_PROD | {"variableName": "LEVEL", "value": "info"}),
    "secret": ("ledger-prod-TOKEN", IN_PROD | {"secretName": "TOKEN", "value": "[secret]"}),
    "file": ("ledger-python-dev.yml:main", FILE | {"overwriteOnCreate": True}),
    "role": ("ledger-prod", {"name": "deployer", "tags": TAGS, "forceDetachPolicies": True}),
    "policy": ("ledger-prod-own", {"role": "deployer", "name": "own"}),
    "provider": ("oidc-333333333333", {"tags": {}}),
}


def urn(what: str) -> str:
    """Return the URN of an object; roles have a component of their own."""
    parent = "$slipway:aws:DeploymentRole" if what in {"role", "policy"} else ""
    return f"urn:pulumi:acme::slipway::x{parent}${TYPES[what]}::{OBJECTS[what][0]}"


def plan() -> dict[str, Any]:
    """Return the plan that would create all of them."""
    steps = []
    for what, (_, given) in OBJECTS.items():
        parent = "urn:pulumi:acme::slipway::slipway:aws:DeploymentRole::ledger-prod"
        state = {"type": TYPES[what], "urn": urn(what), "inputs": given, "custom": True}
        steps.append({"op": "create", "urn": urn(what), "newState": state | {"parent": parent}})
    return {"steps": steps}


DOCUMENT = {
    "resources": [
        {"type": TYPES[what], "name": what, "logicalName": OBJECTS[what][0]} for what in OBJECTS
    ]
}


def tagged(tags: dict[str, str]) -> tuple[Any, Observed]:
    """Return declaration and live world, where the role has these tags."""
    stack, observed = world()
    account = observed.accounts["333333333333"]
    role = replace(account.roles["deployer"], tags=tags)
    accounts = {**observed.accounts, "333333333333": replace(account, roles={"deployer": role})}
    return stack, replace(observed, accounts=accounts)


def found(tags: dict[str, str] = TAGS, differing: frozenset[Place] = frozenset()) -> set[str]:
    """Return the objects that would be imported."""
    imports = found_again(DOCUMENT, plan(), *tagged(tags), differing)
    return {entry["name"] for entry in imports.document["resources"]}


def test_what_exists_as_declared_is_taken_over() -> None:
    """All but secrets, whose values cannot be compared."""
    assert found() == OBJECTS.keys() - {"secret"}


def test_what_differs_is_left_to_the_user() -> None:
    """An object with a difference may be one that a person made."""
    place = ("ledger", key("environment prod, variable LEVEL"))
    assert found(differing=frozenset({place})) == OBJECTS.keys() - {"secret", "variable"}


def test_a_role_without_slipways_tags_is_foreign() -> None:
    """Neither the role nor its policies are taken over; further tags of a person are fine."""
    for tags in ({}, {"managed-by": "slipway"}, TAGS | {"slipway-repository": "acme/other"}):
        assert found(tags) == OBJECTS.keys() - {"secret", "role", "policy"}
    assert "role" in found(TAGS | {"team": "payments"})


def test_inputs_that_an_import_does_not_read_are_as_declared() -> None:
    """The next plan writes nothing again: no second commit, no second rule of an environment."""
    delta = "__pulumi_raw_state_delta"
    state = {
        "deployment": {
            "resources": [
                {"urn": urn(what), "type": TYPES[what], "inputs": {"a": 1}, "outputs": {delta: {}}}
                for what in ("environment", "file", "role", "secret")
            ]
        }
    }
    before = deepcopy(state)
    after = completed(state, plan())["deployment"]["resources"]
    assert state == before
    given = [
        {"preventSelfReview": True},
        {"overwriteOnCreate": True},
        {"forceDetachPolicies": True},
        {},
    ]
    assert [one["inputs"] for one in after] == [{"a": 1} | one for one in given]
    assert [one["outputs"] for one in after] == [*given[:3], {delta: {}}]
