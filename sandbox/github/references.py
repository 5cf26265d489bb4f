"""The only way to move a branch or a tag: check the rules, then carry out the effects.

The effects are events for workflows, and changes of the branch's pull requests.
"""

from sandbox.github.clock import now
from sandbox.github.events import Event
from sandbox.github.pull_requests import followers
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.refusal import Way, demand
from sandbox.github.rules.update import RefUpdate


def move(actor: Actor, update: RefUpdate, way: Way) -> None:
    """Create, move or delete a reference.

    Raises:
        GitHubError: a rule forbids it.
        GitError: the name is not valid.
    """
    demand(actor, update, way)
    git = update.repository.git
    if update.new is not None:
        git.set_ref(update.ref, update.new)
    else:
        git.delete_ref(update.ref)
    follow(actor, update)


def follow(actor: Actor, update: RefUpdate) -> None:
    """Carry out the effects of a reference that has moved."""
    repository = update.repository
    if update.old is None and update.branch is not None:
        _choose_default(repository)
    moment = now()
    repository.pushed_at = repository.updated_at = moment
    if update.new is not None and update.new != update.old:
        repository.events.append(
            Event("push", update.ref, update.new, update.old, actor=actor.login)
        )
    if update.branch is not None:
        followers.branch_moved(actor, update, moment)


def _choose_default(repository: Repository) -> None:
    """Choose the default branch of a repository that was empty.

    The configured one if it was pushed, else the first by name of those that were pushed (seen on
    GitHub: gist.github.com/ugultopu/b06d1a837c98ce786faa9d886e4a4670).
    """
    pushed = repository.git.branches()
    if repository.default_branch not in pushed:
        repository.default_branch = min(pushed)
        repository.git.set_head(repository.default_branch)
