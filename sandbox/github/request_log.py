"""Count requests by method and route, so that a test can say how many a run sent.

Only numbers are kept, and the paths that no route serves: never headers or bodies.
"""

from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

#: Methods that write: all of GitHub's but a GraphQL query, which is a POST.
WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestLog:
    """What was asked since the last clearing."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Start again at zero."""
        with self._lock:
            self._counts: Counter[tuple[str, str]] = Counter()
            self._statuses: Counter[int] = Counter()
            self._writes = 0
            self._unserved: list[str] = []
            self._needed: set[str] = set()

    def count(self, method: str, route: str, status: int, *, writes: bool) -> None:
        """Count one answered request, which `writes` or only reads."""
        with self._lock:
            self._counts[method, route] += 1
            self._statuses[status] += 1
            self._writes += writes

    def needed(self, permissions: Iterable[str]) -> None:
        """Remember what a fine-grained token needs for a request that was carried out."""
        with self._lock:
            self._needed.update(permissions)

    def unserved(self, method: str, path: str) -> None:
        """Remember a request that no route serves."""
        with self._lock:
            self._unserved.append(f"{method} {path}")

    def report(self) -> dict[str, Any]:
        """Totals, and counts by route with the most asked first."""
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
