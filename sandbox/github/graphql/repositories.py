"""Repositories and their environments in the form that GraphQL returns."""

import base64
import binascii
from typing import Any, Final

from graphql import GraphQLError

from sandbox.github import access
from sandbox.github.accounts import TokenKind
from sandbox.github.clock import iso
from sandbox.github.environments import Environment
from sandbox.github.graphql.git_objects import Answer, git_object, reference, resolved
from sandbox.github.render.urls import html, node_id
from sandbox.github.repositories import Repository

_MOST: Final = 100


def repository(found: Repository) -> Answer:
    """`Repository`."""
    git = found.git
    return {
        "createdAt": iso(found.created_at),
        "databaseId": found.id,
        "defaultBranchRef": lambda _info: reference(found, f"refs/heads/{found.default_branch}"),
        "environments": lambda _info, **given: _environments(found, **given),
        "id": node_id("Repository", found.id),
        "isArchived": found.archived,
        "isEmpty": not git.refs(),
        "isPrivate": found.private,
        "name": found.name,
        "nameWithOwner": found.full_name,
        "object": lambda _info, **given: _object(found, **given),
        "ref": lambda _info, **given: _reference(found, given["qualifiedName"]),
        "url": html(found.full_name),
        "viewerPermission": _role(found),
        "visibility": "PRIVATE" if found.private else "PUBLIC",
    }


def _role(found: Repository) -> str | None:
    """The role of the token's user; an app installation is no user (as the schema says)."""
    if access.token().kind is TokenKind.APP:
        return None
    return access.permission(found).role.upper()


def _object(found: Repository, expression: str | None = None, oid: str | None = None) -> Any:
    """An object by its id or by an expression; the id counts if both are given."""
    sha = oid if oid is not None else resolved(found, expression or "")
    return git_object(found.git, sha) if sha else None


def _reference(found: Repository, name: str) -> Answer | None:
    """A reference; full names precede short ones (the schema's text about `qualifiedName`)."""
    for full in (name, f"refs/heads/{name}", f"refs/tags/{name}"):
        answer = reference(found, full) if full.startswith("refs/") else None
        if answer is not None:
            return answer
    return None


def _environments(found: Repository, first: int | None = None, after: str | None = None) -> Answer:
    """A page of environments, sorted by name: the schema's default of `orderBy`.

    Raises:
        GraphQLError: the page size is missing or more than 100 (docs.github.com/graphql/overview:
            node limit).
    """
    if first is None:
        raise GraphQLError(
            "You must provide a `first` or `last` value to properly paginate the `environments` "
            "connection.",
            extensions={"type": "MISSING_PAGINATION_BOUNDARIES"},
        )
    if not 1 <= first <= _MOST:
        raise GraphQLError(
            f"Requesting {first} records on the `environments` connection is not within the limit "
            f"of 1 to {_MOST} records.",
            extensions={"type": "EXCESSIVE_PAGINATION"},
        )
    every = sorted(found.environments.values(), key=lambda each: each.name)
    start = _position(after) if after else 0
    end = start + first
    return {
        "nodes": [_environment(each) for each in every[start:end]],
        "pageInfo": {
            "endCursor": _cursor(min(end, len(every))) if every[start:end] else None,
            "hasNextPage": end < len(every),
        },
        "totalCount": len(every),
    }


def _environment(found: Environment) -> Answer:
    return {
        "databaseId": found.id,
        "id": node_id("Environment", found.id),
        "name": found.name,
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
