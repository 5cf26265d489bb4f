"""Repositories, short as an item of a list and in full, and a user's permission in them."""

from typing import Any, Final

from sandbox.github.accounts import Account, Organization
from sandbox.github.clock import iso
from sandbox.github.permissions import Permission, as_flags
from sandbox.github.render.accounts import collaborator, simple_user
from sandbox.github.render.urls import api, html, node_id
from sandbox.github.repositories import Repository

#: Members of the answer that are addresses below the repository's own address.
_BELOW: Final = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "contributors_url": "contributors",
    "deployments_url": "deployments",
    "downloads_url": "downloads",
    "events_url": "events",
    "forks_url": "forks",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "languages_url": "languages",
    "merges_url": "merges",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers",
    "subscription_url": "subscription",
    "tags_url": "tags",
    "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}
_COUNTS: Final = (
    "size",
    "forks",
    "forks_count",
    "stargazers_count",
    "watchers",
    "watchers_count",
)
_LISTED_SETTINGS: Final = (
    "is_template",
    "has_issues",
    "has_projects",
    "has_wiki",
    "has_downloads",
    "has_discussions",
    "allow_forking",
    "web_commit_signoff_required",
)


def minimal(repository: Repository, granted: Permission) -> dict[str, Any]:
    """`minimal-repository`: an item of a list."""
    url = api(f"/repos/{repository.full_name}")
    page = html(repository.full_name)
    return {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": simple_user(repository.owner),
        "html_url": page,
        "description": repository.description,
        "fork": False,
        "url": url,
        **{member: f"{url}/{below}" for member, below in _BELOW.items()},
        "git_url": page.replace("http:", "git:") + ".git",
        "ssh_url": f"git@{page.partition('//')[2].replace('/', ':', 1)}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": repository.homepage,
        "language": None,
        **dict.fromkeys(_COUNTS, 0),
        **dict.fromkeys(("open_issues", "open_issues_count"), _open_issues(repository)),
        "default_branch": repository.default_branch,
        "topics": list(repository.topics),
        **{setting: repository.settings[setting] for setting in _LISTED_SETTINGS},
        "has_pages": False,
        "archived": repository.archived,
        "disabled": False,
        "license": None,
        "visibility": repository.visibility,
        "pushed_at": iso(repository.pushed_at),
        "created_at": iso(repository.created_at),
        "updated_at": iso(repository.updated_at),
        "permissions": as_flags(granted),
    }


def _open_issues(repository: Repository) -> int:
    """GitHub counts open pull requests among the issues."""
    issues = sum(each.state == "open" for each in repository.issues.values())
    return issues + sum(each.state == "open" for each in repository.pull_requests.values())


def full(repository: Repository, granted: Permission) -> dict[str, Any]:
    """`full-repository`; the merge settings need the permission to push."""
    body = minimal(repository, granted)
    if granted >= Permission.PUSH:
        body |= repository.settings
    if granted >= Permission.ADMIN:
        body["security_and_analysis"] = {
            feature: {"status": status} for feature, status in repository.security.items()
        }
    if isinstance(repository.owner, Organization):
        body["organization"] = simple_user(repository.owner)
    return body | {"network_count": 0, "subscribers_count": 0, "temp_clone_token": None}


def permission_level(account: Account, granted: Permission) -> dict[str, Any]:
    """`repository-collaborator-permission`."""
    user = collaborator(account, granted)
    return {"permission": granted.legacy, "role_name": granted.role, "user": user}
