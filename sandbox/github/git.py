"""One bare git repository in memory, with real objects and ids, made with dulwich.

It has branches, tags, commits, trees and blobs, and knows nothing about GitHub. Names are text here
and bytes in dulwich. Deliberately absent: locks; the store's lock is held around every call.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from stat import S_ISDIR
from typing import Final

from dulwich.object_store import commit_tree_changes, tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tag, Tree
from dulwich.refs import HEADREF, Ref, check_ref_format
from dulwich.repo import MemoryRepo

from sandbox.github.patch import Change, changes

#: Stands for the signature that GitHub makes with its own key; it signs nothing.
SIGNATURE: Final = b"-----BEGIN PGP SIGNATURE-----\n\nsandbox\n-----END PGP SIGNATURE-----"


class GitError(Exception):
    """Git refuses an operation; the text has the reason."""


@dataclass(frozen=True)
class Signature:
    """The author or the committer of a commit, with the time."""

    name: str
    email: str
    when: datetime

    def identity(self) -> bytes:
        """The bytes for a commit object."""
        return f"{self.name} <{self.email}>".encode()


@dataclass(frozen=True)
class Text:
    """What a commit says besides its tree."""

    message: str
    author: Signature
    committer: Signature
    #: GitHub signs it with its own key.
    signed: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of a tree."""

    path: str
    mode: int
    sha: str

    @property
    def name(self) -> str:
        """The last segment of the path."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_tree(self) -> bool:
        """Whether the entry is a folder."""
        return S_ISDIR(self.mode)


class GitRepository:
    """Objects and references of one repository."""

    def __init__(self) -> None:
        """Make an empty repository."""
        self.repo = MemoryRepo()
        self._changes: dict[str, list[Change]] = {}

    def set_head(self, branch: str) -> None:
        """Point HEAD at a branch, which need not exist."""
        self.repo.refs.set_symbolic_ref(HEADREF, _ref(f"refs/heads/{branch}"))

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Object ids by full reference name, sorted by name."""
        found = self.repo.refs.as_dict()
        names = sorted(name.decode() for name in found if name != HEADREF)
        return {n: found[_ref(n)].decode() for n in names if n.startswith(prefix)}

    def ref(self, name: str) -> str | None:
        """The id of the object at a full reference name."""
        found = self.refs(name)
        return found.get(name)

    def branches(self) -> dict[str, str]:
        """Commit ids by branch name."""
        prefix = "refs/heads/"
        return {name.removeprefix(prefix): sha for name, sha in self.refs(prefix).items()}

    def resolve(self, name: str) -> str | None:
        """The id of the commit, given a branch, a tag, a full reference or a commit id."""
        for full in (name, f"refs/heads/{name}", f"refs/tags/{name}"):
            sha = self.ref(full)
            if sha is not None:
                return self._peeled(sha)
        return name if self.kind(name) == "commit" else None

    def kind(self, sha: str) -> str | None:
        """`commit`, `tree`, `blob` or `tag`; None if no object has the id."""
        found = self._object(sha)
        return found.type_name.decode() if found is not None else None

    def set_ref(self, name: str, sha: str) -> None:
        """Create or move a reference.

        Raises:
            GitError: the name is not valid, or cannot be beside another one: git keeps references
                as files and folders.
        """
        if not check_ref_format(_ref(name)):
            raise GitError(f"{name} is not a valid ref name.")
        if self.ref(name) is None and any(
            one.startswith(f"{name}/") or name.startswith(f"{one}/") for one in self.refs()
        ):
            raise GitError("Reference update failed")
        self.repo.refs[_ref(name)] = _id(sha)

    def delete_ref(self, name: str) -> None:
        """Delete an existing reference."""
        del self.repo.refs[_ref(name)]

    def commit(self, sha: str) -> Commit | None:
        """A commit by its full id."""
        found = self._object(sha)
        return found if isinstance(found, Commit) else None

    def blob(self, sha: str) -> bytes | None:
        """The content of a blob."""
        found = self._object(sha)
        return found.data if isinstance(found, Blob) else None

    def tag(self, sha: str) -> tuple[str, str] | None:
        """The name of an annotated tag and the id of its target."""
        found = self._object(sha)
        if not isinstance(found, Tag):
            return None
        return found.name.decode(errors="replace"), found.object[1].decode()

    def tree(self, sha: str) -> list[Entry] | None:
        """The entries of a tree, given the id of the tree or of a commit."""
        found = self._object(sha)
        if isinstance(found, Commit):
            found = self._object(found.tree.decode())
        if not isinstance(found, Tree):
            return None
        return [Entry(e.path.decode(), e.mode, e.sha.decode()) for e in found.items()]

    def lookup(self, commit: str, path: str) -> Entry | None:
        """The entry at a path in a commit; the empty path is the root folder."""
        found = self.commit(commit)
        if found is None:
            raise GitError(f"No commit found for the ref {commit}")
        if not path:
            return Entry("", 0o40000, found.tree.decode())
        try:
            mode, sha = tree_lookup_path(
                self.repo.object_store.__getitem__, found.tree, path.encode()
            )
        except (KeyError, NotADirectoryError):
            return None
        return Entry(path, mode, sha.decode())

    def walk(
        self, start: str, path: str | None, *, skip: int, count: int
    ) -> Iterator[tuple[str, Commit]]:
        """Commits from `start` backwards, newest first; with `path`, only those that change it."""
        paths = [path.encode()] if path else None
        walker = self.repo.get_walker(include=[_id(start)], paths=paths)
        for entry in islice(walker, skip, skip + count):
            yield entry.commit.id.decode(), entry.commit

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether the history of `new` contains `old`: moving a branch to `new` loses nothing."""
        start, wanted = self._peeled(new), self._peeled(old)
        if self.kind(start) != "commit":
            return False
        return any(sha == wanted for sha, _ in self.walk(start, None, skip=0, count=1_000_000))

    def new_commits(self, new: str, known: Iterable[str]) -> list[str]:
        """The commits of a history that no known history has, oldest first."""
        start = self._peeled(new)
        if self.kind(start) != "commit":
            return []
        peeled = [self._peeled(sha) for sha in known]
        tips = [_id(sha) for sha in peeled if self.kind(sha) == "commit"]
        walker = self.repo.get_walker(
            include=[_id(start)], exclude=tips, order="topo", reverse=True
        )
        return [entry.commit.id.decode() for entry in walker]

    def changed_files(self, sha: str) -> list[Change]:
        """The changes of a commit against its first parent."""
        if sha not in self._changes:
            commit = self.commit(sha)
            if commit is None:
                raise GitError(f"No commit found for SHA: {sha}")
            parent = self.commit(commit.parents[0].decode()) if commit.parents else None
            old = parent.tree if parent else None
            self._changes[sha] = changes(self.repo.object_store, old, commit.tree)
        return self._changes[sha]

    def commit_files(
        self,
        branch: str,
        files: dict[str, bytes | None],
        message: str,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Commit files to a branch (None deletes a file); returns the id of the commit."""
        parent = self.ref(f"refs/heads/{branch}")
        tree = self.write_tree(parent, files)
        text = Text(message, author, committer)
        sha = self.write_commit(tree, [parent] if parent else [], text)
        self.set_ref(f"refs/heads/{branch}", sha)
        return sha

    def write_tree(self, parent: str | None, files: dict[str, bytes | None]) -> str:
        """Write the tree of a commit with other files (None deletes a file)."""
        store = self.repo.object_store
        base = store[_id(parent)] if parent else None
        tree = store[base.tree] if isinstance(base, Commit) else Tree()
        if not isinstance(tree, Tree):
            raise GitError(f"{parent} has no tree")
        store.add_object(tree)
        edits: list[tuple[bytes, int | None, ObjectID | None]] = []
        for path, data in files.items():
            if data is None:
                edits.append((path.encode(), None, None))
                continue
            blob = Blob.from_string(data)
            store.add_object(blob)
            old = self.lookup(parent, path) if parent else None
            edits.append((path.encode(), old.mode if old else 0o100644, blob.id))
        return commit_tree_changes(store, tree.id, edits).decode()

    def write_commit(self, tree: str, parents: Sequence[str], text: Text) -> str:
        """Write a commit; no reference moves."""
        commit = Commit()
        commit.tree = _id(tree)
        commit.parents = [_id(parent) for parent in parents]
        commit.author, commit.committer = text.author.identity(), text.committer.identity()
        commit.author_time = int(text.author.when.timestamp())
        commit.commit_time = int(text.committer.when.timestamp())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = text.message.encode()
        if text.signed:
            commit.gpgsig = SIGNATURE
        self.repo.object_store.add_object(commit)
        return commit.id.decode()

    def is_verified(self, sha: str) -> bool:
        """Whether GitHub signed the commit. Keys of users are not known here."""
        found = self.commit(sha)
        return found is not None and found.gpgsig == SIGNATURE

    def _object(self, sha: str) -> Blob | Commit | Tag | Tree | None:
        try:
            found = self.repo.object_store[_id(sha)]
        except (KeyError, ValueError, AssertionError):
            return None
        return found if isinstance(found, (Blob, Commit, Tag, Tree)) else None

    def _peeled(self, sha: str) -> str:
        found = self._object(sha)
        return found.object[1].decode() if isinstance(found, Tag) else sha


def _ref(name: str) -> Ref:
    return Ref(name.encode())


def _id(sha: str) -> ObjectID:
    return ObjectID(sha.encode())
