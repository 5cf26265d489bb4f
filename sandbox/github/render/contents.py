"""Files and folders of a commit, and git's own blobs and trees."""

import base64
from typing import Any, Final

from sandbox.github.git import Entry
from sandbox.github.render.urls import api, escaped, html, name, node_id
from sandbox.github.repositories import Repository

#: Answers about larger files have no content (docs.github.com/rest/repos/contents).
_INLINE: Final = 1_000_000
_LINE: Final = 60


def file(repository: Repository, ref: str, entry: Entry) -> dict[str, Any]:
    """`content-file`."""
    data = repository.git.blob(entry.sha) or b""
    body = listed(repository, ref, entry)
    if len(data) > _INLINE:
        return body | {"content": "", "encoding": "none"}
    text = base64.b64encode(data).decode()
    lines = [text[start : start + _LINE] + "\n" for start in range(0, len(text), _LINE)]
    return body | {"content": "".join(lines), "encoding": "base64"}


def listed(repository: Repository, ref: str, entry: Entry) -> dict[str, Any]:
    """One entry of `content-directory`; a write answers with it too."""
    place = repository.full_name
    path = escaped(entry.path)
    # The provider reads the branch from this address, and panics if `?ref=` is missing.
    url = api(f"/repos/{place}/contents/{path}?ref={name(ref)}")
    kind, noun = ("trees", "tree") if entry.is_tree else ("blobs", "blob")
    git_url = api(f"/repos/{place}/git/{kind}/{entry.sha}")
    page = html(f"{place}/{noun}/{escaped(ref)}/{path}")
    data = None if entry.is_tree else repository.git.blob(entry.sha)
    raw = None if entry.is_tree else html(f"{place}/raw/{escaped(ref)}/{path}")
    return {
        "name": entry.name,
        "path": entry.path,
        "sha": entry.sha,
        "size": len(data or b""),
        "url": url,
        "html_url": page,
        "git_url": git_url,
        "download_url": raw,
        "type": "dir" if entry.is_tree else "file",
        "_links": {"self": url, "git": git_url, "html": page},
    }


def blob(repository: Repository, sha: str, data: bytes) -> dict[str, Any]:
    """`blob`."""
    return {
        "sha": sha,
        "node_id": node_id("Blob", sha),
        "size": len(data),
        "url": api(f"/repos/{repository.full_name}/git/blobs/{sha}"),
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


def tree(repository: Repository, sha: str, entries: list[Entry]) -> dict[str, Any]:
    """`git-tree`."""
    base = api(f"/repos/{repository.full_name}/git")
    lines: list[dict[str, Any]] = []
    for entry in entries:
        kind = "tree" if entry.is_tree else "blob"
        line: dict[str, Any] = {
            "path": entry.path,
            "mode": f"{entry.mode:06o}",
            "type": kind,
            "sha": entry.sha,
        }
        if not entry.is_tree:
            line["size"] = len(repository.git.blob(entry.sha) or b"")
        lines.append(line | {"url": f"{base}/{kind}s/{entry.sha}"})
    return {"sha": sha, "url": f"{base}/trees/{sha}", "tree": lines, "truncated": False}
