"""Commits, branches and references."""

from datetime import UTC, datetime
from typing import Any, Final

from dulwich.objects import Commit

from sandbox.github.accounts import Account
from sandbox.github.clock import iso, now
from sandbox.github.git import GitError
from sandbox.github.patch import Change
from sandbox.github.render.accounts import simple_user
from sandbox.github.render.urls import api, escaped, html, node_id
from sandbox.github.repositories import Repository
from sandbox.github.store import Store

#: The committer of GitHub's own commits.
WEB_FLOW: Final = "noreply@github.com"
UNSIGNED: Final = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def signature(identity: bytes, seconds: int) -> dict[str, Any]:
    """The author or the committer, with the time."""
    name, _, rest = identity.decode(errors="replace").partition(" <")
    when = datetime.fromtimestamp(seconds, UTC)
    return {"name": name, "email": rest.rstrip(">"), "date": iso(when)}


def git_commit(repository: Repository, sha: str, commit: Commit) -> dict[str, Any]:
    """`git-commit`: the git object."""
    base = api(f"/repos/{repository.full_name}/git")
    page = html(f"{repository.full_name}/commit")
    tree = commit.tree.decode()
    return {
        "sha": sha,
        "node_id": node_id("Commit", sha),
        "url": f"{base}/commits/{sha}",
        "html_url": f"{page}/{sha}",
        "author": signature(commit.author, commit.author_time),
        "committer": signature(commit.committer, commit.commit_time),
        "tree": {"sha": tree, "url": f"{base}/trees/{tree}"},
        "message": commit.message.decode(errors="replace"),
        "parents": [
            {
                "sha": parent.decode(),
                "url": f"{base}/commits/{parent.decode()}",
                "html_url": f"{page}/{parent.decode()}",
            }
            for parent in commit.parents
        ],
        "verification": _verification(repository, sha, commit),
    }


def _verification(repository: Repository, sha: str, commit: Commit) -> dict[str, Any]:
    """`verification`: the signature is GitHub's, or of a key that is not known, or missing."""
    if commit.gpgsig is None:
        return UNSIGNED
    signature = commit.gpgsig.decode(errors="replace")
    if not repository.git.is_verified(sha):
        return UNSIGNED | {"reason": "unknown_key", "signature": signature, "payload": ""}
    moment = iso(datetime.fromtimestamp(commit.commit_time, UTC))
    return {
        "verified": True,
        "reason": "valid",
        "signature": signature,
        "payload": f"tree {commit.tree.decode()}\n",
        "verified_at": moment,
    }


def commit(store: Store, repository: Repository, sha: str, found: Commit) -> dict[str, Any]:
    """`commit` without its files, as an item of a list."""
    base = api(f"/repos/{repository.full_name}/commits")
    core = git_commit(repository, sha, found)
    members = ("author", "committer", "message", "tree", "url", "verification")
    return {
        "sha": sha,
        "node_id": core["node_id"],
        "commit": {member: core[member] for member in members} | {"comment_count": 0},
        "url": f"{base}/{sha}",
        "html_url": core["html_url"],
        "comments_url": f"{base}/{sha}/comments",
        "author": _account(store, core["author"]["email"]),
        "committer": _account(store, core["committer"]["email"]),
        "parents": [parent | {"url": f"{base}/{parent['sha']}"} for parent in core["parents"]],
    }


def commit_with_files(
    store: Store, repository: Repository, sha: str, found: Commit
) -> dict[str, Any]:
    """`commit` with its changed files."""
    changed = repository.git.changed_files(sha)
    additions = sum(change.additions for change in changed)
    deletions = sum(change.deletions for change in changed)
    return commit(store, repository, sha, found) | {
        "stats": {
            "total": additions + deletions,
            "additions": additions,
            "deletions": deletions,
        },
        "files": [diff_entry(repository, sha, change) for change in changed],
    }


def branch(store: Store, repository: Repository, name: str, sha: str) -> dict[str, Any]:
    """`branch-with-protection`; `enabled` is about classic protection only."""
    found = repository.git.commit(sha)
    if found is None:
        raise GitError(f"{name} is at no commit")
    url = api(f"/repos/{repository.full_name}/branches/{escaped(name)}")
    return {
        "name": name,
        "commit": commit(store, repository, sha, found),
        "_links": {"self": url, "html": html(f"{repository.full_name}/tree/{escaped(name)}")},
        "protected": repository.is_protected(name),
        "protection": _protection(repository, name),
        "protection_url": f"{url}/protection",
    }


def _protection(repository: Repository, name: str) -> dict[str, Any]:
    """A part of `branch-protection`: whether it is on, and the required checks."""
    found = repository.protection_of(name)
    checks = found.checks if found else None
    level = (
        "off" if checks is None else "everyone" if found and found.enforce_admins else "non_admins"
    )
    contexts = checks.contexts if checks else []
    apps = checks.apps if checks else {}
    return {
        "enabled": found is not None,
        "required_status_checks": {
            "enforcement_level": level,
            "contexts": list(contexts),
            "checks": [{"context": each, "app_id": apps.get(each)} for each in contexts],
        },
    }


def short_branch(repository: Repository, name: str, sha: str) -> dict[str, Any]:
    """`short-branch`: an item of a list."""
    url = api(f"/repos/{repository.full_name}/commits/{sha}")
    protected = repository.is_protected(name)
    return {"name": name, "commit": {"sha": sha, "url": url}, "protected": protected}


def reference(repository: Repository, name: str, sha: str) -> dict[str, Any]:
    """`git-ref`."""
    base = api(f"/repos/{repository.full_name}/git")
    kind = repository.git.kind(sha) or "commit"
    return {
        "ref": name,
        "node_id": node_id("Ref", f"{repository.id}:{name}"),
        "url": f"{base}/{escaped(name)}",
        "object": {"sha": sha, "type": kind, "url": f"{base}/{kind}s/{sha}"},
    }


def _account(store: Store, email: str) -> dict[str, Any] | None:
    """The account of an e-mail address, if it is one of GitHub's no-reply addresses.

    GitHub's own commits are those of the user `web-flow`.
    """
    if email == WEB_FLOW:
        return simple_user(Account(19864447, "web-flow", "GitHub", now()))
    login = email.removesuffix("@users.noreply.github.com").partition("+")[2]
    found: Account | None = store.account(login) if login else None
    return simple_user(found) if found else None


def diff_entry(repository: Repository, sha: str, change: Change) -> dict[str, Any]:
    """`diff-entry`: one changed file."""
    path = escaped(change.path)
    contents = api(f"/repos/{repository.full_name}/contents/{path}?ref={sha}")
    entry = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": html(f"{repository.full_name}/blob/{sha}/{path}"),
        "raw_url": html(f"{repository.full_name}/raw/{sha}/{path}"),
        "contents_url": contents,
    }
    return entry if change.patch is None else entry | {"patch": change.patch}
