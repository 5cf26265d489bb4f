"""When to misbehave, for GitHub and AWS alike: skip some matching requests, then strike a few.

What a request is and how it goes wrong is theirs to say.
"""

from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Generic, TypeVar


@dataclass(kw_only=True)
class Strikes:
    """How often a fault strikes, of the requests that it matches."""

    #: Matching requests to let through first, and how many then to strike (None: all).
    skip: int = 0
    count: int | None = 1
    #: Strike once the request was carried out: what it wrote stays, only the answer is lost.
    after: bool = False
    #: Seconds of latency.
    seconds: float = 0
    id: int = 0
    struck: int = 0

    def matches(self, *request: str) -> bool:
        """Whether the request is one that this fault is about."""
        raise NotImplementedError

    @property
    def only_delays(self) -> bool:
        """Whether the request goes on after this fault."""
        raise NotImplementedError

    @property
    def is_spent(self) -> bool:
        """Whether it will never strike again."""
        return self.count is not None and self.struck >= self.count


F = TypeVar("F", bound=Strikes)


class Faults(Generic[F]):
    """The faults in force."""

    def __init__(self) -> None:
        """Behave."""
        self._lock = Lock()
        self._ids = count(1)
        self._faults: list[F] = []

    def add(self, fault: F) -> F:
        """Put a fault in force."""
        with self._lock:
            fault.id = next(self._ids)
            self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._faults = []

    def all(self) -> list[F]:
        """Every fault with how often it struck, the spent ones too."""
        with self._lock:
            return list(self._faults)

    def strike(self, *request: str) -> list[F]:
        """The faults that this request suffers: latencies, and at most one other."""
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
