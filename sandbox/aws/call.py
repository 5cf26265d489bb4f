"""A request to AWS: which action of which service, by whom."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from moto.iam.models import get_account_id_from

Environ = dict[str, Any]

_SIGNED: Final = re.compile(
    r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)


@dataclass(frozen=True)
class Call:
    """One request."""

    #: `iam`, and the access key that signed the request; None where nobody did.
    service: str | None
    key: str | None
    #: `CreateRole`; of a service without actions the method and the path.
    action: str
    parameters: Mapping[str, str]
    #: Whether the service speaks AWS's JSON protocol, errors too.
    is_json: bool
    body: bytes = b""
    #: Of what was signed; empty where nobody did.
    region: str = ""

    @property
    def account(self) -> str:
        """The id of the account that asks; empty where nobody signed."""
        return get_account_id_from(self.key) if self.key else ""

    @property
    def is_countable(self) -> bool:
        """Whether it is AWS that was asked, not a page of moto's own."""
        return self.service is not None or "Action" in self.parameters

    @classmethod
    def of(cls, environ: Environ, body: bytes) -> "Call":
        """Read a request."""
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        parameters = _parameters(environ, body)
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        other = f"{environ.get('REQUEST_METHOD', '')} {environ.get('PATH_INFO', '')}"
        action = parameters.get("Action") or target.rpartition(".")[2] or other
        return cls(
            signed["service"] if signed else None,
            signed["key"] if signed else None,
            action,
            parameters,
            bool(target),
            body,
            signed["region"] if signed else "",
        )


def body_of(environ: Environ) -> bytes:
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
