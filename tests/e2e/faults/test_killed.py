"""A run killed at any point is put right by `slipway up`: nothing twice, nothing missing."""

from typing import Final

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import PLAIN, SLIPWAY, die_at, die_when, running, wait_until
from tests.e2e.faults.faults import faulty, held
from tests.e2e.faults.small import Small

#: The request at which a run dies, and the name of what the state then knows to be unfinished.
POINTS: Final[dict[str, tuple[dict[str, str], str]]] = {
    "environment": ({"method": "PUT", "path": "REPO/environments/dev$"}, "REPO-dev"),
    "policy": (
        {"method": "POST", "path": "REPO/environments/test/deployment-branch-policies$"},
        "REPO-test-branch:main",
    ),
    "variable": (
        {"method": "POST", "path": "REPO/environments/dev/variables$"},
        "REPO-dev-AWS_REGION",
    ),
    "secret": (
        {"method": "PUT", "path": "environments/prod/secrets/API_KEY$"},
        "REPO-prod-API_KEY",
    ),
    "branch": ({"method": "POST", "path": "REPO/git/refs$"}, "REPO-branch:develop"),
    "file": (
        {"method": "PUT", "path": "REPO/contents/.github/workflows/python-test.yml$"},
        "REPO-python-test.yml:main",
    ),
    "OIDC provider": ({"action": "CreateOpenIDConnectProvider"}, "oidc-ACCOUNT"),
    "role": ({"action": "CreateRole"}, "REPO-"),
    "role policy": ({"action": "PutRolePolicy"}, "-deploy"),
}


#: Points at which it was never made are the same to the state; these five stand for all.
NOT_DONE: Final = ("policy", "variable", "secret", "file", "role")


@pytest.mark.parametrize(
    ("what", "done"),
    [
        *(pytest.param(what, True, id=f"{what}-done") for what in POINTS),
        *(pytest.param(what, False, id=f"{what}-not-done") for what in NOT_DONE),
    ],
)
def test_a_run_killed_while_something_is_made(small: Small, what: str, *, done: bool) -> None:
    """Whether it was made or not, which the state does not say, it is there once in the end."""
    request, unfinished = POINTS[what]
    request = {key: text.replace("REPO", small.name) for key, text in request.items()}
    die_at(small, *held(done=done, **request))
    expected = unfinished.replace("REPO", small.name).replace("ACCOUNT", small.account)
    assert any(expected in name for name in small.pending())
    assert small.locks
    small.slipway_up()
    assert_converged(small)


@pytest.mark.parametrize("resources", [1, 9, 16, 23, 30, 37])
def test_a_run_killed_when_the_state_has_grown(small: Small, resources: int) -> None:
    """Between any two writes of the state, a run may end."""
    die_when(small, lambda: len(small.latest("resources")) >= resources)
    small.slipway_up()
    assert_converged(small)


def test_a_run_whose_plugins_outlive_it(small: Small) -> None:
    """Only the engine is killed; what its plugins do for a while yet is found by the second run."""
    request = {"method": "POST", "path": f"{small.name}/environments/dev/variables$"}
    held_up = faulty(small.project.world, *held(done=True, **request))
    with held_up as struck, running(small, *PLAIN) as engine:
        wait_until(lambda: struck()[0] > 0, engine)
        engine.kill()
        engine.wait()
        small.slipway_up(expect=None)
    small.slipway_up()
    assert_converged(small)


def test_recoveries_that_are_killed_as_well(small: Small) -> None:
    """However often a run dies, and wherever, the one that lives to its end puts all right."""
    files, environments = f"{small.name}/contents/", f"{small.name}/environments/"
    die_at(small, *held(done=True, method="PUT", path=f"{files}.*/python-dev.yml$"))
    variable = held(done=True, method="POST", path=f"{environments}prod/variables$")
    die_at(small, *variable, command=SLIPWAY)
    die_at(small, *held(done=True, action="CreateRole"), command=SLIPWAY)
    small.slipway_up()
    assert_converged(small)
