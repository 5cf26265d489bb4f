"""Misbehave on demand: which requests go wrong, and how.

A fault matches requests by method and path, skips some and then strikes a number of times. What an
answer looks like is said by `errors`; here is only when.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from threading import Lock


class Kind(StrEnum):
    """Ways to go wrong."""

    STATUS = "status"
    SECONDARY_LIMIT = "secondary-limit"
    PRIMARY_LIMIT = "primary-limit"
    LATENCY = "latency"
    DROP = "drop"


@dataclass
class Fault:
    """One instruction to misbehave."""

    kind: Kind
    #: Regular expression for the method, and one searched in the path below /api/v3.
    method: str = ".*"
    path: str = ".*"
    #: Matching requests to let through first, and how many then to strike (None: all).
    skip: int = 0
    count: int | None = 1
    status: int = 500
    #: Seconds of latency.
    seconds: float = 0
    #: Seconds that `retry-after` names; None leaves the header out.
    retry_after: int | None = None
    id: int = 0
    struck: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is one that this fault is about."""
        return bool(re.fullmatch(self.method, method) and re.search(self.path, path))

    @property
    def is_spent(self) -> bool:
        """Whether it will never strike again."""
        return self.count is not None and self.struck >= self.count


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        """Behave."""
        self._lock = Lock()
        self._ids = count(1)
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._faults = []

    def all(self) -> list[Fault]:
        """Every fault with how often it struck, the spent ones too."""
        with self._lock:
            return list(self._faults)

    def strike(self, method: str, path: str) -> list[Fault]:
        """The faults that this request suffers: latencies, and at most one other."""
        struck: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                if fault.is_spent or not fault.matches(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.struck += 1
                struck.append(fault)
                if fault.kind is not Kind.LATENCY:
                    break
        return struck
