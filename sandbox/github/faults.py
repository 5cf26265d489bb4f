"""Faults on demand: which requests fail, and how.

A fault strikes before the route runs, or `after` it: then only the answer is lost. This module
decides when a fault strikes; `errors` makes the answer.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from sandbox.faults import Strikes


class Kind(StrEnum):
    """Kinds of faults."""

    STATUS = "status"
    SECONDARY_LIMIT = "secondary-limit"
    PRIMARY_LIMIT = "primary-limit"
    LATENCY = "latency"
    DROP = "drop"


@dataclass(kw_only=True)
class Fault(Strikes):
    """One fault: the requests that it strikes, and the answer."""

    kind: Kind
    #: Regular expressions: `method` matches the whole method, `path` is searched in the path below
    #: /api/v3. The path of GraphQL is /graphql.
    method: str = ".*"
    path: str = ".*"
    status: int = 500
    #: Seconds in the header `retry-after`; None: no such header.
    retry_after: int | None = None

    def matches(self, *request: str) -> bool:
        """Whether the fault applies to this method and path."""
        method, path = request
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))

    @property
    def only_delays(self) -> bool:
        """Whether the route still answers, only later."""
        return self.kind is Kind.LATENCY
