"""Updates of Lambda functions that are in progress; moto itself finishes updates at once.

AWS Lambda API reference: after a change of its code or configuration, a function's
`LastUpdateStatus` is `InProgress` for a while, and another change is refused with
ResourceConflictException. Here an update ends when a client has read the configuration once.
"""

import json
import re
from typing import Final

_CHANGES: Final = re.compile(
    r"PUT /2015-03-31/functions/(?P<name>[^/]+)/(code|configuration)"
    r"|POST /2015-03-31/functions/(?P<published>[^/]+)/versions"
)
_LOOK: Final = re.compile(r"GET /2015-03-31/functions/(?P<name>[^/]+)/configuration")


class FunctionUpdates:
    """The functions whose update is in progress, by account and name."""

    def __init__(self) -> None:
        """Start without updates in progress."""
        self._under_way: set[tuple[str, str]] = set()

    def begin(self, account: str, function: str) -> None:
        """Begin an update of a function."""
        self._under_way.add((account, function))

    def refusal(self, account: str, action: str) -> bytes | None:
        """The body of Lambda's 409 to a change; None if Lambda accepts the change.

        Args:
            account: the account of the function.
            action: method and path of the request.
        """
        found = _CHANGES.fullmatch(action)
        name = (found["name"] or found["published"]) if found else None
        if (account, name) not in self._under_way:
            return None
        message = (
            "The operation cannot be performed at this time. An update is in progress for "
            f"resource: arn:aws:lambda:eu-west-1:{account}:function:{name}"
        )
        return json.dumps({"Type": "User", "message": message}).encode()

    def seen(self, account: str, action: str, answer: bytes) -> bytes:
        """The answer to a read, changed to `InProgress` once if an update is in progress."""
        found = _LOOK.fullmatch(action)
        key = (account, found["name"] if found else "")
        if key not in self._under_way:
            return answer
        self._under_way.discard(key)
        return json.dumps(json.loads(answer) | {"LastUpdateStatus": "InProgress"}).encode()
