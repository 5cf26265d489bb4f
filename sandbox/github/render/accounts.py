"""Users, organisations and teams."""

from typing import Any

from sandbox.github.accounts import Account, Organization, Team
from sandbox.github.clock import iso
from sandbox.github.permissions import Permission, as_flags
from sandbox.github.render.urls import api, html, node_id


def simple_user(account: Account) -> dict[str, Any]:
    """`simple-user`: a user or an organisation as part of another answer."""
    url = api(f"/users/{account.login}")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id(account.kind, account.id),
        "avatar_url": html(f"avatars/{account.id}"),
        "gravatar_id": "",
        "url": url,
        "html_url": html(account.login),
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": account.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def public_user(account: Account, public_repos: int) -> dict[str, Any]:
    """`public-user`."""
    return simple_user(account) | {
        "name": account.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": public_repos,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": iso(account.created_at),
        "updated_at": iso(account.created_at),
    }


def private_user(
    account: Account, public_repos: int, private_repos: int, *, plan: bool
) -> dict[str, Any]:
    """`private-user`: a user's own data, with the plan if the token may see it."""
    details = {"name": account.plan, "space": 976562499, "private_repos": 9999, "collaborators": 0}
    return public_user(account, public_repos) | {
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": private_repos,
        "owned_private_repos": private_repos,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
        **({"plan": details} if plan else {}),
    }


def organization(
    account: Organization, public_repos: int, private_repos: int, *, plan: bool = False
) -> dict[str, Any]:
    """`organization-full` as members see it; only owners see the `plan`."""
    details = {
        "name": account.plan,
        "space": 976562499,
        "private_repos": 999999,
        "filled_seats": len(account.members),
        "seats": 1000,
    }
    url = api(f"/orgs/{account.login}")
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("Organization", account.id),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": html(f"avatars/{account.id}"),
        "description": None,
        "name": account.name,
        "is_verified": False,
        "has_organization_projects": True,
        "has_repository_projects": True,
        "public_repos": public_repos,
        **dict.fromkeys(("public_gists", "followers", "following"), 0),
        "html_url": html(account.login),
        "created_at": iso(account.created_at),
        "updated_at": iso(account.created_at),
        "archived_at": None,
        "type": "Organization",
        "total_private_repos": private_repos,
        "owned_private_repos": private_repos,
        "default_repository_permission": account.base_permission.role,
        "members_can_create_repositories": True,
        "two_factor_requirement_enabled": True,
        **({"plan": details} if plan else {}),
    }


def team(owner: Organization, found: Team) -> dict[str, Any]:
    """`team`: an item of a list, or a reviewer."""
    flags = {"permissions": as_flags(Permission.PULL)}
    return team_simple(owner, found) | flags | _parent(owner, found)


def _parent(owner: Organization, found: Team) -> dict[str, Any]:
    return {"parent": team_simple(owner, found.parent) if found.parent else None}


def team_simple(owner: Organization, found: Team) -> dict[str, Any]:
    """`team-simple`: a team without its parent."""
    url = api(f"/organizations/{owner.id}/team/{found.id}")
    return {
        "id": found.id,
        "node_id": node_id("Team", found.id),
        "name": found.name,
        "slug": found.slug,
        "description": found.description,
        "privacy": found.privacy,
        "notification_setting": found.notification_setting,
        "url": url,
        "html_url": html(f"orgs/{owner.login}/teams/{found.slug}"),
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "permission": "pull",
        "type": "organization",
        "organization_id": owner.id,
    }


def team_full(
    owner: Organization, found: Team, public_repos: int, private_repos: int
) -> dict[str, Any]:
    """`team-full`."""
    return team_simple(owner, found) | {
        **_parent(owner, found),
        "members_count": len(found.members),
        "repos_count": len(found.grants),
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "organization": organization(owner, public_repos, private_repos),
    }


def membership(owner: Organization, found: Team, login: str, role: str) -> dict[str, Any]:
    """`team-membership`."""
    path = f"/organizations/{owner.id}/team/{found.id}/memberships/{login}"
    return {"url": api(path), "role": role, "state": "active"}


def collaborator(account: Account, granted: Permission) -> dict[str, Any]:
    """`collaborator`."""
    flags = {"permissions": as_flags(granted), "role_name": granted.role}
    return simple_user(account) | flags
