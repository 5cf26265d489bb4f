"""A WSGI layer before moto: it refuses what AWS refuses and lets moto answer, a call at a time.

It stands before moto, not in the plugin, so that whatever tampers with the sandbox (boto3, a
command line) is refused as well. IAM and STS are looked at; other services pass through.
"""

import io
import logging
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from moto.iam.models import get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import MotoRequestHandler

from sandbox.aws.additions import act
from sandbox.aws.refusal import RefusedError
from sandbox.aws.rules import check_request

_SIGNED = re.compile(r"Credential=(?P<key>[^/]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_SERVICES: Final = ("iam", "sts")

_LOG: Final = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Front:
    """The layer, as a WSGI application around another."""

    def __init__(self, moto: Application) -> None:
        self._moto = moto
        # moto's world is not made for threads: under load it answers 500 now and then.
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        body = _body(environ)
        with self._one_at_a_time:
            if signed and signed["service"] in _SERVICES:
                parameters = dict(parse_qsl(body.decode(), keep_blank_values=True))
                iam = iam_backends[get_account_id_from(signed["key"])]["aws"]
                try:
                    check_request(iam, parameters)
                except RefusedError as refused:
                    _LOG.info("%s refused: %s", parameters.get("Action"), refused.code)
                    return _respond(refused.xml, f"{refused.status} {refused.code}", start_response)
                _LOG.info("%s", parameters.get("Action"))
                if (done := act(iam, parameters)) is not None:
                    return _respond(done, "200 OK", start_response)
            return list(self._moto(environ, start_response))


class Handler(MotoRequestHandler):
    """moto's handler of a connection, without a log line for each POST of the same path."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the front logs the action."""


def _body(environ: Environ) -> bytes:
    """The request's body, left in place for moto."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _respond(xml: str, status: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = xml.encode()
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(answer)))]
    start_response(status, headers)
    return [answer]
