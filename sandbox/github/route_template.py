"""The present request's route as GitHub's description writes it: `/repos/{owner}/{repo}`."""

from typing import Final

from flask import request

API: Final = "/api/v3"
#: Where an Enterprise Server has it (docs.github.com/enterprise-server, GraphQL endpoint).
GRAPHQL: Final = "/api/graphql"


def route_template() -> str:
    """The route that was taken, by name or by id as it was asked."""
    rule = request.url_rule
    if rule is None:
        return "unserved"
    return template(rule.rule)


def documented_route() -> str:
    """The same as GitHub documents it, who reaches repositories and teams by name."""
    route = route_template().replace("/repositories/{repository_id}", "/repos/{owner}/{repo}")
    return route.replace("/organizations/{org_id}/team/{team_id}", "/orgs/{org}/teams/{team_slug}")


def template(rule: str) -> str:
    """A rule of the application in GitHub's notation."""
    parts = []
    for part in below(rule).split("/"):
        if part.startswith("<"):
            parts.append("{" + part.strip("<>").rpartition(":")[2] + "}")
        else:
            parts.append(part)
    return "/".join(parts)


def below(path: str) -> str:
    """A path as GitHub's own host has it, without what an Enterprise Server puts before."""
    return "/graphql" if path == GRAPHQL else path.removeprefix(API)
