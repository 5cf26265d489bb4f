"""The one route of GraphQL: a query in, `data` and `errors` out.

As docs.github.com/graphql describes: 200 even where the answer is an error; an error's `type` tells
what kind it is. GitHub words validation errors otherwise than graphql-core, whose words these are.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLFormattedError,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from sandbox.github import access
from sandbox.github.body import Body, read
from sandbox.github.clock import from_timestamp, iso
from sandbox.github.exchange import rate
from sandbox.github.graphql import repositories
from sandbox.github.graphql.git_objects import Answer
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.route_template import GRAPHQL

routes = Blueprint("graphql", __name__)

SCHEMA: Final = Path(__file__).with_name("schema.graphql")
#: docs.github.com/graphql/overview/rate-limits: at least one; a second would need 150 connections.
_COST: Final = 1


class QueryBody(Body):
    """A GraphQL request."""

    query: str
    variables: dict[str, Any] | None = None
    operationName: str | None = None  # noqa: N815 - GraphQL's own name


@routes.post(GRAPHQL)
def query() -> Response:
    """Answer a query.

    docs.github.com/graphql/guides/forming-calls-with-graphql
    """
    body = read(QueryBody)
    try:
        document = parse(body.query)
    except GraphQLError as error:
        return answer({"errors": [_told(error)]})
    mistakes = validate(schema(), document)
    if mistakes:
        # Perhaps GitHub serves it and the sandbox does not: that must not pass for an answer.
        for mistake in mistakes:
            access.store().log.unserved("POST", f"/graphql: {mistake.message}")
        return answer({"errors": [_told(mistake) for mistake in mistakes]})
    return answer(_executed(document, body))


@cache
def schema() -> GraphQLSchema:
    """What is served."""
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


def _executed(document: DocumentNode, body: QueryBody) -> dict[str, Any]:
    done = execute_sync(
        schema(),
        document,
        {"rateLimit": _rate_limit, "repository": _repository},
        variable_values=body.variables,
        operation_name=body.operationName,
    )
    told: dict[str, Any] = {"data": done.data}
    if done.errors:
        told["errors"] = [_told(error) for error in done.errors]
    return told


def _told(error: GraphQLError) -> GraphQLFormattedError | dict[str, Any]:
    """An error with its type where GitHub has it: beside the message."""
    formatted = dict(error.formatted)
    kind = (error.extensions or {}).get("type")
    if kind is None:
        return formatted
    del formatted["extensions"]
    return {"type": kind, **formatted}


def _rate_limit(_info: object) -> Answer:
    limits = rate(access.token(), "graphql")
    return {**limits, "cost": _COST, "resetAt": iso(from_timestamp(limits["reset"]))}


def _repository(_info: object, **given: Any) -> Answer:
    """A repository that the token sees; an old name will do unless renames are not followed."""
    store = access.store()
    place = (given["owner"], given["name"])
    found = store.repository(*place)
    if found is None and given["followRenames"]:
        found = store.moved_repository(*place)
    if found is None or access.permission(found) is Permission.NONE:
        raise GraphQLError(
            f"Could not resolve to a Repository with the name '{'/'.join(place)}'.",
            extensions={"type": "NOT_FOUND"},
        )
    return repositories.repository(found)
