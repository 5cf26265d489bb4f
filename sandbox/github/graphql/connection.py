"""A page of a list in GraphQL: a connection."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from graphql import GraphQLError

from sandbox.github.graphql.git_objects import Answer

T = TypeVar("T")

_MOST: Final = 100


def connection(
    name: str,
    every: Sequence[T],
    node: Callable[[T], Answer],
    *,
    first: int | None,
    after: str | None,
) -> dict[str, Any]:
    """The first entries after a cursor.

    Raises:
        GraphQLError: the page size is missing or more than 100 (docs.github.com/graphql/overview:
            node limit).
    """
    if first is None:
        raise GraphQLError(
            f"You must provide a `first` or `last` value to properly paginate the `{name}` "
            "connection.",
            extensions={"type": "MISSING_PAGINATION_BOUNDARIES"},
        )
    if not 1 <= first <= _MOST:
        raise GraphQLError(
            f"Requesting {first} records on the `{name}` connection is not within the limit "
            f"of 1 to {_MOST} records.",
            extensions={"type": "EXCESSIVE_PAGINATION"},
        )
    start = _position(after) if after else 0
    end = start + first
    return {
        "nodes": [node(each) for each in every[start:end]],
        "pageInfo": {
            "endCursor": _cursor(min(end, len(every))) if every[start:end] else None,
            "hasNextPage": end < len(every),
        },
        "totalCount": len(every),
    }


def _cursor(position: int) -> str:
    return base64.b64encode(f"cursor:{position}".encode()).decode()


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor).removeprefix(b"cursor:"))
    except (ValueError, binascii.Error) as error:
        raise GraphQLError(
            f"`{cursor}` does not appear to be a valid cursor.",
            extensions={"type": "INVALID_CURSOR_ARGUMENTS"},
        ) from error
