"""The actions that the workflows use, by name.

The standard names them by major version. The strict profile pins the commit that the version in
the comment stood for, so that a moved tag changes nothing (docs.github.com: security hardening).
"""

from typing import Final, NamedTuple

from components.documents.workflows.emit import Explained


class _Release(NamedTuple):
    """A version, and the commit that it is."""

    major: str
    version: str
    commit: str


_RELEASES: Final = {
    "actions/cache": _Release("v4", "v4.2.3", "5a3ec84eff668545956fd18022155c47e93e2684"),
    "actions/checkout": _Release("v4", "v4.2.2", "11bd71901bbe5b1630ceea73d27597364c9af683"),
    "actions/download-artifact": _Release(
        "v4", "v4.3.0", "d3f86a106a0bac45b974a628896c90dbdf5c8093"
    ),
    "actions/setup-python": _Release("v5", "v5.6.0", "a26af69be951a213d495a4c3e4e4022e16d87065"),
    "actions/upload-artifact": _Release("v4", "v4.6.2", "ea165f8d65b6e75b540449e92b4886f43607fa02"),
    "aws-actions/configure-aws-credentials": _Release(
        "v4", "v4.2.1", "b47578312673ae6fa5b5096b330d9fbac3d116df"
    ),
}


def action(name: str, *, pinned: bool) -> str | Explained:
    """What `uses` says: OWNER/REPOSITORY@VERSION, or @COMMIT with the version beside it."""
    release = _RELEASES[name]
    if pinned:
        return Explained(f"{name}@{release.commit}", release.version)
    return f"{name}@{release.major}"
