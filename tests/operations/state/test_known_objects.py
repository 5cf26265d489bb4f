"""A state tells which objects belong to the stack."""

from typing import Any

from components.objects.kinds import ENVIRONMENT, OIDC_PROVIDER, ROLE, VARIABLE, WORKFLOW
from operations.state.known_objects import known_objects

PREFIX = "urn:pulumi:s::slipway::slipway:index:OnboardedRepository$"


def resource(type_: str, name: str, inputs: dict[str, str], **outputs: str) -> dict[str, Any]:
    """One resource of a state."""
    urn = f"{PREFIX}{type_}::{name}"
    return {"urn": urn, "type": type_, "inputs": inputs, "outputs": outputs}


def test_each_object_is_known_by_its_place() -> None:
    """GitHub's objects are known by repository and key, roles by their ARN.

    A pending creation is known as well, since `slipway up` resolves it. Providers and components do
    not count as objects.
    """
    prod = {"repository": "Billing", "environment": "prod"}
    name = "billing-python-test.yml:main"
    arn = "arn:aws:iam::333333333333:role/slipway/acme.billing-prod"
    resources = [
        {"urn": "urn:pulumi:s::slipway::pulumi:pulumi:Stack::s", "type": "pulumi:pulumi:Stack"},
        resource(ENVIRONMENT.type, "billing-prod", prod),
        resource(
            WORKFLOW.type,
            name,
            {"repository": "Billing", "file": ".github/workflows/python-test.yml"},
        ),
        resource(ROLE.type, "billing-prod", {"name": "acme.billing-prod"}, arn=arn),
        resource(OIDC_PROVIDER.type, "oidc-333333333333", {"url": "https://x"}),
    ]
    variable = resource(VARIABLE.type, "x", prod | {"variableName": "Level"})
    role = resource(ROLE.type, "billing-dev", {"name": "Acme.billing-dev"})
    pending = [{"type": "creating", "resource": one} for one in (variable, role)]
    found = known_objects({"deployment": {"resources": resources, "pending_operations": pending}})
    assert found.places == {
        ("billing", ENVIRONMENT.at("prod")),
        ("billing", WORKFLOW.at("python-test.yml", "main")),
        ("billing", VARIABLE.at("prod", "LEVEL")),
    }
    assert found.roles == {arn, "acme.billing-dev"}
    assert found.providers == {"333333333333"}
    # The name is asked for and printed, so it keeps its upper case.
    assert found.repositories == {"Billing"}


def test_a_stack_that_was_never_updated_knows_nothing() -> None:
    """A new stack, which Pulumi exports without resources, has no known object."""
    found = known_objects({"deployment": {"manifest": {}}})
    assert (found.places, found.roles) == (frozenset(), frozenset())
