"""Collaborators of a repository and their permissions."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.accounts import Account
from sandbox.github.body import Body, read
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission, permission_named
from sandbox.github.render import accounts, repositories
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("collaborators", REPOSITORY)


class PermissionBody(Body):
    """A permission by its name."""

    permission: str = "push"


@routes.get("/collaborators")
def list_collaborators() -> Response:
    """List repository collaborators, including owners and members of the organisation.

    docs.github.com/rest/collaborators/collaborators#list-repository-collaborators
    """
    repository = access.repository(Permission.PUSH)
    store = access.store()
    found = []
    for account in store.accounts.values():
        if account.kind == "User" and store.granted(account.login, repository):
            granted = store.permission(account.login, repository)
            found.append(accounts.collaborator(account, granted))
    return answer(list(page(found)))


@routes.get("/invitations")
def list_invitations() -> Response:
    """List repository invitations: the list is always empty here.

    docs.github.com/rest/collaborators/invitations#list-repository-invitations
    """
    access.repository(Permission.ADMIN)
    return answer([])


@routes.get("/collaborators/<username>")
def check_collaborator(username: str) -> Response:
    """Check if a user is a repository collaborator.

    docs.github.com/rest/collaborators/collaborators#check-if-a-user-is-a-repository-collaborator
    """
    repository = access.repository(Permission.PUSH)
    if not access.store().granted(username, repository):
        raise errors.not_found(f"{username} is not a user")
    return Response(status=204)


@routes.get("/collaborators/<username>/permission")
def get_permission(username: str) -> Response:
    """Get repository permissions for a user.

    docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    """
    repository = access.repository()
    account = _user(username)
    granted = access.store().permission(account.login, repository)
    return answer(repositories.permission_level(account, granted))


@routes.put("/collaborators/<username>")
def add_collaborator(username: str) -> Response:
    """Add a repository collaborator, without the invitation that GitHub sends to outsiders.

    docs.github.com/rest/collaborators/collaborators#add-a-repository-collaborator
    """
    repository = access.repository(Permission.ADMIN)
    account = _user(username)
    granted = permission_named(read(PermissionBody).permission)
    if granted is None:
        raise errors.validation_failed("Repository", "permission", "invalid")
    repository.collaborators[account.login.lower()] = granted
    return Response(status=204)


@routes.delete("/collaborators/<username>")
def remove_collaborator(username: str) -> Response:
    """Remove a repository collaborator.

    docs.github.com/rest/collaborators/collaborators#remove-a-repository-collaborator
    """
    access.repository(Permission.ADMIN).collaborators.pop(username.lower(), None)
    return Response(status=204)


def _user(login: str) -> Account:
    found = access.store().account(login)
    if found is None:
        raise errors.not_found()
    return found
