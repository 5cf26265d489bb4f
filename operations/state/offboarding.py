"""Prepare the state for the repositories that the next `up` offboards.

Pulumi deletes objects that are in the state and not registered. Some of them cannot be deleted, and
some that are usually retained are no longer needed; `leftovers` changes the marks of both.
"""

from collections.abc import Collection

from components.model.stack import Stack
from operations.engine.stack_state import Export
from operations.live.github.api import GitHub
from operations.live.github.branch_rules import refusing
from operations.live.github.graphql import archived_repositories
from operations.live.observed import Observed
from operations.state.leftovers import (
    placed_files,
    release_requests,
    retain_archived,
    retain_refused,
    undeclared_repositories,
)


def prepare_offboarding(
    export: Export, stack: Stack, observed: Observed
) -> tuple[list[str], list[str]]:
    """Change the marks of a refreshed state, in place.

    Returns two lists of texts: the changes, and the workflow files that would stay on their
    branches.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    names = undeclared_repositories(export, stack.repositories)
    if not names:
        return [], []
    archived = archived_repositories(stack.settings, names)
    said = retain_archived(export, archived)
    there = set(names) - archived
    emptied = {
        (one.name, branch)
        for one in stack.leaving
        if (live := observed.repositories.get(one.name))
        for branch, delivery in live.by_pull_request.items()
        if not delivery.pending
    }
    said += release_requests(export, there, emptied)
    return said, _leave_refused(export, stack, there, observed)


def _leave_refused(
    export: Export, stack: Stack, names: Collection[str], observed: Observed
) -> list[str]:
    """Mark the files that no commit can delete; return a text for each of their branches.

    If the repository's declaration still exists, a pull request removes the files.
    """
    settings = stack.settings
    github = GitHub.for_owner(settings.owner, settings.github)
    leaving = {one.name for one in stack.leaving}
    refused: set[tuple[str, str]] = set()
    staying = []
    for name, branches in placed_files(export, names).items():
        if name in leaving:
            live = observed.repositories.get(name)
            refused |= {(name, branch) for branch in (live.by_pull_request if live else ())}
            continue
        for branch in sorted(refusing(github, f"{settings.owner}/{name}", branches)):
            refused.add((name, branch))
            staying.append(
                f"{name}: the rules of {branch} refuse commits, so {', '.join(branches[branch])} "
                "would stay there; to remove them by pull request, put its file back, with "
                "`offboarding: {now: true}`, and remove it after the merge"
            )
    retain_refused(export, names, refused)
    return staying
