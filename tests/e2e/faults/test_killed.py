"""A run killed at any point is put right by `slipway up`: nothing twice, nothing missing."""

from typing import Final

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import die_at
from tests.e2e.faults.faults import held
from tests.e2e.faults.small import Small

pytestmark = pytest.mark.slow

#: The request at which a run dies, and the name of what the state then knows to be unfinished.
POINTS: Final[dict[str, tuple[dict[str, str], str]]] = {
    "environment": ({"method": "PUT", "path": "REPO/environments/dev$"}, "REPO-dev"),
    "policy": (
        {"method": "POST", "path": "REPO/environments/test/deployment-branch-policies$"},
        "REPO-test-branch:main",
    ),
    "variable": (
        {"method": "POST", "path": "REPO/environments/dev/variables$"},
        # One of the two that each environment has.
        "REPO-dev-AWS_",
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


#: The state is the same at each point before the object is made; these five stand for all.
NOT_DONE: Final = ("policy", "variable", "secret", "file", "role")


@pytest.mark.parametrize(
    ("what", "done"),
    [
        *(pytest.param(what, True, id=f"{what}-done") for what in POINTS),
        *(pytest.param(what, False, id=f"{what}-not-done") for what in NOT_DONE),
    ],
)
def test_a_run_killed_while_something_is_made(small: Small, what: str, *, done: bool) -> None:
    """The object exists once in the end, whether the killed run had made it or not."""
    request, unfinished = POINTS[what]
    request = {key: text.replace("REPO", small.name) for key, text in request.items()}
    die_at(small, *held(done=done, **request))
    expected = unfinished.replace("REPO", small.name).replace("ACCOUNT", small.account)
    assert any(expected in name for name in small.pending())
    assert small.locks
    small.slipway_up()
    assert_converged(small)
