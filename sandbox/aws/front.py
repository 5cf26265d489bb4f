"""A WSGI layer in front of moto: it refuses calls that AWS refuses; moto answers the others.

The checks are here and not in the plugin, so that they also apply to boto3 and the AWS CLI. They
cover IAM, STS and the rights of roles (`authority`); other services go to moto unchecked. The only
checked call without a signature is AssumeRoleWithWebIdentity, which is never signed. All calls are
counted, and faults may strike them; see `control`. One call runs at a time.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from moto.iam.models import Role, get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import MotoRequestHandler

from sandbox import serving
from sandbox.aws import control, paging, web_identity
from sandbox.aws.additions import act
from sandbox.aws.authority import caller, check_rights, rights_to_check
from sandbox.aws.call import Call, Environ, body_of
from sandbox.aws.faults import Fault, Kind, as_json
from sandbox.aws.id_token import Issuers
from sandbox.aws.needed_rights import NeededRight
from sandbox.aws.refusal import RefusedError
from sandbox.aws.rules import check_request

_SERVICES: Final = ("iam", "sts")

_LOG: Final = logging.getLogger(__name__)

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
#: Status line, headers, body.
Answer = tuple[str, list[tuple[str, str]], bytes]


class Front:
    """The layer: a WSGI application around moto's."""

    def __init__(self, moto: Application, issuers: Issuers | None = None) -> None:
        """Take moto's application, and the keys of issuers to verify web identity tokens."""
        self._moto = moto
        self._issuers = issuers or {}
        self._control = control.Control()
        # moto is not safe for threads: under load it sometimes answers 500.
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        body = body_of(environ)
        path = environ.get("PATH_INFO", "")
        if path.startswith(control.PREFIX):
            status, content = self._control.answer(environ["REQUEST_METHOD"], path, body)
            answer = (f"{status} {status.phrase}", [("Content-Type", "application/json")], content)
        else:
            answer = self._called(Call.of(environ, body), environ)
        start_response(answer[0], answer[1])
        return [answer[2]]

    def _called(self, call: Call, environ: Environ) -> Answer:
        """Carry out a call and count it. A fault may strike before the call, or lose its answer."""
        with self._one_at_a_time:
            account, role = call.account, caller(call)
            wanted = rights_to_check(call, role)
        struck = self._control.faults.strike(call.action, account)
        answer = _answer_of_faults([fault for fault in struck if not fault.after], call, environ)
        if answer is None:
            with self._one_at_a_time:
                answer = self._carried_out(call, environ, role, wanted)
            late = [fault for fault in struck if fault.after]
            answer = _answer_of_faults(late, call, environ) or answer
        if call.is_countable:
            status = int(answer[0][:3])
            self._control.log.count(call.action, status)
            if role is not None:
                for one in wanted:
                    self._control.log.count_for(role.name, one.action, status)
        return answer

    def _carried_out(
        self, call: Call, environ: Environ, role: Role | None, wanted: Sequence[NeededRight]
    ) -> Answer:
        """Refuse the call, carry it out here, or let moto carry it out."""
        ours = call.service is None or call.service in _SERVICES
        try:
            check_rights(role, wanted)
            done = self._act(call) if ours else None
        except RefusedError as refused:
            _LOG.info("%s refused: %s", call.action, refused.code)
            return _refusal(call, f"{refused.status} {refused.code}", refused)
        if done is not None:
            return _xml(done, "200 OK")
        updates = self._control.updates
        if (conflict := updates.refusal(call.account, call.action)) is not None:
            kind = ("x-amzn-ErrorType", "ResourceConflictException")
            return "409 Conflict", [("Content-Type", "application/json"), kind], conflict
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started.append((status, headers))

        content = b"".join(self._moto(environ, start))
        status, headers = started[-1]
        seen = updates.seen(call.account, call.action, content)
        if seen is not content:
            return status, [(n, v) for n, v in headers if n.lower() != "content-length"], seen
        if call.action == paging.ACTION:
            return _xml(paging.page(content, call.parameters), status)
        return status, headers, content

    def _act(self, call: Call) -> str | None:
        """The answer as XML, or None if moto is to answer.

        Raises:
            RefusedError: AWS refuses the request.
        """
        if call.action == web_identity.ACTION:
            done: str | None = web_identity.assume_role(call.parameters, self._issuers)
        elif call.key is None:
            return None
        else:
            iam = iam_backends[get_account_id_from(call.key)][call.partition]
            check_request(iam, call.parameters)
            done = act(iam, call.parameters)
        _LOG.info("%s", call.action)
        return done


class Handler(serving.Handler, MotoRequestHandler):
    """The handler of a connection, with moto's reading of headers."""


def _answer_of_faults(faults: list[Fault], call: Call, environ: Environ) -> Answer | None:
    """Sleep for each latency fault; return the answer of the first other fault, if any."""
    for fault in faults:
        if fault.kind is Kind.LATENCY:
            time.sleep(fault.seconds)
            continue
        if fault.kind is Kind.DROP:
            # The connection is closed: the returned answer never reaches the client.
            connection: socket.socket = environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
            return "503 dropped", [], b""
        status, refused = fault.refusal(f"{call.service}:{call.action}")
        return _refusal(call, f"{status} {refused.code}", refused)
    return None


def _refusal(call: Call, line: str, refused: RefusedError) -> Answer:
    if call.is_json:
        return line, [("Content-Type", "application/x-amz-json-1.1")], as_json(refused)
    return _xml(refused.xml, line)


def _xml(text: str | bytes, status: str) -> Answer:
    content = text.encode() if isinstance(text, str) else text
    return status, [("Content-Type", "text/xml"), ("Content-Length", str(len(content)))], content
