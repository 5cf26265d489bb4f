"""Merge a pull request in one of the three ways, with real commits.

docs.github.com: about merge methods on GitHub. Merge and squash commits are GitHub's: it is their
committer and signs them. Rebased commits are not signed.
"""

from dataclasses import dataclass
from typing import Final, Literal

from sandbox.github import errors
from sandbox.github.clock import from_timestamp, now
from sandbox.github.creation import signature
from sandbox.github.git import GitRepository, Signature, Text
from sandbox.github.merge_trees import merge_base, merged_tree
from sandbox.github.pull_requests import followers, messages
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.references import move
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.refusal import PULL_REQUEST, refused, rule_violations
from sandbox.github.rules.update import RefUpdate
from sandbox.github.rules.violations import UNSIGNED

Method = Literal["merge", "squash", "rebase"]
#: The setting that allows a method, and GitHub's words if it is off.
_SETTINGS: Final = {
    "merge": ("allow_merge_commit", "Merge commits are not allowed on this repository."),
    "squash": ("allow_squash_merge", "Squash merges are not allowed on this repository."),
    "rebase": ("allow_rebase_merge", "Rebase merges are not allowed on this repository."),
}


@dataclass(frozen=True)
class Merge:
    """A requested merge; without a title or a body GitHub's own is used."""

    actor: Actor
    repository: Repository
    found: PullRequest
    method: Method
    title: str | None = None
    body: str | None = None


def merge(wanted: Merge) -> str:
    """Merge an open pull request; returns the new tip of the base branch.

    Raises:
        GitHubError: 405 if it cannot be merged, or a rule or a setting forbids it.
    """
    actor, repository, found = wanted.actor, wanted.repository, wanted.found
    base = repository.git.ref(f"refs/heads/{found.base}")
    if found.state != "open" or base is None:
        raise errors.not_allowed("Pull Request is not mergeable")
    if found.draft:
        raise errors.not_allowed("Pull Request is still a draft")
    _demand_method(repository, found, wanted.method)
    if wanted.method == "squash":
        _demand_author(wanted, base)
    new = _rebased(wanted, base) if wanted.method == "rebase" else _merged(wanted, base)
    if new is None:
        rebase = wanted.method == "rebase"
        words = "This branch can't be rebased" if rebase else "Pull Request is not mergeable"
        raise errors.not_allowed(words)
    move(actor, RefUpdate(repository, f"refs/heads/{found.base}", base, new, found), PULL_REQUEST)
    followers.merged(actor, repository, found, new, now())
    if repository.settings["delete_branch_on_merge"]:
        _delete_head(actor, repository, found)
    return new


def trial_merge(repository: Repository, found: PullRequest) -> str | None:
    """The tree of base and head together; None if they conflict or a branch is gone."""
    git = repository.git
    base = git.ref(f"refs/heads/{found.base}")
    if base is None:
        return None
    return merged_tree(git, merge_base(git, base, found.head_sha), base, found.head_sha)


def _demand_method(repository: Repository, found: PullRequest, method: Method) -> None:
    setting, words = _SETTINGS[method]
    allowed = bool(repository.settings[setting])
    for _, rule in repository.rules_of(f"refs/heads/{found.base}"):
        methods = rule.get("parameters", {}).get("allowed_merge_methods")
        allowed = allowed and (methods is None or method in methods)
    if not allowed:
        raise errors.not_allowed(words)


def _demand_author(wanted: Merge, base: str) -> None:
    """Refuse others than the author to squash unsigned commits where signed ones are demanded.

    docs.github.com: about protected branches, "Require signed commits". GitHub's words for it are
    not published; these are those of the rule.
    """
    actor, found = wanted.actor, wanted.found
    if actor.login == found.user.login:
        return
    commits = RefUpdate(wanted.repository, f"refs/heads/{found.base}", base, found.head_sha, found)
    said = refused(actor, commits)
    if UNSIGNED in {*said.rulesets, *said.classic}:
        raise rule_violations(PULL_REQUEST, [UNSIGNED])


def _merged(wanted: Merge, base: str) -> str | None:
    """Write the merge or squash commit; None if base and head conflict."""
    git, found = wanted.repository.git, wanted.found
    tree = trial_merge(wanted.repository, found)
    if tree is None:
        return None
    if wanted.method == "merge":
        default = messages.merge_message(wanted.repository, found)
        parents = [base, found.head_sha]
        author = signature(wanted.actor.store.account(wanted.actor.login) or found.user)
    else:
        commits = git.new_commits(found.head_sha, [base])
        texts = [_message(git, sha) for sha in commits]
        author = signature(found.user)
        authors = dict.fromkeys(_author(git, sha) for sha in commits)
        others = [each for each in authors if not each.endswith(f"<{author.email}>")]
        default = messages.squash_message(wanted.repository, found, texts, others)
        parents = [base]
    title = default[0] if wanted.title is None else wanted.title
    body = default[1] if wanted.body is None else wanted.body
    message = "\n\n".join(part for part in (title, body) if part)
    return git.write_commit(tree, parents, Text(message, author, _github(), signed=True))


def _rebased(wanted: Merge, base: str) -> str | None:
    """Write each commit again on top of the base; merge commits are left out."""
    git = wanted.repository.git
    account = wanted.actor.store.account(wanted.actor.login)
    committer = signature(account) if account else _github()
    tip = base
    for sha in git.new_commits(wanted.found.head_sha, [base]):
        commit = git.commit(sha)
        if commit is None or len(commit.parents) > 1:
            continue
        parent = commit.parents[0].decode() if commit.parents else None
        tree = merged_tree(git, parent, tip, sha)
        if tree is None:
            return None
        name, _, email = commit.author.decode(errors="replace").partition(" <")
        author = Signature(name, email.rstrip(">"), from_timestamp(commit.author_time))
        tip = git.write_commit(tree, [tip], Text(_message(git, sha), author, committer))
    return tip


def _delete_head(actor: Actor, repository: Repository, found: PullRequest) -> None:
    """Delete the head branch unless a rule forbids it; other pull requests get the new base.

    docs.github.com: managing the automatic deletion of branches.
    """
    ref = f"refs/heads/{found.head}"
    update = RefUpdate(repository, ref, repository.git.ref(ref), None)
    default = found.head == repository.default_branch
    if update.old is None or default or refused(actor, update):
        return
    for other in repository.pull_requests.values():
        if other.state == "open" and other.base == found.head:
            other.base = found.base
    move(actor, update, PULL_REQUEST)


def _author(git: GitRepository, sha: str) -> str:
    commit = git.commit(sha)
    return commit.author.decode(errors="replace") if commit else ""


def _message(git: GitRepository, sha: str) -> str:
    commit = git.commit(sha)
    return commit.message.decode(errors="replace") if commit else ""


def _github() -> Signature:
    return Signature("GitHub", "noreply@github.com", now())
