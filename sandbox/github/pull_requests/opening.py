"""Open a pull request, reopen it, or give it another base; refuse wrong requests as GitHub does.

The messages are GitHub's, as clients quote them (`gh pr create` and its issues).
"""

from dataclasses import dataclass

from sandbox.github import errors
from sandbox.github.accounts import Account
from sandbox.github.clock import now
from sandbox.github.merge_trees import merge_base
from sandbox.github.pull_requests import followers
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor


@dataclass(frozen=True)
class Wanted:
    """A pull request that a client asks for."""

    head: str
    base: str
    title: str
    body: str | None
    draft: bool = False


def opened(actor: Actor, user: Account, repository: Repository, wanted: Wanted) -> PullRequest:
    """Open a pull request.

    Raises:
        GitHubError: 422.
    """
    head, base = _own_branch(repository, wanted.head), wanted.base
    _demand_branches(repository, head, base)
    _demand_new(repository, head, base)
    moment = now()
    found = PullRequest(
        id=actor.store.next_id(),
        number=repository.next_number,
        user=user,
        title=wanted.title,
        body=wanted.body,
        head=head,
        base=base,
        head_sha=repository.git.branches()[head],
        base_sha=repository.git.branches()[base],
        created_at=moment,
        updated_at=moment,
        draft=wanted.draft,
    )
    repository.pull_requests[found.number] = found
    followers.tell(actor, repository, found, "opened")
    return found


def reopen(actor: Actor, repository: Repository, found: PullRequest) -> None:
    """Open a closed pull request again.

    GitHub's words: github.com/pytorch/pytorch/pull/114423 and github.com/cilium/cilium/pull/47088.

    Raises:
        GitHubError: 422 if it is merged, a branch is gone or lost its commits, or there is another
            pull request in its place.
    """
    branches = repository.git.branches()
    reason = None
    if found.merged:
        reason = "The pull request is already merged."
    elif found.head not in branches:
        reason = f"The {found.head} branch has been deleted."
    elif found.base not in branches:
        reason = f"The {found.base} branch has been deleted."
    elif not repository.git.is_ancestor(found.head_sha, branches[found.head]):
        reason = f"The {found.head} branch was force-pushed or recreated."
    if reason is not None:
        raise errors.validation_failed(
            "PullRequest", "state", "custom", f"state cannot be changed. {reason}"
        )
    _demand_new(repository, found.head, found.base)
    found.state, found.closed_at = "open", None
    found.head_sha, found.base_sha = branches[found.head], branches[found.base]
    followers.tell(actor, repository, found, "reopened")


def rebase_onto(repository: Repository, found: PullRequest, base: str) -> None:
    """Give an open pull request another base branch.

    Raises:
        GitHubError: 422.
    """
    if found.state != "open":
        raise errors.validation_failed(
            "PullRequest",
            "base",
            "invalid",
            "Cannot change the base branch of a closed pull request.",
        )
    _demand_branches(repository, found.head, base)
    _demand_new(repository, found.head, base)
    found.base, found.base_sha = base, repository.git.branches()[base]


def fork_point(repository: Repository, found: PullRequest) -> str:
    """The commit where the head left the base branch."""
    return merge_base(repository.git, found.base_sha, found.head_sha) or found.base_sha


def _own_branch(repository: Repository, head: str) -> str:
    """The branch that `head` names; another owner's branch would be in a fork, which is refused."""
    owner, colon, name = head.rpartition(":")
    if colon and owner.lower() != repository.owner.login.lower():
        raise errors.validation_failed("PullRequest", "head", "invalid")
    return name


def _demand_branches(repository: Repository, head: str, base: str) -> None:
    branches = repository.git.branches()
    for field, name in (("base", base), ("head", head)):
        if name not in branches:
            raise errors.validation_failed("PullRequest", field, "invalid")


def _demand_new(repository: Repository, head: str, base: str) -> None:
    """Check that these branches have no open pull request and that the head has new commits."""
    for other in repository.pull_requests.values():
        if (other.state, other.head, other.base) == ("open", head, base):
            name = f"{repository.owner.login}:{head}"
            raise errors.custom_failure("PullRequest", f"A pull request already exists for {name}.")
    branches = repository.git.branches()
    if not repository.git.new_commits(branches[head], [branches[base]]):
        raise errors.custom_failure("PullRequest", f"No commits between {base} and {head}")
