"""Addresses in answers: of the API and of web pages."""

import base64
from urllib.parse import quote

from flask import request


def api(path: str) -> str:
    """An address of the REST API."""
    return f"{request.host_url}api/v3{path}"


def html(path: str) -> str:
    """An address of the web site."""
    return f"{request.host_url}{path.lstrip('/')}"


def escaped(text: str) -> str:
    """Escape a path for an address; slashes stay."""
    return quote(text, safe="/")


def name(text: str) -> str:
    """Escape one name for an address, including slashes."""
    return quote(text, safe="")


def node_id(kind: str, key: object) -> str:
    """A global node id. It is opaque to clients; here it only has to be unique."""
    return base64.b64encode(f"{len(kind):03}:{kind}{key}".encode()).decode()
