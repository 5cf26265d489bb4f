"""Describe the changes that slipway makes to a branch, as far as rules judge them.

Opening a pull request is no such change: no rule refuses it, and GitHub judges the rules of its
target when its owner merges it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from components.documents.delivery import commit_message

_FOLDER: Final = ".github/workflows"


@dataclass(frozen=True)
class Change:
    """One change of a branch, or several commits to it."""

    kind: Literal["commit", "create", "delete"]
    """`create` makes the branch from a commit that another branch has; `delete` deletes it."""
    branch: str
    """The branch's name."""
    messages: tuple[str, ...] = ()
    """Those of the commits."""
    paths: tuple[str, ...] = ()
    """The files that the commits write or delete."""
    largest: int = 0
    """Bytes of the largest file that they write."""
    removes: bool = False
    """True if they delete the files."""


def creation(branch: str) -> Change:
    """The branch is made."""
    return Change("create", branch)


def deletion(branch: str) -> Change:
    """The branch is deleted."""
    return Change("delete", branch)


def commits(
    branch: str,
    files: Iterable[str],
    *,
    by_pull_request: bool = False,
    largest: int = 0,
    removes: bool = False,
) -> Change:
    """Workflow files are written to the branch or deleted, by a commit each.

    Args:
        branch: takes the commits.
        files: their names, without the folder.
        by_pull_request: whether the branch is the head of a pull request.
        largest: as in `Change`.
        removes: as in `Change`.
    """
    paths = tuple(f"{_FOLDER}/{file}" for file in files)
    messages = tuple(commit_message(path, by_pull_request=by_pull_request) for path in paths)
    return Change("commit", branch, messages, paths, largest, removes)
