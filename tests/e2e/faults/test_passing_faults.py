"""A run waits until short faults of GitHub and AWS end: it succeeds, each object exists once."""

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

#: Writes of the provider; slipway itself reads with POST to /graphql.
WRITES = {"method": "POST|PUT", "path": "/repos/"}
#: Each error has writes of its own: no write gets more errors than the provider retries.
ERRORS = (
    (500, "PUT", r"/environments/\w+$"),
    (502, "POST", "/deployment-branch-policies$"),
    (503, "POST", "/variables$"),
    (504, "PUT", "/contents/"),
)
#: Each fault strikes as often as the provider, or slipway's own reading, retries. Faults of GitHub
#: and of AWS strike different clients, so one run has some of both.
PASSING: dict[str, list[Fault]] = {
    "5xx on writes, AWS throttles": [
        *(
            {"kind": "status", "status": status, "method": method, "path": path, "count": 2}
            for status, method, path in ERRORS
        ),
        {"kind": "throttling", "action": "CreateRole|PutRolePolicy", "count": 4},
    ],
    "secondary limit, 5xx of AWS": [
        *(
            {
                "kind": "secondary-limit",
                "status": status,
                **WRITES,
                "count": 2,
                "retry_after": 1,
            }
            for status in (403, 429)
        ),
        {"kind": "status", "status": 503, "action": ".*Role.*", "count": 4, "skip": 2},
    ],
    "connections dropped before, primary limit until its reset": [
        {"kind": "drop", "count": 5, "skip": 8},
        {"kind": "primary-limit", **WRITES, "count": 2, "skip": 4, "retry_after": 2},
    ],
    "5xx on reads, connections of AWS dropped": [
        {"kind": "status", "status": 502, "method": "GET", "count": 3},
        {"kind": "drop", "action": ".*", "count": 4, "skip": 3},
    ],
    "secondary limit on the first reads": [
        {"kind": "secondary-limit", "status": 429, "count": 3, "retry_after": 1, **read}
        for read in ({"method": "POST", "path": "/graphql"}, {"method": "GET"})
    ],
    "slow answers": [
        {"kind": "latency", "seconds": 2, "count": 8},
        {"kind": "latency", "seconds": 2, "action": "CreateRole", "count": 2},
    ],
}


#: Faults of reads and slow answers, which only the slow tests try.
SELDOM = {
    "5xx on reads, connections of AWS dropped",
    "secondary limit on the first reads",
    "slow answers",
}


@pytest.mark.parametrize(
    "what",
    [pytest.param(one, marks=pytest.mark.slow) if one in SELDOM else one for one in PASSING],
)
def test_what_passes_is_waited_for(small: Small, what: str) -> None:
    """Errors, rate limits and lost connections that end in time do not change the result.

    The provider and the AWS plugin retry, as GitHub's and AWS's own clients do.
    """
    with faulty(small.project.world, *PASSING[what]) as struck:
        small.up()
        assert struck() == [fault["count"] for fault in PASSING[what]]
    assert_converged(small)
