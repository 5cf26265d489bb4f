"""Issues, comments and labels."""

from typing import Any, Final

from sandbox.github.accounts import Account, Organization
from sandbox.github.clock import iso
from sandbox.github.issues import Comment, Issue, Label
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.render.accounts import simple_user
from sandbox.github.render.urls import api, html, name, node_id
from sandbox.github.repositories import Repository

_REACTIONS: Final = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def issue(repository: Repository, found: Issue) -> dict[str, Any]:
    """`issue`."""
    url = api(f"/repos/{repository.full_name}/issues/{found.number}")
    pull = repository.pull_requests.get(found.number)
    return {
        "id": found.id,
        "node_id": node_id("Issue", found.id),
        "url": url,
        "repository_url": api(f"/repos/{repository.full_name}"),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "timeline_url": f"{url}/timeline",
        "html_url": html(f"{repository.full_name}/issues/{found.number}"),
        "number": found.number,
        "state": found.state,
        "state_reason": found.state_reason,
        "title": found.title,
        "body": found.body,
        "user": simple_user(found.user),
        "labels": [label(repository, each) for each in found.labels],
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "locked": False,
        "active_lock_reason": None,
        "comments": len(found.comments),
        "closed_at": iso(found.closed_at) if found.closed_at else None,
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "closed_by": simple_user(found.closed_by) if found.closed_by else None,
        "author_association": association(repository, found.user),
        "reactions": _reactions(url),
        "performed_via_github_app": None,
        **({"pull_request": _pull_request(repository, pull)} if pull else {}),
    }


def _pull_request(repository: Repository, found: PullRequest) -> dict[str, Any]:
    """The addresses of the pull request, if the issue is one."""
    page = html(f"{repository.full_name}/pull/{found.number}")
    return {
        "url": api(f"/repos/{repository.full_name}/pulls/{found.number}"),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "merged_at": iso(found.merged_at) if found.merged_at else None,
    }


def comment(repository: Repository, found: Issue, written: Comment) -> dict[str, Any]:
    """`issue-comment`."""
    issues = f"/repos/{repository.full_name}/issues"
    url = api(f"{issues}/comments/{written.id}")
    page = html(f"{repository.full_name}/issues/{found.number}")
    return {
        "id": written.id,
        "node_id": node_id("IssueComment", written.id),
        "url": url,
        "html_url": f"{page}#issuecomment-{written.id}",
        "issue_url": api(f"{issues}/{found.number}"),
        "body": written.body,
        "user": simple_user(written.user),
        "created_at": iso(written.created_at),
        "updated_at": iso(written.updated_at),
        "author_association": association(repository, written.user),
        "reactions": _reactions(url),
        "performed_via_github_app": None,
    }


def label(repository: Repository, found: Label) -> dict[str, Any]:
    """`label`."""
    return {
        "id": found.id,
        "node_id": node_id("Label", found.id),
        "url": api(f"/repos/{repository.full_name}/labels/{name(found.name)}"),
        "name": found.name,
        "description": found.description,
        "color": found.color,
        "default": False,
    }


def association(repository: Repository, user: Account) -> str:
    """The relation of an issue's or pull request's author to the repository."""
    owner, login = repository.owner, user.login.lower()
    if owner is user:
        return "OWNER"
    if isinstance(owner, Organization) and login in owner.members:
        return "MEMBER"
    return "COLLABORATOR" if login in repository.collaborators else "NONE"


def _reactions(url: str) -> dict[str, Any]:
    return {"url": f"{url}/reactions", "total_count": 0, **dict.fromkeys(_REACTIONS, 0)}
