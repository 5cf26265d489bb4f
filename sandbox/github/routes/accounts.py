"""Users and organisations: read only, a seed creates them."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.accounts import Account
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import accounts as render
from sandbox.github.render import repositories
from sandbox.github.routes.family import Family

routes = Family("accounts")


@routes.get("/user")
def get_authenticated_user() -> Response:
    """Get the authenticated user.

    docs.github.com/rest/users/users#get-the-authenticated-user
    """
    account = access.caller()
    plan = access.shows_plan(account)
    return answer(render.private_user(account, *_repository_counts(account), plan=plan))


@routes.get("/users/<username>")
def get_user(username: str) -> Response:
    """Get a user.

    docs.github.com/rest/users/users#get-a-user
    """
    account = _account(username)
    return answer(render.public_user(account, _repository_counts(account)[0]))


@routes.get("/users/<username>/gpg_keys")
def list_gpg_keys(username: str) -> Response:
    """List GPG keys for a user: the list is always empty here.

    docs.github.com/rest/users/gpg-keys#list-gpg-keys-for-a-user
    """
    _account(username)
    return answer([])


@routes.get("/users/<username>/keys")
def list_keys(username: str) -> Response:
    """List public keys for a user: the list is always empty here.

    docs.github.com/rest/users/keys#list-public-keys-for-a-user
    """
    _account(username)
    return answer([])


@routes.get("/orgs/<org>")
def get_organization(org: str) -> Response:
    """Get an organization.

    docs.github.com/rest/orgs/orgs#get-an-organization
    """
    found = access.organization(org)
    plan = access.shows_plan(found)
    return answer(render.organization(found, *_repository_counts(found), plan=plan))


@routes.get("/orgs/<org>/repos")
def list_organization_repositories(org: str) -> Response:
    """List organization repositories.

    docs.github.com/rest/repos/repos#list-organization-repositories
    """
    owned = access.store().owned_by(access.organization(org))
    granted = {repository.id: access.permission(repository) for repository in owned}
    seen = [r for r in owned if granted[r.id] is not Permission.NONE]
    return answer([repositories.minimal(r, granted[r.id]) for r in page(seen)])


def _account(login: str) -> Account:
    found = access.store().account(login)
    if found is None:
        raise errors.not_found()
    return found


def _repository_counts(account: Account) -> tuple[int, int]:
    """The numbers of an account's public and private repositories."""
    owned = access.store().owned_by(account)
    private = sum(repository.private for repository in owned)
    return len(owned) - private, private
