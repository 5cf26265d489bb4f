"""Faults on demand: which calls of AWS fail, and with which answer."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from sandbox.aws.refusal import RefusedError
from sandbox.faults import Strikes


class Kind(StrEnum):
    """Kinds of faults."""

    THROTTLING = "throttling"
    STATUS = "status"
    ACCESS_DENIED = "access-denied"
    LATENCY = "latency"
    DROP = "drop"


@dataclass(kw_only=True)
class Fault(Strikes):
    """One fault: the calls that it strikes, and the answer."""

    kind: Kind
    #: Regular expressions that match the whole action (`CreateRole`) and the whole account id.
    action: str = ".*"
    account: str = ".*"
    status: int = 500

    def matches(self, *request: str) -> bool:
        """Whether the fault applies to this action and account."""
        action, account = request
        return bool(re.fullmatch(self.action, action) and re.fullmatch(self.account, account))

    @property
    def only_delays(self) -> bool:
        """Whether the call is still answered, only later."""
        return self.kind is Kind.LATENCY

    def refusal(self, action: str) -> tuple[int, RefusedError]:
        """Status and error for `iam:CreateRole` (IAM API Reference: common error types)."""
        if self.kind is Kind.THROTTLING:
            return 400, RefusedError("Throttling", "Rate exceeded")
        if self.kind is Kind.ACCESS_DENIED:
            message = f"User is not authorized to perform: {action} with an explicit deny"
            return 403, RefusedError("AccessDenied", message)
        if self.status == 503:  # noqa: PLR2004 - HTTP's own
            return 503, RefusedError("ServiceUnavailable", "The server could not answer for now.")
        return self.status, RefusedError("InternalFailure", "The request failed, unknown why.")


def as_json(error: RefusedError) -> bytes:
    """The body of an error in AWS's JSON protocol, which Secrets Manager and SSM use."""
    code = {"Throttling": "ThrottlingException", "AccessDenied": "AccessDeniedException"}
    body = {"__type": code.get(error.code, error.code), "message": error.message}
    return json.dumps(body).encode()
