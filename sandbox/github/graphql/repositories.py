"""Repositories and their environments in the form that GraphQL returns."""

from typing import Any

from sandbox.github import access
from sandbox.github.accounts import Account, Organization, TokenKind
from sandbox.github.clock import iso
from sandbox.github.environments import Environment
from sandbox.github.graphql.connection import connection
from sandbox.github.graphql.git_objects import Answer, git_object, reference, resolved
from sandbox.github.graphql.protection import protection_rules
from sandbox.github.graphql.pull_requests import pull_requests
from sandbox.github.render.urls import html, node_id
from sandbox.github.repositories import Repository


def repository(found: Repository) -> Answer:
    """`Repository`."""
    git = found.git
    return {
        "branchProtectionRules": lambda _info, **given: protection_rules(found, **given),
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
        "owner": owner(found.owner),
        "pullRequests": lambda _info, **given: pull_requests(found, **given),
        "ref": lambda _info, **given: _reference(found, given["qualifiedName"]),
        "url": html(found.full_name),
        "viewerPermission": _role(found),
        "visibility": found.visibility.upper(),
    }


def owner(found: Account) -> Answer:
    """`RepositoryOwner`."""
    kind = "Organization" if isinstance(found, Organization) else "User"
    return {"__typename": kind, "databaseId": found.id, "login": found.login}


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
        GraphQLError: as `connection`.
    """
    every = sorted(found.environments.values(), key=lambda each: each.name)
    return connection("environments", every, _environment, first=first, after=after)


def _environment(found: Environment) -> Answer:
    return {
        "databaseId": found.id,
        "id": node_id("Environment", found.id),
        "name": found.name,
    }
