"""When a fault strikes, for GitHub and AWS: skip some matching requests, then strike some.

The subclasses of GitHub and AWS decide which requests match and how the request fails.
"""

from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Generic, TypeVar


@dataclass(kw_only=True)
class Strikes:
    """How many of the matching requests a fault strikes."""

    #: Matching requests to let through first, and how many then to strike (None: all).
    skip: int = 0
    count: int | None = 1
    #: Strike after the request was carried out: its changes stay, only the answer is lost.
    after: bool = False
    #: Seconds of latency.
    seconds: float = 0
    id: int = 0
    struck: int = 0

    def matches(self, *request: str) -> bool:
        """Whether this fault applies to the request."""
        raise NotImplementedError

    @property
    def only_delays(self) -> bool:
        """Whether the request is still carried out after this fault."""
        raise NotImplementedError

    @property
    def is_spent(self) -> bool:
        """Whether the fault will never strike again."""
        return self.count is not None and self.struck >= self.count


F = TypeVar("F", bound=Strikes)


class Faults(Generic[F]):
    """The active faults."""

    def __init__(self) -> None:
        """Start without faults."""
        self._lock = Lock()
        self._ids = count(1)
        self._faults: list[F] = []

    def add(self, fault: F) -> F:
        """Add a fault."""
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults = []

    def all(self) -> list[F]:
        """All faults with the numbers of their strikes, including spent ones."""
        with self._lock:
            return list(self._faults)

    def strike(self, *request: str) -> list[F]:
        """The faults that strike this request: latencies and at most one other fault."""
        struck: list[F] = []
        with self._lock:
            for fault in self._faults:
                if fault.is_spent or not fault.matches(*request):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.struck += 1
                struck.append(fault)
                if not fault.only_delays:
                    break
        return struck
