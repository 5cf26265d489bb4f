"""Count requests by method and route, so that a test can assert how many a run sent.

The log keeps counts, needed permissions and unserved paths. Deliberately absent: headers, bodies.
"""

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

#: Methods that write. A GraphQL query is a POST too, but it only reads.
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestLog:
    """The requests since the last clearing."""

    def __init__(self) -> None:
        """Start with all counts at zero."""
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Set all counts to zero."""
        with self._lock:
            self._counts: Counter[tuple[str, str]] = Counter()
            self._statuses: Counter[int] = Counter()
            self._writes = 0
            self._unserved: list[str] = []
            self._needed: set[str] = set()

    def count(self, method: str, route: str, status: int, *, writes: bool) -> None:
        """Count one answered request; `writes` says whether it may change something."""
        with self._lock:
            self._counts[method, route] += 1
            self._statuses[status] += 1
            self._writes += writes

    def needed(self, permissions: Iterable[str]) -> None:
        """Remember the permissions that a fine-grained token needs for this request."""
        with self._lock:
            self._needed.update(permissions)

    def unserved(self, method: str, path: str) -> None:
        """Remember a request for an unknown route."""
        with self._lock:
            self._unserved.append(f"{method} {path}")

    def report(self) -> dict[str, Any]:
        """Totals, and counts by route with the most frequent first."""
        with self._lock:
            counts = self._counts.most_common()
            return {
                "total": self._counts.total(),
                "writes": self._writes,
                "routes": [
                    {"method": method, "route": route, "count": n} for (method, route), n in counts
                ],
                "statuses": {str(status): n for status, n in sorted(self._statuses.items())},
                "unserved": list(self._unserved),
                "permissions": sorted(self._needed),
            }
