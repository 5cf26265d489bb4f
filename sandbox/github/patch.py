"""The changes between two trees, by file, with line counts and a unified diff."""

from dataclasses import dataclass
from difflib import unified_diff

from dulwich.diff_tree import CHANGE_ADD, CHANGE_DELETE, tree_changes
from dulwich.object_store import BaseObjectStore
from dulwich.objects import Blob, ObjectID


@dataclass(frozen=True)
class Change:
    """One changed file."""

    path: str
    sha: str
    status: str
    additions: int
    deletions: int
    patch: str | None


def changes(store: BaseObjectStore, old: ObjectID | None, new: ObjectID) -> list[Change]:
    """The changes between two trees, sorted by path. A rename is a deletion and an addition."""
    found = []
    for change in tree_changes(store, old, new):
        status = {CHANGE_ADD: "added", CHANGE_DELETE: "removed"}.get(change.type, "modified")
        before, after = change.old, change.new
        entry = after or before
        if entry is None:
            continue
        lines = _diff(
            _lines(store, before.sha if before else None),
            _lines(store, after.sha if after else None),
        )
        added = sum(line.startswith("+") for line in lines or ())
        removed = sum(line.startswith("-") for line in lines or ())
        patch = "\n".join(lines) if lines else None
        sha = entry.sha.decode()
        found.append(Change(entry.path.decode(), sha, status, added, removed, patch))
    return found


def _lines(store: BaseObjectStore, sha: ObjectID | None) -> list[str] | None:
    """The lines of a text file; None for a binary file."""
    blob = store[sha] if sha is not None else None
    if not isinstance(blob, Blob):
        return []
    try:
        return blob.data.decode().splitlines()
    except UnicodeDecodeError:
        return None


def _diff(old: list[str] | None, new: list[str] | None) -> list[str] | None:
    if old is None or new is None:
        return None
    return list(unified_diff(old, new, lineterm="", n=3))[2:]
