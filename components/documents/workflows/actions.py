"""The actions that the workflows use, by name.

The standard names them by major version. The strict profile pins a commit, with its version as a
comment, so that a moved tag changes nothing (docs.github.com: security hardening).
"""

from typing import Final, NamedTuple

from components.documents.workflows.emit import Explained
from components.model.pipeline import Pipeline


class _Release(NamedTuple):
    """A version and its commit."""

    major: str
    version: str
    commit: str


#: The newest majors whose inputs actionlint knows. They run on Node 24, for which a self-hosted
#: runner must be v2.327.1 or newer (their READMEs). The standard requires upload-artifact v4.
_RELEASES: Final = {
    "actions/cache": _Release("v5", "v5.0.5", "27d5ce7f107fe9357f9df03efb73ab90386fccae"),
    "actions/checkout": _Release("v6", "v6.1.0", "d23441a48e516b6c34aea4fa41551a30e30af803"),
    "actions/download-artifact": _Release(
        "v8", "v8.0.1", "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c"
    ),
    "actions/setup-python": _Release("v6", "v6.3.0", "ece7cb06caefa5fff74198d8649806c4678c61a1"),
    "actions/upload-artifact": _Release("v4", "v4.6.2", "ea165f8d65b6e75b540449e92b4886f43607fa02"),
    "aws-actions/configure-aws-credentials": _Release(
        "v6", "v6.2.3", "e6de054238d6b7531b4efff3b6587d9aade6a06c"
    ),
}


#: On an Enterprise Server newer ones refuse to work (README of actions/upload-artifact: v4).
_RELEASES_ON_SERVER: Final = _RELEASES | {
    "actions/upload-artifact": _Release(
        "v3-node20", "v3.2.1-node20", "c24449f33cd45d4826c6702db7e49f7cdb9b551d"
    ),
}


def action(name: str, pipeline: Pipeline) -> str | Explained:
    """The value of `uses`: OWNER/REPOSITORY@VERSION, or @COMMIT with the version as a comment.

    A declared version overrides the one of the profile.
    """
    release = (_RELEASES_ON_SERVER if pipeline.on_server else _RELEASES)[name]
    if (declared := pipeline.actions.get(name)) is not None:
        ref, _, version = declared.partition(" # ")
    elif pipeline.strict:
        ref, version = release.commit, release.version
    else:
        ref, version = release.major, ""
    return Explained(f"{name}@{ref}", version) if version else f"{name}@{ref}"
