"""Pages of lists, with GitHub's Link header."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from flask import Response, g, request

T = TypeVar("T")

MAXIMUM: Final = 100


def window(default: int = 30) -> tuple[int, int]:
    """The requested page and the size of a page."""
    size = request.args.get("per_page", default, type=int)
    page = request.args.get("page", 1, type=int)
    return max(page, 1), min(max(size, 1), MAXIMUM)


def page(items: Sequence[T], default: int = 30) -> Sequence[T]:
    """The requested page of a list; the answer will have links to the other pages."""
    number, size = window(default)
    last = max((len(items) + size - 1) // size, 1)
    link(number, last)
    return items[(number - 1) * size : number * size]


def link(number: int, last: int) -> None:
    """Add links to the first, previous, next and last page to the answer."""
    links: dict[str, int] = {}
    if number < last:
        links |= {"next": number + 1, "last": last}
    if number > 1:
        links |= {"first": 1, "prev": number - 1}
    if links:
        g.link = ", ".join(f'<{_address(to)}>; rel="{name}"' for name, to in links.items())


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(
        json.dumps(body), status, headers, content_type="application/json; charset=utf-8"
    )


def _address(number: int) -> str:
    arguments = request.args.to_dict() | {"page": str(number)}
    return f"{request.base_url}?{urlencode(arguments)}"
