"""Count calls by action, so that a test can assert how many a run sent and that it wrote nothing.

Deliberately absent: parameters of the calls.
"""

from collections import Counter
from threading import Lock
from typing import Any, Final

#: Prefixes of actions that change nothing (Service Authorization Reference: access levels Read and
#: List). Assuming a role returns credentials and changes nothing.
_READS: Final = ("AssumeRole", "BatchGet", "Describe", "Get", "HEAD", "List", "Simulate")


def writes(action: str) -> bool:
    """Whether an action changes something."""
    return not action.upper().startswith(tuple(word.upper() for word in _READS))


class CallLog:
    """The calls since the last clearing."""

    def __init__(self) -> None:
        """Start with all counts at zero."""
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Set all counts to zero."""
        with self._lock:
            self._actions: Counter[str] = Counter()
            self._statuses: Counter[int] = Counter()
            self._roles: dict[str, dict[str, set[int]]] = {}

    def count(self, action: str, status: int) -> None:
        """Count one answered call."""
        with self._lock:
            self._actions[action] += 1
            self._statuses[status] += 1

    def count_for(self, role: str, action: str, status: int) -> None:
        """Count a role's call of an action, such as `iam:CreateRole`, with its status."""
        with self._lock:
            self._roles.setdefault(role, {}).setdefault(action, set()).add(status)

    def report(self) -> dict[str, Any]:
        """Totals, counts by action with the most frequent first, and statuses by role."""
        with self._lock:
            counts = self._actions.most_common()
            return {
                "total": self._actions.total(),
                "writes": sum(n for action, n in counts if writes(action)),
                "actions": [{"action": action, "count": n} for action, n in counts],
                "statuses": {str(status): n for status, n in sorted(self._statuses.items())},
                "roles": {
                    role: {action: sorted(seen) for action, seen in sorted(actions.items())}
                    for role, actions in sorted(self._roles.items())
                },
            }
