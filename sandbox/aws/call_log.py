"""Count calls by action, so that a test can say how many a run sent, and that it wrote nothing.

Only names and numbers are kept, never parameters.
"""

from collections import Counter
from threading import Lock
from typing import Any, Final

#: What actions that change nothing begin with (AWS's service authorisation reference: access levels
#: Read and List; an assumed role is a credential, not a change).
_READS: Final = ("AssumeRole", "BatchGet", "Describe", "Get", "HEAD", "List", "Simulate")


def writes(action: str) -> bool:
    """Whether an action changes something."""
    return not action.upper().startswith(tuple(word.upper() for word in _READS))


class CallLog:
    """What was asked since the last clearing."""

    def __init__(self) -> None:
        """Start at zero."""
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Start again at zero."""
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
        """Remember that a role asked for an action, such as `iam:CreateRole`, and the answer."""
        with self._lock:
            self._roles.setdefault(role, {}).setdefault(action, set()).add(status)

    def report(self) -> dict[str, Any]:
        """Totals, and counts by action with the most asked first, statuses by role."""
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
