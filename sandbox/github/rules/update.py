"""One change of a reference, as the rules judge it."""

from dataclasses import dataclass
from functools import cached_property

from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository


@dataclass(frozen=True)
class RefUpdate:
    """A reference moves from one commit to another; None: it does not exist before or after."""

    repository: Repository
    ref: str
    old: str | None
    new: str | None
    #: The pull request whose merge moves the reference.
    pull_request: PullRequest | None = None

    @property
    def branch(self) -> str | None:
        """The name of the branch; None for a tag."""
        prefix = "refs/heads/"
        return self.ref.removeprefix(prefix) if self.ref.startswith(prefix) else None

    @property
    def judged(self) -> str | None:
        """The commit whose status checks count: the head of the pull request, if it is a merge."""
        return self.pull_request.head_sha if self.pull_request else self.new

    @property
    def loses_commits(self) -> bool:
        """Whether the new history does not contain the old one."""
        git = self.repository.git
        return bool(self.old and self.new) and not git.is_ancestor(str(self.old), str(self.new))

    @property
    def is_behind(self) -> bool:
        """Whether the base branch has commits that the head of the pull request has not."""
        head = self.pull_request.head_sha if self.pull_request else None
        git = self.repository.git
        return head is not None and self.old is not None and not git.is_ancestor(self.old, head)

    @cached_property
    def commits(self) -> list[str]:
        """The commits that come to the reference, oldest first.

        A new reference brings those commits that no reference had.
        """
        if self.new is None:
            return []
        known = [self.old] if self.old else list(self.repository.git.refs().values())
        return self.repository.git.new_commits(self.new, known)
