"""Texts of the commits and pull requests that bring workflow files to a branch.

A commit that slipway makes on a branch that people use must start no run: adding a workflow is no
deployment. GitHub honours `[skip ci]` anywhere in the message of a push's newest commit, and a
squash merge quotes the messages of all its commits, so such a word would skip the runs of the next
merge as well. The trailer `skip-checks: true` counts only at the end of the message, after two
empty lines (docs.github.com: skipping workflow runs). Commits of a pull request have no such mark:
the checks that its branch requires must run.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from components.model.repository import Repository

#: The trailer, with the two empty lines before it.
NO_RUN: Final = "\n\n\nskip-checks: true"
_MARK: Final = "slipway-content"
#: docs.github.com: about protected branches, "Require signed commits".
_MERGING: Final = (
    "Merge it in any way: squash, rebase or merge commit. If the branch demands signed commits and "
    "these are not verified, GitHub lets only the author of this pull request merge it, by squash. "
)


def commit_message(path: str, *, by_pull_request: bool) -> str:
    """The message of the commit that writes or deletes a file."""
    return f"Manage {path} with slipway{'' if by_pull_request else NO_RUN}"


def content_id(files: Mapping[str, str]) -> str:
    """Sixteen hex digits that identify the names and texts of some files."""
    found = hashlib.sha256()
    for name, text in sorted(files.items()):
        found.update(f"{name}\0{len(text)}\0{text}".encode())
    return found.hexdigest()[:16]


def blob_id(text: str) -> str:
    """Git's id of a file's content (git-scm.com: Git Objects)."""
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def mark(content: str) -> str:
    """The line of a pull request's body that tells which content it brings; see `content_id`."""
    return f"<!-- {_MARK}: {content} -->"


def is_marked(body: str) -> bool:
    """True if the text of a pull request is slipway's."""
    return f"<!-- {_MARK}: " in body


def pull_request_title(branch: str) -> str:
    """The title of the pull request for a branch."""
    return f"Update slipway's workflow files on {branch}"


def pull_request_body(
    repository: Repository, branch: str, files: Sequence[str], content: str
) -> str:
    """The body of the pull request for a branch, in GitHub's Markdown.

    Args:
        repository: the declaration.
        branch: the target.
        files: names of the files that it changes.
        content: identifies their texts; see `content_id`.
    """
    return (
        f"slipway brings its workflow files to `{branch}` by pull request, because "
        f"{_why(repository, branch, files)}"
        f"They are written from {repository.declared_in}. The environments and roles that they use "
        "are there already, or arrive in the same run.\n\n"
        f"{_MERGING}If you close it, slipway does not "
        "open it again until the content changes. Change the declaration and not these files: the "
        "next `pulumi up` would write them again.\n\n"
        f"{mark(content)}\n"
    )


def removal_title(branch: str) -> str:
    """The title of the pull request that removes the files from a branch."""
    return f"Remove slipway's workflow files from {branch}"


def removal_body(repository: Repository, branch: str, files: Sequence[str], content: str) -> str:
    """The body of that pull request; arguments as of `pull_request_body`."""
    return (
        f"slipway lets this repository go, as {repository.declared_in} says with "
        "`offboarding: {now: true}`. Its workflow files leave "
        f"`{branch}` by pull request, because {_why(repository, branch, files)}"
        "The roles that they assume are removed already, or in the same run; the variables, "
        "secrets and environments, too, if the declaration does not keep them. Until the merge "
        "their deployments fail.\n\n"
        f"{_MERGING}If you close it, slipway does not open it again, and the files stay.\n\n"
        f"{mark(content)}\n"
    )


def _why(repository: Repository, branch: str, files: Sequence[str]) -> str:
    """The reason for a pull request, and the list of its files."""
    why = f"the rules of `{branch}` refuse direct commits"
    if repository.delivery == "pull_request":
        why = "its declaration asks for it"
    listed = "\n".join(f"- `.github/workflows/{file}`" for file in files)
    return f"{why}:\n\n{listed}\n\n"
