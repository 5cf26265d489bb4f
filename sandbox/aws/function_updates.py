"""Updates of Lambda functions that are still under way, which moto finishes at once.

AWS Lambda API reference: a function's `LastUpdateStatus` is `InProgress` for a while after its code
or configuration was changed, and another change is refused with ResourceConflictException. Here an
update goes on until somebody has asked for the function's configuration once.
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
    """Which functions are being updated, by account and name."""

    def __init__(self) -> None:
        """None is."""
        self._under_way: set[tuple[str, str]] = set()

    def begin(self, account: str, function: str) -> None:
        """Let an update of a function be under way."""
        self._under_way.add((account, function))

    def refusal(self, account: str, action: str) -> bytes | None:
        """What Lambda answers to a change with status 409; None where it lets the change happen.

        Args:
            account: whose function it is.
            action: method and path.
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
        """The answer with the update that is under way, which then comes to its end."""
        found = _LOOK.fullmatch(action)
        key = (account, found["name"] if found else "")
        if key not in self._under_way:
            return answer
        self._under_way.discard(key)
        return json.dumps(json.loads(answer) | {"LastUpdateStatus": "InProgress"}).encode()
