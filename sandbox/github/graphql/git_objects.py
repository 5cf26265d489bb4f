"""Git objects and references in the form that GraphQL returns.

Each one is a mapping by field. A field that costs work is a function, which runs only if the query
has the field. The text of a blob is never truncated: GitHub truncates large blobs, but does not
document the limit.
"""

from collections.abc import Callable
from typing import Any, Final

from sandbox.github.git import GitRepository
from sandbox.github.render.urls import node_id
from sandbox.github.repositories import Repository

Answer = dict[str, Any]

#: Git treats a file as binary if it has a NUL in so many first bytes (gitattributes, `diff`).
_LOOKED_AT: Final = 8000


def resolved(repository: Repository, expression: str) -> str | None:
    """The id of the object that a revision expression names (git-rev-parse: `REV`, `REV:PATH`, id).

    HEAD is the default branch; a tag precedes a branch of the same name (gitrevisions).
    Deliberately absent: suffixes such as `~1`, and shortened ids.
    """
    git = repository.git
    revision, colon, path = expression.partition(":")
    revision = repository.default_branch if revision == "HEAD" else revision
    tagged = git.ref(f"refs/tags/{revision}") is not None
    commit = git.resolve(f"refs/tags/{revision}" if tagged else revision)
    if not colon:
        return commit or (revision if git.kind(revision) else None)
    entry = git.lookup(commit, path.rstrip("/")) if commit else None
    return entry.sha if entry else None


def git_object(git: GitRepository, sha: str) -> Answer | None:
    """An object of any type; None if no object has the id."""
    kind = git.kind(sha)
    if kind is None:
        return None
    name = kind.capitalize()
    return {"__typename": name, "id": node_id(name, sha), "oid": sha} | _FIELDS[kind](git, sha)


def reference(repository: Repository, full: str) -> Answer | None:
    """A reference by its full name; None if it does not exist."""
    sha = repository.git.ref(full)
    if sha is None:
        return None
    prefix = "/".join(full.split("/", 2)[:2]) + "/"
    return {
        "id": node_id("Ref", f"{repository.id}:{full}"),
        "name": full.removeprefix(prefix),
        "prefix": prefix,
        "target": lambda _info: git_object(repository.git, sha),
    }


def _blob(git: GitRepository, sha: str) -> Answer:
    data = git.blob(sha) or b""
    binary = b"\0" in data[:_LOOKED_AT]
    return {
        "byteSize": len(data),
        "isBinary": binary,
        "isTruncated": False,
        "text": None if binary else data.decode(errors="replace"),
    }


def _commit(git: GitRepository, sha: str) -> Answer:
    found = git.commit(sha)
    if found is None:
        return {}
    return {
        "message": found.message.decode(errors="replace"),
        "tree": lambda _info: git_object(git, found.tree.decode()),
    }


def _tag(git: GitRepository, sha: str) -> Answer:
    name, target = git.tag(sha) or ("", "")
    return {"name": name, "target": lambda _info: git_object(git, target)}


def _tree(git: GitRepository, sha: str) -> Answer:
    return {"entries": lambda _info: _entries(git, sha)}


def _entries(git: GitRepository, sha: str) -> list[Answer]:
    return [
        {
            "mode": entry.mode,
            "name": entry.name,
            "object": lambda _info, oid=entry.sha: git_object(git, oid),
            "oid": entry.sha,
            "path": entry.path,
            "type": "tree" if entry.is_tree else "blob",
        }
        for entry in git.tree(sha) or ()
    ]


_FIELDS: Final[dict[str, Callable[[GitRepository, str], Answer]]] = {
    "blob": _blob,
    "commit": _commit,
    "tag": _tag,
    "tree": _tree,
}
