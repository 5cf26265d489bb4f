"""Prepare the state for the repositories that the next `up` offboards.

Pulumi deletes objects that are in the state and not registered. Some of them cannot be deleted, and
some that are usually retained are no longer needed; `leftovers` changes the marks of both.
"""

from collections.abc import Callable, Collection, Mapping

from components.model.stack import Stack
from operations.engine.stack_state import Export
from operations.live.github.api import GitHub
from operations.live.github.graphql import archived_repositories
from operations.live.github.rules.changes import commits, deletion
from operations.live.github.rules.judge import Judge, listed
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
    judges = _judges(stack, there)
    said += release_requests(export, there, emptied, _kept(judges))
    return said, _leave_refused(export, stack, judges, observed)


def _judges(stack: Stack, names: Collection[str]) -> dict[str, Judge]:
    """The judge of each repository; its visibility was not read, so it counts as not public."""
    settings = stack.settings
    github = GitHub.for_owner(settings.owner, settings.github)
    return {name: Judge(github, f"{settings.owner}/{name}", public=False) for name in names}


def _kept(judges: Mapping[str, Judge]) -> Callable[[str, str], str]:
    """A function that says what refuses to delete a branch of a repository; empty: nothing."""

    def refused(name: str, branch: str) -> str:
        judge = judges.get(name)
        rules = judge.of_branch(branch) if judge else None
        return listed(judge.refusing(deletion(branch), rules)) if judge and rules else ""

    return refused


def _leave_refused(
    export: Export, stack: Stack, judges: Mapping[str, Judge], observed: Observed
) -> list[str]:
    """Mark the files that no commit can delete; return a text for each of their branches.

    If the repository's declaration still exists, a pull request removes the files.
    """
    leaving = {one.name for one in stack.leaving}
    refused: set[tuple[str, str]] = set()
    staying = []
    for name, branches in placed_files(export, judges).items():
        if name in leaving:
            live = observed.repositories.get(name)
            refused |= {(name, branch) for branch in (live.by_pull_request if live else ())}
            continue
        for branch, files in sorted(branches.items()):
            rules = judges[name].of_branch(branch)
            change = commits(branch, files, removes=True)
            if rules is None or not judges[name].refusing(change, rules):
                continue
            refused.add((name, branch))
            staying.append(
                f"{name}: the rules of {branch} refuse commits, so {', '.join(files)} "
                "would stay there; to remove them by pull request, put its file back, with "
                "`offboarding: {now: true}`, and remove it after the merge"
            )
    retain_refused(export, judges, refused)
    return staying
