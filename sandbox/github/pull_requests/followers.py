"""What happens to pull requests when a branch moves or disappears."""

from datetime import datetime

from sandbox.github.events import Event
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.update import RefUpdate


def branch_moved(actor: Actor, update: RefUpdate, moment: datetime) -> None:
    """Follow a branch: its pull requests get new commits, are closed, or are merged by the push."""
    repository = update.repository
    for found in list(repository.pull_requests.values()):
        if found.state != "open" or found is update.pull_request:
            continue
        if found.head == update.branch:
            _head_moved(actor, update, found, moment)
        elif found.base == update.branch:
            _base_moved(actor, update, found, moment)


def close(actor: Actor, repository: Repository, found: PullRequest, moment: datetime) -> None:
    """Close a pull request that is open."""
    found.state, found.closed_at, found.updated_at = "closed", moment, moment
    tell(actor, repository, found, "closed")


def tell(actor: Actor, repository: Repository, found: PullRequest, action: str) -> None:
    """Add the event of an activity on a pull request."""
    repository.events.append(
        Event(
            "pull_request",
            f"refs/heads/{found.base}",
            found.head_sha,
            repository.git.ref(f"refs/heads/{found.base}"),
            action,
            found.head,
            actor.login,
        )
    )


def _head_moved(actor: Actor, update: RefUpdate, found: PullRequest, moment: datetime) -> None:
    """GitHub closes a pull request whose head branch is deleted, or has no new commits any more."""
    repository = update.repository
    if update.new is None:
        close(actor, repository, found, moment)
        return
    base = repository.git.ref(f"refs/heads/{found.base}")
    found.head_sha, found.updated_at = update.new, moment
    if base is not None:
        found.base_sha = base
        if not repository.git.new_commits(update.new, [base]):
            close(actor, repository, found, moment)
            return
    _dismiss_stale(repository, found)
    tell(actor, repository, found, "synchronize")


def _base_moved(actor: Actor, update: RefUpdate, found: PullRequest, moment: datetime) -> None:
    """A base branch that has all commits of the head makes the pull request a merged one.

    docs.github.com: about pull request merges, "Indirect merges".
    """
    repository = update.repository
    if update.new is None:
        close(actor, repository, found, moment)
    elif repository.git.is_ancestor(found.head_sha, update.new):
        merged(actor, repository, found, update.new, moment)


def merged(
    actor: Actor, repository: Repository, found: PullRequest, sha: str, moment: datetime
) -> None:
    """Note that the commits of a pull request are in its base branch."""
    found.merged_at = moment
    found.merged_by = actor.store.account(actor.login)
    found.merge_commit_sha = sha
    close(actor, repository, found, moment)


def _dismiss_stale(repository: Repository, found: PullRequest) -> None:
    """Dismiss approvals that were given for an older head, if a rule says so."""
    classic = repository.protection_of(found.base)
    stale = classic is not None and classic.reviews is not None and classic.reviews.dismiss_stale
    for _, rule in repository.rules_of(f"refs/heads/{found.base}"):
        parameters = rule.get("parameters", {})
        stale = stale or parameters.get("dismiss_stale_reviews_on_push", False)
    for review in found.reviews if stale else ():
        if review.state == "APPROVED":
            review.state = "DISMISSED"
