"""Pull requests in the form that GraphQL returns."""

from typing import Any

from sandbox.github.clock import iso
from sandbox.github.graphql.connection import connection
from sandbox.github.graphql.git_objects import Answer
from sandbox.github.pull_requests.merging import trial_merge
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.render.urls import html, node_id
from sandbox.github.repositories import Repository


def pull_requests(
    repository: Repository, first: int | None = None, after: str | None = None, **given: Any
) -> Answer:
    """Pull requests by branches and states; without `orderBy` the oldest is the first.

    Raises:
        GraphQLError: as `connection`.
    """
    states = given.get("states")
    found = [
        each
        for each in repository.pull_requests.values()
        if given.get("headRefName") in {None, each.head}
        and given.get("baseRefName") in {None, each.base}
        and (states is None or _state(each) in states)
    ]
    order = given.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    if order["field"] == "UPDATED_AT":
        found.sort(key=lambda each: (each.updated_at, each.number))
    if order["direction"] == "DESC":
        found.reverse()

    def node(each: PullRequest) -> Answer:
        return _pull_request(repository, each)

    return connection("pullRequests", found, node, first=first, after=after)


def _pull_request(repository: Repository, found: PullRequest) -> Answer:
    return {
        "baseRefName": found.base,
        "body": found.body or "",
        "closed": found.state == "closed",
        "closedAt": iso(found.closed_at) if found.closed_at else None,
        "createdAt": iso(found.created_at),
        "headRefName": found.head,
        "headRefOid": found.head_sha,
        "id": node_id("PullRequest", found.id),
        "isDraft": found.draft,
        "mergeable": lambda _info: _mergeable(repository, found),
        "merged": found.merged,
        "mergedAt": iso(found.merged_at) if found.merged_at else None,
        "number": found.number,
        "state": _state(found),
        "title": found.title,
        "updatedAt": iso(found.updated_at),
        "url": html(f"{repository.full_name}/pull/{found.number}"),
    }


def _state(found: PullRequest) -> str:
    return "MERGED" if found.merged else found.state.upper()


def _mergeable(repository: Repository, found: PullRequest) -> str:
    if found.state != "open":
        return "UNKNOWN"
    return "MERGEABLE" if trial_merge(repository, found) else "CONFLICTING"
