"""GitHub or AWS carry out a request but the answer is lost: no object is created twice."""

from typing import Final

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

#: Requests that a client may send twice: the second call replaces or finds the object of the first
#: call.
FOUND: Final[list[dict[str, str]]] = [
    {"method": "PUT", "path": "REPO/environments/dev$"},
    {"method": "POST", "path": "REPO/environments/test/deployment-branch-policies$"},
    {"method": "PUT", "path": "environments/test/secrets/API_KEY$"},
    {"method": "POST", "path": "REPO/git/refs$"},
    {"action": "PutRolePolicy"},
]
REFUSED: Final[dict[str, dict[str, str]]] = {
    "variable": {"method": "POST", "path": "REPO/environments/test/variables$"},
    "file": {"method": "PUT", "path": "REPO/contents/.github/workflows/python-test.yml$"},
    "role": {"action": "CreateRole"},
}


def lost(small: Small, request: dict[str, str]) -> Fault:
    """The server carries out the request and drops the connection."""
    place = {key: text.replace("REPO", small.name) for key, text in request.items()}
    return {"kind": "drop", "after": True, **place}


def test_a_lost_answer_is_found_out_by_asking_again(small: Small) -> None:
    """The run continues if sending the same request again has the same effect."""
    with faulty(small.project.world, *(lost(small, request) for request in FOUND)):
        small.up()
    assert_converged(small)


@pytest.mark.parametrize(
    "what",
    [pytest.param(one, marks=[pytest.mark.slow] * (one != "variable")) for one in REFUSED],
)
def test_a_lost_answer_makes_nothing_twice(small: Small, what: str) -> None:
    """If the second call is refused, the run ends, and the next run takes over the object."""
    with faulty(small.project.world, lost(small, REFUSED[what])):
        small.up(expect=1)
    small.slipway_up()
    assert_converged(small)
