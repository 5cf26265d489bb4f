"""The refusals of classic branch protection: GitHub's sentences (see `violations` about words).

Those about deletion and lost commits are quoted by tests of GitHub Desktop's
(github.com/desktop/dugite, test/fast/git-process-test.ts).
"""

from sandbox.github.rules import checks, reviews
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.protection import BranchProtection
from sandbox.github.rules.update import RefUpdate

_NOT_AUTHORIZED = (
    "You're not authorized to push to this branch. Visit "
    "https://docs.github.com/articles/about-protected-branches/ for more information."
)


def violations(actor: Actor, update: RefUpdate, found: BranchProtection) -> list[str]:
    """The sentences for everything that the change breaks.

    Administrators are bound with `enforce_admins` only; that no branch may be deleted or lose
    commits binds them in any case (docs.github.com: about protected branches).
    """
    if update.old is None:
        return _creation(actor, update, found)
    if update.new is None:
        return [] if found.deletions else ["Cannot delete a protected branch"]
    told = []
    if update.loses_commits and not found.force_pushes:
        told.append("Cannot force-push to a protected branch")
    if actor.administers(update.repository) and not found.enforce_admins:
        return told
    if found.locked:
        told.append("Cannot change this locked branch")
    if found.restrictions is not None and not actor.is_among(found.restrictions):
        told.append(_NOT_AUTHORIZED)
    told += _pull_request(actor, update, found)
    git = update.repository.git
    commits = [commit for sha in update.commits if (commit := git.commit(sha)) is not None]
    if found.linear_history and any(len(commit.parents) > 1 for commit in commits):
        told.append("This branch must not contain merge commits.")
    if found.signatures and any(not git.is_verified(sha) for sha in update.commits):
        told.append("Commits must have verified signatures.")
    if found.checks is not None:
        told += checks.missing(update, found.checks.contexts, strict=found.checks.strict)
    return told


def _creation(actor: Actor, update: RefUpdate, found: BranchProtection) -> list[str]:
    """Restrictions hold for a new branch, too, if the protection says so (same page)."""
    exempt = actor.administers(update.repository) and not found.enforce_admins
    if not found.block_creations or found.restrictions is None or exempt:
        return []
    return [] if actor.is_among(found.restrictions) else [_NOT_AUTHORIZED]


def _pull_request(actor: Actor, update: RefUpdate, found: BranchProtection) -> list[str]:
    if found.reviews is None:
        return []
    if found.reviews.bypass is not None and actor.is_among(found.reviews.bypass):
        return []
    if update.pull_request is None:
        return ["Changes must be made through a pull request."]
    return reviews.missing(
        actor.store,
        update.repository,
        update.pull_request,
        found.reviews.approvals,
        last_push=found.reviews.last_push,
    )
