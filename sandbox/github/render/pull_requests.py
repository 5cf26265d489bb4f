"""Pull requests and their reviews."""

from typing import Any

from sandbox.github.clock import iso
from sandbox.github.patch import changes
from sandbox.github.permissions import Permission
from sandbox.github.pull_requests.merging import trial_merge
from sandbox.github.pull_requests.opening import fork_point
from sandbox.github.pull_requests.pull_request import PullRequest, Review
from sandbox.github.pull_requests.state import mergeable_state
from sandbox.github.render.accounts import simple_user
from sandbox.github.render.issues import association
from sandbox.github.render.repositories import minimal
from sandbox.github.render.urls import api, html, node_id
from sandbox.github.repositories import Repository
from sandbox.github.store import Store


def listed(repository: Repository, found: PullRequest) -> dict[str, Any]:
    """`pull-request-simple`."""
    base = api(f"/repos/{repository.full_name}")
    url, issue = f"{base}/pulls/{found.number}", f"{base}/issues/{found.number}"
    page = html(f"{repository.full_name}/pull/{found.number}")
    addresses = {
        "html_url": page,
        "issue_url": issue,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{base}/pulls/comments{{/number}}",
        "comments_url": f"{issue}/comments",
        "statuses_url": f"{base}/statuses/{found.head_sha}",
    }
    return {
        "url": url,
        "id": found.id,
        "node_id": node_id("PullRequest", found.id),
        **addresses,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "number": found.number,
        "state": found.state,
        "locked": False,
        "title": found.title,
        "user": simple_user(found.user),
        "body": found.body,
        "created_at": iso(found.created_at),
        "updated_at": iso(found.updated_at),
        "closed_at": iso(found.closed_at) if found.closed_at else None,
        "merged_at": iso(found.merged_at) if found.merged_at else None,
        "merge_commit_sha": found.merge_commit_sha,
        **dict.fromkeys(("assignee", "milestone", "active_lock_reason", "auto_merge")),
        **{each: [] for each in ("assignees", "labels", "requested_reviewers", "requested_teams")},
        "head": _side(repository, found.head, found.head_sha),
        "base": _side(repository, found.base, found.base_sha),
        "_links": {
            name: {"href": addresses[f"{name}_url"]}
            for name in ("html", "comments", "review_comments", "review_comment", "commits")
        }
        | {
            "self": {"href": url},
            "issue": {"href": issue},
            "statuses": {"href": addresses["statuses_url"]},
        },
        "author_association": association(repository, found.user),
        "draft": found.draft,
    }


def full(store: Store, repository: Repository, found: PullRequest) -> dict[str, Any]:
    """`pull-request`; GitHub computes `mergeable` a moment later, here it is there at once."""
    git = repository.git
    base, head = git.commit(fork_point(repository, found)), git.commit(found.head_sha)
    assert base is not None
    assert head is not None
    changed = changes(git.repo.object_store, base.tree, head.tree)
    mergeable = None
    if found.state == "open":
        mergeable = trial_merge(repository, found) is not None
    return listed(repository, found) | {
        "merged": found.merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": mergeable_state(store, repository, found, mergeable=mergeable),
        "merged_by": simple_user(found.merged_by) if found.merged_by else None,
        "comments": len(found.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(git.new_commits(found.head_sha, [found.base_sha])),
        "additions": sum(each.additions for each in changed),
        "deletions": sum(each.deletions for each in changed),
        "changed_files": len(changed),
    }


def review(repository: Repository, found: PullRequest, written: Review) -> dict[str, Any]:
    """`pull-request-review`."""
    url = api(f"/repos/{repository.full_name}/pulls/{found.number}")
    page = html(f"{repository.full_name}/pull/{found.number}#pullrequestreview-{written.id}")
    return {
        "id": written.id,
        "node_id": node_id("PullRequestReview", written.id),
        "user": simple_user(written.user),
        "body": written.body,
        "state": written.state,
        "html_url": page,
        "pull_request_url": url,
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "submitted_at": iso(written.submitted_at),
        "commit_id": written.sha,
        "author_association": association(repository, written.user),
    }


def _side(repository: Repository, name: str, sha: str) -> dict[str, Any]:
    owner = repository.owner
    return {
        "label": f"{owner.login}:{name}",
        "ref": name,
        "sha": sha,
        "user": simple_user(owner),
        "repo": minimal(repository, Permission.PULL),
    }
