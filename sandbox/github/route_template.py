"""The route of the present request in GitHub's notation: `/repos/{owner}/{repo}`."""

from typing import Final

from flask import request

API: Final = "/api/v3"
#: The path on an Enterprise Server (docs.github.com/enterprise-server, GraphQL endpoint).
GRAPHQL: Final = "/api/graphql"


def route_template() -> str:
    """The route of the request, by name or by id as the client sent it."""
    rule = request.url_rule
    if rule is None:
        return "unserved"
    return template(rule.rule)


def documented_route() -> str:
    """The same in the form that GitHub documents: repositories and teams by name."""
    route = route_template().replace("/repositories/{repository_id}", "/repos/{owner}/{repo}")
    return route.replace("/organizations/{org_id}/team/{team_id}", "/orgs/{org}/teams/{team_slug}")


def template(rule: str) -> str:
    """A Flask rule in GitHub's notation."""
    parts = []
    for part in below(rule).split("/"):
        if part.startswith("<"):
            parts.append("{" + part.strip("<>").rpartition(":")[2] + "}")
        else:
            parts.append(part)
    return "/".join(parts)


def below(path: str) -> str:
    """A path as on api.github.com, without the prefix of an Enterprise Server."""
    return "/graphql" if path == GRAPHQL else path.removeprefix(API)
