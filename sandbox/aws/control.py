"""The sandbox's own routes on AWS's port: call counts, faults, Lambda updates, quotas.

They are below /_sandbox. AWS has no such routes. They need no signature, are not counted, and
faults do not strike them. Their JSON is that of the GitHub emulator's control routes, with actions
for methods and paths.
"""

import json
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

from moto.iam.models import iam_backends
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.aws.call_log import CallLog
from sandbox.aws.faults import Fault, Kind
from sandbox.aws.function_updates import FunctionUpdates
from sandbox.faults import Faults

PREFIX: Final = "/_sandbox/"


class FaultBody(BaseModel):
    """A fault to add; see `faults.Fault`."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    action: str = ".*"
    account: str = ".*"
    after: bool = False
    skip: int = Field(0, ge=0)
    count: int | None = Field(1, ge=1)
    status: int = Field(500, ge=500, le=599)
    seconds: float = Field(0, ge=0)


class UpdateBody(BaseModel):
    """A Lambda function whose update is in progress; see `function_updates`."""

    model_config = ConfigDict(extra="forbid")

    account: str
    function: str


class QuotaBody(BaseModel):
    """How many roles an account may have: 1,000, or 5,000 at most on request (IAM quotas)."""

    model_config = ConfigDict(extra="forbid")

    account: str
    roles: int = Field(ge=1000, le=5000)


class Control:
    """The call log, the faults and the updates, with the routes to read and set them."""

    def __init__(self) -> None:
        """Start without faults and with all counts at zero."""
        self.log = CallLog()
        self.faults: Faults[Fault] = Faults()
        self.updates = FunctionUpdates()

    def answer(self, method: str, path: str, body: bytes) -> tuple[HTTPStatus, bytes]:
        """Status and JSON body of the answer to one request; the body may be empty.

        Args:
            method: HTTP method.
            path: path with the prefix.
            body: body of the request.
        """
        status, answer = self._route(method, path.removeprefix(PREFIX), body)
        return status, b"" if answer is None else json.dumps(answer).encode()

    def _route(self, method: str, route: str, body: bytes) -> tuple[HTTPStatus, Any]:
        match method, route:
            case "GET", "requests":
                return HTTPStatus.OK, self.log.report()
            case "POST", "requests/reset":
                self.log.clear()
            case "GET", "faults":
                return HTTPStatus.OK, [asdict(fault) for fault in self.faults.all()]
            case "POST", "faults":
                return self._add_fault(body)
            case "DELETE", "faults":
                self.faults.clear()
            case "POST", "function-updates" | "quotas":
                return self._set(route, body)
            case _:
                return HTTPStatus.NOT_IMPLEMENTED, {"message": f"no route {method} {route}"}
        return HTTPStatus.NO_CONTENT, None

    def _set(self, route: str, body: bytes) -> tuple[HTTPStatus, Any]:
        try:
            if route == "quotas":
                _raise_quota(QuotaBody.model_validate_json(body))
            else:
                given = UpdateBody.model_validate_json(body)
                self.updates.begin(given.account, given.function)
        except ValidationError as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(error)}
        return HTTPStatus.NO_CONTENT, None

    def _add_fault(self, body: bytes) -> tuple[HTTPStatus, Any]:
        try:
            given = FaultBody.model_validate_json(body)
        except ValidationError as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(error)}
        return HTTPStatus.OK, asdict(self.faults.add(Fault(**given.model_dump())))


def _raise_quota(given: QuotaBody) -> None:
    for iam in iam_backends[given.account].values():
        iam.account_summary._roles_quota = given.roles  # noqa: SLF001 - moto has no other way
