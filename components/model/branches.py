"""The branches that deploy to test and prod in a repository whose declaration does not name them.

They are `main`; in a repository without `main` they are its default branch, for example `master`.
The branch of dev is never followed: any of its pushes would deploy to prod.

Only GitHub knows a default branch, so this is decided wherever its facts are at hand: in the
program, in drift, in an adoption, and in `validate` and `render` with `--live`. Without them a
declaration keeps `main`. Deliberately absent: refusing a repository
(operations/live/mistakes/branches.py).
"""

from collections.abc import Mapping
from typing import Protocol

from components.model.repository import Repository
from components.model.stack import Stack


class BranchFacts(Protocol):
    """GitHub's facts about a repository's branches."""

    @property
    def default_branch(self) -> str:
        """The branch on which `workflow_run` runs workflows."""

    def has_branch(self, name: str) -> bool:
        """Whether a branch exists; `name` is a branch that the declaration names."""


def as_found(repository: Repository, found: BranchFacts | None) -> Repository:
    """The declaration with the branches that deploy; the same if it names them itself.

    Args:
        repository: the declaration; a result of this function is returned unchanged.
        found: GitHub's facts; None if GitHub does not show the repository.
    """
    if found is None or not repository.follows_default_branch:
        return repository
    default = found.default_branch
    if found.has_branch(repository.branches.test) or default == repository.dev_branch:
        return repository
    followed = repository.branches.model_copy(update={"test": default, "prod": default})
    return repository.model_copy(update={"branches": followed})


def stack_as_found(stack: Stack, found: Mapping[str, BranchFacts | None]) -> Stack:
    """The stack with every repository as `as_found` returns it; `found` is by declared name."""
    repositories = tuple(as_found(one, found.get(one.name)) for one in stack.repositories)
    return stack.model_copy(update={"repositories": repositories})
