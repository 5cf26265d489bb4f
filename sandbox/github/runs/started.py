"""The workflow files that an event of a repository starts, from the files of its own commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from sandbox.github.events import Event
from sandbox.github.merge_trees import merge_base, merged_tree
from sandbox.github.patch import changes
from sandbox.github.repositories import Repository
from sandbox.github.runs.filters import starts
from sandbox.github.runs.skipping import skips

_FOLDER = ".github/workflows"


@dataclass(frozen=True)
class Outcome:
    """The workflow files that an event starts; `skipped` if its commit's message skips runs."""

    event: Event
    skipped: bool
    paths: list[str]


def outcomes(repository: Repository) -> Iterator[Outcome]:
    """The workflow files that each event of the repository starts, in order.

    Raises:
        UnknownFilterError: a workflow has a filter that is not known here.
    """
    for event in repository.events:
        commit = repository.git.commit(event.sha)
        message = commit.message.decode(errors="replace") if commit else ""
        if skips(message):
            yield Outcome(event, skipped=True, paths=[])
        else:
            yield Outcome(event, skipped=False, paths=list(_started(repository, event)))


def _started(repository: Repository, event: Event) -> Iterator[str]:
    tree = _tree(repository, event)
    if tree is None:
        return
    changed = _changed(repository, event)
    for path, text in _workflows(repository, tree).items():
        content: Any = YAML(typ="safe", pure=True).load(text)
        triggers = content.get("on", ()) if isinstance(content, dict) else ()
        if starts(triggers, event.name, event.ref, changed=changed, action=event.action):
            yield path


def _tree(repository: Repository, event: Event) -> str | None:
    """The tree of the event's commit; for a pull request, of its merge commit.

    A pull request with conflicts has none and starts nothing (docs.github.com: events that trigger
    workflows, `pull_request`).
    """
    git = repository.git
    if event.name == "push" or event.before is None:
        commit = git.commit(event.sha)
        return commit.tree.decode() if commit else None
    return merged_tree(git, merge_base(git, event.before, event.sha), event.before, event.sha)


def _changed(repository: Repository, event: Event) -> list[str]:
    """The paths that changed since the commit before the push, or in the pull request."""
    git = repository.git
    before = event.before
    if event.name == "pull_request" and before is not None:
        before = merge_base(git, before, event.sha)
    old, new = (git.commit(sha) if sha else None for sha in (before, event.sha))
    if new is None:
        return []
    found = changes(git.repo.object_store, old.tree if old else None, new.tree)
    return [change.path for change in found]


def _workflows(repository: Repository, tree: str) -> dict[str, str]:
    """The texts of the workflow files of a tree by path."""
    git, found = repository.git, tree
    for part in _FOLDER.split("/"):
        entries = {entry.name: entry for entry in git.tree(found) or ()}
        if part not in entries:
            return {}
        found = entries[part].sha
    return {
        f"{_FOLDER}/{entry.name}": (git.blob(entry.sha) or b"").decode(errors="replace")
        for entry in git.tree(found) or ()
        if entry.name.endswith((".yml", ".yaml")) and not entry.is_tree
    }
