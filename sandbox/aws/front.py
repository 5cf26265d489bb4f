"""A WSGI layer before moto: it refuses what AWS refuses and lets moto answer, a call at a time.

It stands before moto, not in the plugin, so that whatever tampers with the sandbox (boto3, a
command line) is refused as well. IAM and STS are looked at; other services pass through. Of what
is not signed only AssumeRoleWithWebIdentity is looked at, which nobody signs.
"""

import io
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from moto.iam.models import get_account_id_from, iam_backends
from moto.moto_server.werkzeug_app import MotoRequestHandler

from sandbox.aws import web_identity
from sandbox.aws.additions import act
from sandbox.aws.id_token import Issuers
from sandbox.aws.refusal import RefusedError
from sandbox.aws.rules import check_request

_SIGNED = re.compile(r"Credential=(?P<key>[^/]+)/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_SERVICES: Final = ("iam", "sts")

_LOG: Final = logging.getLogger(__name__)

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Front:
    """The layer, as a WSGI application around another."""

    def __init__(self, moto: Application, issuers: Issuers | None = None) -> None:
        """Stand before moto; the issuers' keys verify web identity tokens."""
        self._moto = moto
        self._issuers = issuers or {}
        # moto's world is not made for threads: under load it answers 500 now and then.
        self._one_at_a_time = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        body = _body(environ)
        with self._one_at_a_time:
            if signed is None or signed["service"] in _SERVICES:
                parameters = _parameters(environ, body)
                try:
                    done = self._act(signed["key"] if signed else None, parameters)
                except RefusedError as refused:
                    _LOG.info("%s refused: %s", parameters.get("Action"), refused.code)
                    return _respond(refused.xml, f"{refused.status} {refused.code}", start_response)
                if done is not None:
                    return _respond(done, "200 OK", start_response)
            return list(self._moto(environ, start_response))

    def _act(self, key: str | None, parameters: Mapping[str, str]) -> str | None:
        """The answer as XML, or None where moto is to answer.

        Args:
            key: the access key that signed the request, if any did.
            parameters: the request's parameters.

        Raises:
            RefusedError: AWS refuses the request.
        """
        action = parameters.get("Action")
        if action == web_identity.ACTION:
            done: str | None = web_identity.assume_role(parameters, self._issuers)
        elif key is None:
            return None
        else:
            iam = iam_backends[get_account_id_from(key)]["aws"]
            check_request(iam, parameters)
            done = act(iam, parameters)
        _LOG.info("%s", action)
        return done


class Handler(MotoRequestHandler):
    """moto's handler of a connection, without a log line for each POST of the same path."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the front logs the action."""


def _body(environ: Environ) -> bytes:
    """The request's body, left in place for moto."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _parameters(environ: Environ, body: bytes) -> dict[str, str]:
    """The parameters, which AWS's query protocol takes from the address as well."""
    query = environ.get("QUERY_STRING", "")
    pairs = [*parse_qsl(query, keep_blank_values=True)]
    pairs += parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    return dict(pairs)


def _respond(xml: str, status: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer = xml.encode()
    headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(answer)))]
    start_response(status, headers)
    return [answer]
