"""A run waits for a short fault to end: it succeeds, and every object exists once."""

import pytest

from tests.e2e.faults.converged import assert_converged
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.faults.small import Small

#: The provider's; slipway's own reading sends POST to /graphql.
WRITES = {"method": "POST|PUT", "path": "/repos/"}
#: Each strikes as often as the provider, or slipway's own reading, is willing to ask again.
PASSING: dict[str, list[Fault]] = {
    "5xx on writes": [
        {"kind": "status", "status": status, **WRITES, "count": 2, "skip": skip}
        for skip, status in enumerate((500, 502, 503, 504))
    ],
    "5xx on reads": [{"kind": "status", "status": 502, "method": "GET", "count": 3}],
    "secondary limit": [
        {
            "kind": "secondary-limit",
            "status": status,
            **WRITES,
            "count": 2,
            "retry_after": 1,
        }
        for status in (403, 429)
    ],
    "secondary limit on the first reads": [
        {"kind": "secondary-limit", "status": 429, "count": 3, "retry_after": 1, **read}
        for read in ({"method": "POST", "path": "/graphql"}, {"method": "GET"})
    ],
    "primary limit until its reset": [
        {"kind": "primary-limit", **WRITES, "count": 2, "skip": 4, "retry_after": 2}
    ],
    "connections dropped before": [{"kind": "drop", "count": 5, "skip": 8}],
    "slow answers": [{"kind": "latency", "seconds": 2, "count": 8}],
}


#: What strikes the reads; `make test` has time for the writes and for one of these.
SELDOM = {"5xx on reads", "secondary limit on the first reads", "slow answers"}


@pytest.mark.parametrize(
    "what",
    [pytest.param(one, marks=pytest.mark.slow) if one in SELDOM else one for one in PASSING],
)
def test_what_passes_is_waited_for(small: Small, what: str) -> None:
    """Errors, limits and lost connections that end in time do not change the result."""
    with faulty(small.project.world, *PASSING[what]) as struck:
        small.up()
        assert struck() == [fault["count"] for fault in PASSING[what]]
    assert_converged(small)
