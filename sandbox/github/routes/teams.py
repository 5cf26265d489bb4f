"""Teams: list, create, get, change, delete."""

import re
from typing import Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.accounts import Organization, Team
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.render import accounts as render
from sandbox.github.routes.family import TEAM, Family

routes = Family("teams", TEAM)
collection = Family("team_collection")


class TeamBody(Body):
    """The writable members of a team."""

    name: str | None = None
    description: str | None = None
    privacy: Literal["secret", "closed"] | None = None
    notification_setting: Literal["notifications_enabled", "notifications_disabled"] | None = None
    permission: Literal["pull", "push", "admin"] | None = None
    parent_team_id: int | None = None
    maintainers: tuple[str, ...] = ()


@collection.get("/orgs/<org>/teams")
def list_teams(org: str) -> Response:
    """List teams.

    docs.github.com/rest/teams/teams#list-teams
    """
    owner = access.organization(org)
    if access.token().login.lower() not in owner.members:
        raise errors.forbidden("Must be a member of the organization.")
    found = sorted(owner.teams.values(), key=lambda team: team.slug)
    return answer([render.team(owner, team) for team in page(found)])


@collection.post("/orgs/<org>/teams")
def create_team(org: str) -> Response:
    """Create a team. The creator is its maintainer.

    docs.github.com/rest/teams/teams#create-a-team
    """
    owner = access.organization(org)
    login = access.token().login.lower()
    if login not in owner.members:
        raise errors.forbidden("Must be a member of the organization.")
    body = read(TeamBody)
    if body.name is None:
        raise errors.invalid('"name" wasn\'t supplied.')
    slug = slug_of(body.name)
    if slug in owner.teams:
        raise errors.validation_failed("Team", "name", "already_exists")
    moment = now()
    team = Team(access.store().next_id(), body.name, slug, moment, moment)
    _apply(team, body, _parent(owner, body))
    if not owner.is_admin(login):
        team.members[login] = "maintainer"
    team.members |= {maintainer.lower(): "maintainer" for maintainer in body.maintainers}
    owner.teams[slug] = team
    return answer(_full(owner, team), 201)


@routes.get("")
def get_team() -> Response:
    """Get a team by name.

    docs.github.com/rest/teams/teams#get-a-team-by-name
    """
    return answer(_full(*access.team()))


@routes.patch("")
def update_team() -> Response:
    """Update a team. A new name gives a new slug.

    docs.github.com/rest/teams/teams#update-a-team
    """
    owner, team = access.administered_team()
    body = read(TeamBody)
    parent = _parent(owner, body)
    if parent is not None and parent.is_below(team):
        raise errors.validation_failed("Team", "parent_team_id", "invalid")
    if body.name is not None:
        slug = slug_of(body.name)
        if owner.teams.get(slug) not in {None, team}:
            raise errors.validation_failed("Team", "name", "already_exists")
        del owner.teams[team.slug]
        team.name, team.slug = body.name, slug
        owner.teams[slug] = team
    _apply(team, body, parent)
    return answer(_full(owner, team))


@routes.delete("")
def delete_team() -> Response:
    """Delete a team. Environments lose it as a reviewer.

    docs.github.com/rest/teams/teams#delete-a-team
    """
    owner, team = access.administered_team()
    del owner.teams[team.slug]
    for repository in access.store().owned_by(owner):
        for environment in repository.environments.values():
            rules = environment.protection
            rules.reviewers = tuple(who for who in rules.reviewers if who is not team)
    return Response(status=204)


@routes.get("/teams")
def list_child_teams() -> Response:
    """List child teams.

    docs.github.com/rest/teams/teams#list-child-teams
    """
    owner, team = access.team()
    found = [child for child in owner.teams.values() if child.parent is team]
    return answer([render.team(owner, child) for child in page(found)])


def slug_of(name: str) -> str:
    """The slug that GitHub derives from a team's name."""
    return re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")


def _parent(owner: Organization, body: TeamBody) -> Team | None:
    """The parent team in the body."""
    if body.parent_team_id is None:
        return None
    for team in owner.teams.values():
        if team.id == body.parent_team_id:
            return team
    raise errors.validation_failed("Team", "parent_team_id", "invalid")


def _apply(team: Team, body: TeamBody, parent: Team | None) -> None:
    """Write all members of the body except the name."""
    if "description" in body.model_fields_set:
        team.description = body.description or None
    if body.privacy is not None:
        team.privacy = body.privacy
    if body.notification_setting is not None:
        team.notification_setting = body.notification_setting
    if "parent_team_id" in body.model_fields_set:
        team.parent = parent
    if team.parent is not None:
        team.privacy = "closed"
    team.updated_at = now()


def _full(owner: Organization, team: Team) -> dict[str, object]:
    owned = access.store().owned_by(owner)
    private = sum(repository.private for repository in owned)
    return render.team_full(owner, team, len(owned) - private, private)
