"""Who sends the request, and which repository or team it may read or change.

GitHub answers 404 for objects that the token may not see, and 403 for actions that it may not do.
"""

from typing import Final

from flask import current_app, g, request

from sandbox.github import errors
from sandbox.github.accounts import Account, Organization, Team, Token, TokenKind
from sandbox.github.environments import Environment
from sandbox.github.permissions import Permission
from sandbox.github.repositories import Repository
from sandbox.github.request_log import WRITES
from sandbox.github.route_permissions import is_public, lacking, permissions_of
from sandbox.github.route_template import documented_route
from sandbox.github.rules.actor import Actor
from sandbox.github.store import Store

_REFUSALS: Final = {
    TokenKind.CLASSIC: "Must have admin rights to Repository.",
    TokenKind.FINE_GRAINED: "Resource not accessible by personal access token",
    TokenKind.APP: "Resource not accessible by integration",
}


def store() -> Store:
    """The store of this application."""
    found: Store = current_app.extensions["store"]
    return found


def authenticate() -> None:
    """Look up the token of this request.

    Raises:
        GitHubError: 401 if the token is missing or unknown.
    """
    authorization = request.authorization
    value = None
    if authorization is not None:
        value = authorization.token or authorization.password
    if not value:
        raise errors.requires_authentication()
    found = store().tokens.get(value)
    if found is None:
        raise errors.bad_credentials()
    g.token = found


def token() -> Token:
    """The token of this request."""
    found: Token = g.token
    return found


def caller() -> Account:
    """The user of this request's token."""
    found = store().account(token().login)
    if found is None:
        raise errors.bad_credentials()
    return found


def actor() -> Actor:
    """The user or App that this request's token stands for, as rules see it."""
    return Actor.of(store(), token())


def permission(repository: Repository) -> Permission:
    """The permission that this request has in a repository."""
    granted = store().permission(token().login, repository)
    return min(granted, max(token().cap(repository.full_name), _public(repository)))


def repository(need: Permission = Permission.PULL) -> Repository:
    """The repository in this request's path, which has its name or its id.

    Raises:
        GitHubError: 404; 301 or 307 to its present address; 403 without the permission, or if the
            request writes and the repository is archived.
    """
    found = archived_repository(need)
    if found.archived and request.method in WRITES:
        raise errors.archived()
    return found


def archived_repository(need: Permission) -> Repository:
    """The same for the few writes that an archived repository still accepts."""
    found = _named_repository()
    granted = permission(found)
    if granted is Permission.NONE:
        raise errors.not_found()
    _demand_permissions(public=not found.private)
    if granted < need:
        raise refusal()
    return found


def environment(name: str, need: Permission = Permission.PULL) -> tuple[Repository, Environment]:
    """An environment of the repository in the path; environment names ignore case.

    Raises:
        GitHubError: as for the repository, and 404 if it has no such environment.
    """
    place = place_of_environments(need)
    found = place.environments.get(name.lower())
    if found is None:
        raise errors.not_found()
    return place, found


def place_of_environments(need: Permission = Permission.PULL) -> Repository:
    """The repository in the path, for a route about environments.

    With GitHub Free, private repositories have no environments (docs.github.com: deployments and
    environments). A repository that becomes private keeps them, but they cannot be reached.

    Raises:
        GitHubError: as for the repository, and 404 if its plan has no environments.
    """
    found = repository(need)
    if found.private and found.owner.plan == "free":
        raise errors.not_found()
    return found


def has(name: str) -> bool:
    """Whether the token may write what the permission is about; classic tokens have scopes."""
    found = token()
    granted = found.permissions
    return found.kind is TokenKind.CLASSIC or granted is None or granted.get(name) == "write"


def shows_plan(account: Account) -> bool:
    """Whether the answer to this request has the account's plan.

    Only owners see it: with a classic token that has the scope `admin:org` (`user` for a user), or
    with another token that has the permission (docs.github.com: get an organization).
    """
    found = token()
    if isinstance(account, Organization):
        scope, owns = "admin:org", account.is_admin(found.login)
    else:
        scope, owns = "user", account.login.lower() == found.login.lower()
    match found.kind:
        case TokenKind.CLASSIC:
            return owns and scope in found.scopes
        case TokenKind.APP:
            # An installation has no user who could own the account.
            return found.permissions is None or "organization_plan" in found.permissions
        case TokenKind.FINE_GRAINED:
            granted = found.permissions
            return owns and (granted is None or "organization_administration" in granted)


def organization(login: str) -> Organization:
    """An organisation.

    Raises:
        GitHubError: 404, or 403 if the token does not have the route's permission.
    """
    found = store().organization(login)
    if found is None:
        raise errors.not_found()
    _demand_permissions(public=False)
    return found


def team() -> tuple[Organization, Team]:
    """The team in this request's path, which has its slug or its id, with its organisation.

    Raises:
        GitHubError: 404, also for users outside the organisation: they do not see its teams.
    """
    place: tuple[str, str] | tuple[int, int] = g.team_place
    match place:
        case (str(login), str(slug)):
            owner = organization(login)
            found = owner.teams.get(slug.lower())
        case (int(owner_id), int(team_id)):
            pair = store().team_by_id(team_id)
            if pair is None or pair[0].id != owner_id:
                raise errors.not_found()
            owner, found = pair
            _demand_permissions(public=False)
    if found is None or token().login.lower() not in owner.members:
        raise errors.not_found()
    return owner, found


def administered_team() -> tuple[Organization, Team]:
    """The same, for a request that changes the team.

    Raises:
        GitHubError: 404, or 403 if the user neither owns the organisation nor maintains the team.
    """
    owner, found = team()
    login = token().login.lower()
    if not owner.is_admin(login) and found.members.get(login) != "maintainer":
        raise errors.forbidden("Must have admin rights to Repository.")
    return owner, found


def demand_workflows() -> None:
    """Check that the token may write files in .github/workflows/.

    Raises:
        GitHubError: 404 for a classic token without the scope, although the scope is documented
            for `git push` only (octokit/octokit.rb#1184); 403 for another token without the
            permission.
    """
    store().log.needed(["workflows=write"])
    if not token().writes_workflows:
        raise errors.not_found() if token().kind is TokenKind.CLASSIC else refusal()


def refusal() -> errors.GitHubError:
    """GitHub's 403 for this kind of token."""
    return errors.forbidden(_REFUSALS[token().kind])


def _demand_permissions(*, public: bool) -> None:
    """Check that the token has the route's permissions. Classic tokens have scopes instead.

    Raises:
        GitHubError: 403 if a permission is missing.
    """
    route = documented_route()
    store().log.needed(permissions_of(request.method, route))
    granted = token().permissions
    if token().kind is TokenKind.CLASSIC or granted is None:
        return
    if public and is_public(request.method, route):
        return
    if lacking(granted, permissions_of(request.method, route)):
        raise refusal()


def _public(repository: Repository) -> Permission:
    return Permission.NONE if repository.private else Permission.PULL


def _named_repository() -> Repository:
    place: tuple[str, str] | int = g.place
    state = store()
    if isinstance(place, int):
        found = state.repositories.get(place)
    else:
        found = state.repository(*place)
        moved = state.moved_repository(*place) if found is None else None
        if moved is not None and permission(moved) is not Permission.NONE:
            root, _, rest = request.url.partition(f"/repos/{place[0]}/{place[1]}")
            raise errors.moved(f"{root}/repositories/{moved.id}{rest}")
    if found is None:
        raise errors.not_found()
    return found
