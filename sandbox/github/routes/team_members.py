"""Members of a team, and the permissions of the team in repositories."""

from typing import Literal

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission, permission_named
from sandbox.github.render import accounts as render
from sandbox.github.render import repositories
from sandbox.github.routes.family import TEAM, Family

routes = Family("team_members", TEAM)


class MembershipBody(Body):
    """A role in the team."""

    role: Literal["member", "maintainer"] = "member"


class GrantBody(Body):
    """A permission by its name."""

    permission: str = "push"


@routes.get("/members")
def list_members() -> Response:
    """List team members.

    docs.github.com/rest/teams/members#list-team-members
    """
    _, team = access.team()
    role = request.args.get("role", "all")
    logins = [login for login, has in team.members.items() if role in {"all", has}]
    accounts = [access.store().account(login) for login in sorted(logins)]
    return answer([render.simple_user(account) for account in page(accounts) if account])


@routes.get("/memberships/<username>")
def get_membership(username: str) -> Response:
    """Get team membership for a user. An owner of the organisation is always a maintainer.

    docs.github.com/rest/teams/members#get-team-membership-for-a-user
    """
    owner, team = access.team()
    role = team.members.get(username.lower())
    if role is None:
        raise errors.not_found()
    role = "maintainer" if owner.is_admin(username) else role
    return answer(render.membership(owner, team, username, role))


@routes.put("/memberships/<username>")
def set_membership(username: str) -> Response:
    """Add or update team membership for a user, without an invitation.

    docs.github.com/rest/teams/members#add-or-update-team-membership-for-a-user
    """
    owner, team = access.administered_team()
    account = access.store().account(username)
    if account is None:
        raise errors.not_found()
    if account.kind != "User":
        raise errors.validation_failed("TeamMember", "user", "org")
    role = read(MembershipBody).role
    team.members[account.login.lower()] = role
    owner.members.setdefault(account.login.lower(), "member")
    role = "maintainer" if owner.is_admin(username) else role
    return answer(render.membership(owner, team, account.login, role))


@routes.delete("/memberships/<username>")
def remove_membership(username: str) -> Response:
    """Remove team membership for a user.

    docs.github.com/rest/teams/members#remove-team-membership-for-a-user
    """
    _, team = access.administered_team()
    if team.members.pop(username.lower(), None) is None:
        raise errors.not_found()
    return Response(status=204)


@routes.get("/repos")
def list_repositories() -> Response:
    """List team repositories.

    docs.github.com/rest/teams/teams#list-team-repositories
    """
    _, team = access.team()
    found = [access.store().repositories[key] for key in team.grants]
    return answer(
        [
            repositories.minimal(r, team.grants[r.id]) | {"role_name": team.grants[r.id].role}
            for r in page(found)
        ]
    )


@routes.get("/repos/<owner>/<repo>")
def check_repository() -> Response:
    """Check team permissions for a repository: 204, or the repository if `Accept` asks for it.

    docs.github.com/rest/teams/teams#check-team-permissions-for-a-repository
    """
    _, team = access.team()
    repository = access.repository()
    granted = team.granted(repository.id)
    if granted is Permission.NONE:
        raise errors.not_found()
    if "repository+json" not in request.headers.get("Accept", ""):
        return Response(status=204)
    return answer(repositories.full(repository, granted) | {"role_name": granted.role})


@routes.put("/repos/<owner>/<repo>")
def grant_repository() -> Response:
    """Add or update team repository permissions.

    docs.github.com/rest/teams/teams#add-or-update-team-repository-permissions
    """
    _, team = access.team()
    repository = access.repository(Permission.ADMIN)
    granted = permission_named(read(GrantBody).permission)
    if granted is None:
        raise errors.validation_failed("Team", "permission", "invalid")
    team.grants[repository.id] = granted
    return Response(status=204)


@routes.delete("/repos/<owner>/<repo>")
def revoke_repository() -> Response:
    """Remove a repository from a team.

    docs.github.com/rest/teams/teams#remove-a-repository-from-a-team
    """
    _, team = access.team()
    repository = access.repository(Permission.ADMIN)
    team.grants.pop(repository.id, None)
    return Response(status=204)
