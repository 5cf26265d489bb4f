"""The route of GraphQL: it takes a query and answers `data` and `errors`.

Errors are answered with 200 too, and their `type` is the kind of error (docs.github.com/graphql).
The messages of validation errors are those of graphql-core; GitHub's have other words.
"""

from functools import cache, lru_cache
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
from sandbox.github.graphql import repositories
from sandbox.github.graphql.git_objects import Answer
from sandbox.github.middleware import rate
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.route_template import GRAPHQL

routes = Blueprint("graphql", __name__)

SCHEMA: Final = Path(__file__).with_name("schema.graphql")
#: A query costs at least one point; two points would need 150 connections
#: (docs.github.com/graphql/overview/rate-limits).
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
        document, mistakes = _checked(body.query)
    except GraphQLError as error:
        return answer({"errors": [_formatted(error)]})
    if mistakes:
        # GitHub may serve this query although the sandbox does not: log it as unserved.
        for mistake in mistakes:
            access.store().log.unserved("POST", f"/graphql: {mistake.message}")
        return answer({"errors": [_formatted(mistake) for mistake in mistakes]})
    return answer(_executed(document, body))


@lru_cache(maxsize=64)
def _checked(text: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """The query, and what is wrong with it; a client sends the same text for other variables.

    Raises:
        GraphQLError: the text is no query.
    """
    document = parse(text)
    return document, validate(schema(), document)


@cache
def schema() -> GraphQLSchema:
    """The schema that the sandbox serves."""
    return build_schema(SCHEMA.read_text(encoding="utf-8"))


def _executed(document: DocumentNode, body: QueryBody) -> dict[str, Any]:
    done = execute_sync(
        schema(),
        document,
        {
            "rateLimit": _rate_limit,
            "repository": _repository,
            "repositoryOwner": _repository_owner,
            "viewer": _viewer,
        },
        variable_values=body.variables,
        operation_name=body.operationName,
    )
    result: dict[str, Any] = {"data": done.data}
    if done.errors:
        result["errors"] = [_formatted(error) for error in done.errors]
    return result


def _formatted(error: GraphQLError) -> GraphQLFormattedError | dict[str, Any]:
    """An error as GitHub formats it: with `type` beside `message`."""
    formatted = dict(error.formatted)
    kind = (error.extensions or {}).get("type")
    if kind is None:
        return formatted
    del formatted["extensions"]
    return {"type": kind, **formatted}


def _rate_limit(_info: object) -> Answer:
    limits = rate(access.token(), "graphql")
    return {**limits, "cost": _COST, "resetAt": iso(from_timestamp(limits["reset"]))}


def _viewer(_info: object) -> Answer:
    """The token's user; of an installation, its App's bot.

    Seen on GitHub: github.com/fullsend-ai/fullsend/pull/1953.
    """
    token = access.token()
    apps = access.store().apps.values()
    slug = next((app.slug for app in apps if app.id == token.app_id), None)
    return {"login": token.login if slug is None else f"{slug}[bot]"}


def _repository_owner(_info: object, login: str, **_given: object) -> Answer | None:
    """An organisation or a user; null for an unknown login, as the schema allows."""
    found = access.store().account(login)
    return None if found is None else repositories.owner(found)


def _repository(_info: object, **given: Any) -> Answer:
    """A repository that the token may read, also by a former name if `followRenames` is true."""
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
