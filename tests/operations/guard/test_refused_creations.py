from dataclasses import replace
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from operations.engine.steps import plan_steps
from operations.guard.refused_creations import refused_creations
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.guard.plans import ENVIRONMENT, ROLE, ROLES, VARIABLE, step
from tests.stacks import WriteStack

PLACE = {"repository": "billing", "environment": "prod"}
REGION = {"variableName": "aws_region", "value": "other", **PLACE}
PROD = {"name": "ACME.billing-prod"}


@pytest.fixture
def files(write_stack: WriteStack) -> StackFiles:
    """Return a stack of two repositories."""
    folder: Path = write_stack(billing="# ours\nrepository: billing\n", api="repository: api\n")
    return StackFiles(folder)


def role(op: str, **inputs: object) -> dict[str, object]:
    """Return a step of prod's role, whose resource is named after repository and environment."""
    made = step(op, ROLE, "name", **inputs)
    return made | {"urn": made["urn"].replace("::x", "::billing-prod")}


def refused(
    files: StackFiles, *steps: dict[str, object], world: Observed | None = None
) -> list[str]:
    """Return the problems of a plan; by default everything of billing exists."""
    world = world or worlds.as_declared(worlds.stack())
    plan = plan_steps({"steps": list(steps)})
    return [str(one) for one in refused_creations(files, list(plan), world, ROLES)]


def test_a_variable_and_a_role_that_exist_are_told_at_the_repositorys_line(
    files: StackFiles,
) -> None:
    """One problem for the repository, with all of them and the command; case does not matter."""
    (said,) = refused(files, step("create", VARIABLE, **REGION), role("create", **PROD))
    assert said.startswith("stacks/s/billing.yaml:2: repository: acme/billing has ")
    assert "environment prod, variable AWS_REGION, role ACME.billing-prod already" in said
    assert "slipway adopt s billing" in said


@pytest.mark.parametrize(("account", "found"), [("333333333333", 1), ("111111111111", 0)])
def test_a_role_of_another_account_is_another_one(
    files: StackFiles, account: str, found: int
) -> None:
    """Several accounts may have a role of one name."""
    world = worlds.as_declared(worlds.stack())
    (there,) = (
        one.roles["acme.billing-prod"]
        for one in world.accounts.values()
        if "acme.billing-prod" in one.roles
    )
    accounts = {
        number: replace(one, roles={"acme.billing-prod": there} if number == account else {})
        for number, one in world.accounts.items()
    }
    observed = replace(world, accounts=accounts)
    assert len(refused(files, role("create", **PROD), world=observed)) == found


def test_objects_that_do_not_exist_are_created(files: StackFiles) -> None:
    """A new variable, a new role, and an environment, whose creation replaces an existing one."""
    new = {"variableName": "NEW", "value": "x", **PLACE}
    steps = (
        step("create", VARIABLE, **new),
        role("create", name="acme.billing-new"),
        step("create", ENVIRONMENT, **PLACE),
    )
    assert refused(files, *steps) == []
    nothing = Observed({"billing": None}, {})
    both = (step("create", VARIABLE, **REGION), role("create", **PROD))
    assert refused(files, *both, world=nothing) == []


@pytest.mark.parametrize("op", ["update", "replace", "delete"])
def test_objects_of_the_state_are_no_problem(files: StackFiles, op: str) -> None:
    """They exist because the stack has made them."""
    assert refused(files, step(op, VARIABLE, "value", **REGION), role(op, **PROD)) == []
