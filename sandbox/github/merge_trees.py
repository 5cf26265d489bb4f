"""Merge two commits into one tree, file by file and line by line, as git's merge does.

Deliberately absent: renames, and several merge bases (the first one counts).
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from dulwich.graph import find_merge_base
from dulwich.object_store import iter_tree_contents
from dulwich.objects import ObjectID

from sandbox.github.git import GitRepository

Lines = Sequence[bytes]


def merge_base(git: GitRepository, ours: str, theirs: str) -> str | None:
    """The newest commit that both histories have."""
    found = find_merge_base(git.repo, [ObjectID(ours.encode()), ObjectID(theirs.encode())])
    return found[0].decode() if found else None


def merged_tree(git: GitRepository, base: str | None, ours: str, theirs: str) -> str | None:
    """The id of the tree with both sides' changes since `base`; None if they conflict."""
    before, mine, other = (_files(git, sha) for sha in (base, ours, theirs))
    edits: dict[str, bytes | None] = {}
    for path in sorted(before.keys() | other.keys()):
        old, changed, present = before.get(path), other.get(path), mine.get(path)
        if changed in (old, present):
            continue
        if present == old:
            edits[path] = git.blob(changed) if changed else None
            continue
        if not (old and changed and present):
            return None
        merged = _merged_file(*(git.blob(sha) or b"" for sha in (old, present, changed)))
        if merged is None:
            return None
        edits[path] = merged
    return git.write_tree(ours, edits)


def _files(git: GitRepository, sha: str | None) -> dict[str, str]:
    """The blobs of a commit by path."""
    commit = git.commit(sha) if sha else None
    if commit is None:
        return {}
    entries = iter_tree_contents(git.repo.object_store, commit.tree)
    return {entry.path.decode(): entry.sha.decode() for entry in entries}


def _merged_file(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The file with both sides' changes; None if both changed the same lines, or it is binary."""
    if b"\0" in base + ours + theirs:
        return None
    old, mine, other = (text.splitlines(keepends=True) for text in (base, ours, theirs))
    found: list[bytes] = []
    done = (0, 0, 0)
    for start, mine_start, other_start, length in _stable(old, mine, other):
        was = old[done[0] : start]
        a, b = mine[done[1] : mine_start], other[done[2] : other_start]
        if was not in (a, b) and a != b:
            return None
        found += b if a == was else a
        found += old[start : start + length]
        done = (start + length, mine_start + length, other_start + length)
    return b"".join(found)


def _stable(old: Lines, mine: Lines, other: Lines) -> list[tuple[int, int, int, int]]:
    """The parts that both sides kept: where they begin in the three files, and their length."""
    kept_a, kept_b = (
        SequenceMatcher(None, old, side, autojunk=False).get_matching_blocks()
        for side in (mine, other)
    )
    found = []
    at_a = at_b = 0
    while at_a < len(kept_a) and at_b < len(kept_b):
        a, b = kept_a[at_a], kept_b[at_b]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            found.append((start, a.b + start - a.a, b.b + start - b.a, end - start))
        if a.a + a.size < b.a + b.size:
            at_a += 1
        else:
            at_b += 1
    return [*found, (len(old), len(mine), len(other), 0)]
