"""Misbehave on demand: which requests of GitHub go wrong, and how.

A fault strikes before its request is carried out, or `after`, when only the answer is lost. What an
answer looks like is said by `errors`; here is only when.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from sandbox.faults import Strikes


class Kind(StrEnum):
    """Ways to go wrong."""

    STATUS = "status"
    SECONDARY_LIMIT = "secondary-limit"
    PRIMARY_LIMIT = "primary-limit"
    LATENCY = "latency"
    DROP = "drop"


@dataclass(kw_only=True)
class Fault(Strikes):
    """One instruction to misbehave."""

    kind: Kind
    #: Regular expression for the method, and one searched in the path below /api/v3; GraphQL's is
    #: /graphql.
    method: str = ".*"
    path: str = ".*"
    status: int = 500
    #: Seconds that `retry-after` names; None leaves the header out.
    retry_after: int | None = None

    def matches(self, *request: str) -> bool:
        """Whether it is about this method and path."""
        method, path = request
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))

    @property
    def only_delays(self) -> bool:
        """A slow answer is still the answer."""
        return self.kind is Kind.LATENCY
