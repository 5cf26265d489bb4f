"""Addresses in answers: of the API and of the pages that a browser would show."""

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
    """A path as part of an address: slashes stay."""
    return quote(text, safe="/")


def name(text: str) -> str:
    """One name as part of an address: slashes are escaped."""
    return quote(text, safe="")


def node_id(kind: str, key: object) -> str:
    """A global id: opaque to clients, so only unique here."""
    return base64.b64encode(f"{len(kind):03}:{kind}{key}".encode()).decode()
