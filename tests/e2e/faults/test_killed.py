"""`slipway up` repairs a run that was killed at any point: nothing exists twice or is missing."""

from typing import Final

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.dying import die_at
from tests.e2e.faults.faults import held
from tests.e2e.faults.small import Small

pytestmark = pytest.mark.slow

#: The request at which a run is killed, and the name of the resource that the state then lists as
#: pending.
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
        {"method": "PUT", "path": "environments/test/secrets/API_KEY$"},
        "REPO-test-API_KEY",
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


#: Before the object is created the state looks the same at every point, so these five are enough.
NOT_DONE: Final = ("policy", "variable", "secret", "file", "role")


@pytest.mark.parametrize(
    ("what", "done"),
    [
        *(pytest.param(what, True, id=f"{what}-done") for what in POINTS),
        *(pytest.param(what, False, id=f"{what}-not-done") for what in NOT_DONE),
    ],
)
def test_a_run_killed_while_something_is_made(small: Small, what: str, *, done: bool) -> None:
    """In the end the object exists once, whether or not the killed run had created it."""
    request, unfinished = POINTS[what]
    request = {key: text.replace("REPO", small.name) for key, text in request.items()}
    die_at(small, *held(done=done, **request))
    expected = unfinished.replace("REPO", small.name).replace("ACCOUNT", small.account)
    assert any(expected in name for name in small.pending())
    assert small.locks
    small.slipway_up()
    assert_converged(small)
