from typing import Any

import pytest

from operations.observer.observed import Observed
from operations.state.pending import refresh_options
from tests.operations.drifting import worlds

PLACE = {"repository": "billing", "environment": "prod"}
INDEX = "github:index"
POLICY = f"{INDEX}/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
VARIABLE = f"{INDEX}/actionsEnvironmentVariable:ActionsEnvironmentVariable"
ROLE = "aws:iam/role:Role"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ISSUER = "token.actions.githubusercontent.com"


def options(kind: str, inputs: dict[str, Any], world: Observed, name: str = "x") -> list[str]:
    """How one pending creation is settled."""
    resource = {"type": kind, "urn": f"urn::{name}", "inputs": inputs}
    operations = [{"type": "creating", "resource": resource}]
    return refresh_options({"deployment": {"pending_operations": operations}}, world)


THERE = {
    "variable": (VARIABLE, PLACE | {"variableName": "log_level"}, "billing:prod:log_level"),
    "branch": (POLICY, PLACE | {"branchPattern": "main"}, "billing:prod:0"),
    "tag": (POLICY, PLACE | {"tagPattern": "v*"}, "billing:prod:10"),
    "role": (ROLE, {"name": "acme.billing-prod"}, "acme.billing-prod"),
    "provider": (
        PROVIDER,
        {"url": f"https://{ISSUER}"},
        f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}",
    ),
}
NAME = {"provider": "oidc-333333333333"}


@pytest.mark.parametrize("what", THERE)
def test_what_is_there_is_taken_into_the_state(what: str) -> None:
    """What cannot be made twice is imported by the id that the provider wants."""
    kind, inputs, identity = THERE[what]
    name = NAME.get(what, "x")
    found = options(kind, inputs, worlds.as_declared(worlds.stack()), name)
    imported = ["--import-pending-creates", f"urn::{name}", "--import-pending-creates", identity]
    assert found == ["--clear-pending-creates", *imported]


ABSENT = {
    "variable": (VARIABLE, PLACE | {"variableName": "OTHER"}),
    "environment": (VARIABLE, PLACE | {"environment": "qa", "variableName": "X"}),
    "pattern": (POLICY, PLACE | {"branchPattern": "v*"}),
    "role": (ROLE, {"name": "acme.other-prod"}),
    "file": (f"{INDEX}/repositoryFile:RepositoryFile", PLACE | {"file": "x"}),
}


@pytest.mark.parametrize("what", ABSENT)
def test_what_is_not_there_is_made_again(what: str) -> None:
    """So is what GitHub lets anybody write twice."""
    found = options(*ABSENT[what], worlds.as_declared(worlds.stack()))
    assert found == ["--clear-pending-creates"]


def test_without_pending_creations_there_is_nothing_to_settle() -> None:
    """Pulumi itself settles pending updates and deletions by refreshing them."""
    world = worlds.as_declared(worlds.stack())
    assert refresh_options({"deployment": {}}, world) == []
    updating = [{"type": "updating", "resource": {"type": ROLE, "urn": "x"}}]
    assert refresh_options({"deployment": {"pending_operations": updating}}, world) == []
