"""A rename is interrupted: objects that moved in the state, and the others, are not recreated."""

import pytest

from tests.e2e.faults.dying import PLAIN, SLIPWAY, die_at
from tests.e2e.faults.faults import held
from tests.e2e.faults.small import DECLARED, Small
from tests.e2e.test_rename import alive

#: The first request for an environment, a variable and a role. Other objects have moved before each
#: of them.
MOMENTS = {
    "an environment": {"method": "PUT", "path": "environments/test$"},
    "a variable": {"method": "PATCH", "path": "variables/AWS_ROLE_ARN$"},
    "a role": {"action": "CreateRole"},
}


@pytest.mark.parametrize(
    ("command", "moment"),
    [
        pytest.param(command, one, marks=[pytest.mark.slow] * ((command, one) != (PLAIN, "a role")))
        for command in (PLAIN, SLIPWAY)
        for one in MOMENTS
    ],
)
def test_a_rename_that_is_killed_goes_on(
    small: Small, command: tuple[str, ...], moment: str
) -> None:
    """The next run recreates nothing, needs no consent, and no object keeps the former name."""
    small.up()
    world, former, name = small.project.world, small.name, f"renamed-{small.name}"
    before = alive(world, former)
    world.control("PATCH", f"repositories/acme/{former}", {"name": name})
    declaration = f"repository: {name}\npreviously: {former}\n{DECLARED}"
    small.project.write(f"stacks/{former}/small.yaml", declaration)
    small.pulumi("refresh", "--yes", "--skip-preview")
    die_at(small, *held(done=False, **MOMENTS[moment]), command=command)
    small.slipway_up()
    assert alive(world, name) == before
    small.pulumi("preview", "--refresh", "--expect-no-changes")
    roles = world.iam(small.account).list_roles(PathPrefix="/slipway/")["Roles"]
    assert sorted(role["RoleName"] for role in roles) == [
        f"acme.{name}-{environment}" for environment in ("dev", "test")
    ]
