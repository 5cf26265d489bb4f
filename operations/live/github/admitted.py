"""Read the workflow files of every other branch and tag that an environment admits.

A job there may deploy, as a job on the trigger branch may. Branches and tags are listed by the
beginning of each pattern, and many folders are read in one request. An environment without patterns
admits any branch or every protected one. Its branches are not read: the missing patterns are a
finding of their own.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final

from components.model.ref_patterns import admits
from operations.live.github.api import GitHub, in_path
from operations.live.github.graphql import FOLDER, Workflows, files_of, quoted, repository, texts_of
from operations.live.observed import ObservedRepository, ObservedWorkflow

#: Branches and tags of one repository that are read; further ones are counted.
MOST: Final = 500
#: Folders of one request: GitHub gives up on a query after ten seconds.
_FOLDERS: Final = 100
#: The first special character of a pattern (docs.github.com: deployment branch policies).
_WILD: Final = re.compile(r"[*?\[\\]")
_KINDS: Final = ("heads", "tags")


def with_admitted(
    github: GitHub, found: ObservedRepository, known: Collection[str]
) -> ObservedRepository:
    """The repository with the files of further branches and tags that its environments admit.

    Args:
        github: the session.
        found: the repository, with its environments and the files of the usual branches.
        known: git's ids of files whose text the caller knows already.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    if found.empty:
        return found  # without a commit it has neither
    refs = sorted(set(_admitted(github, found)))
    looked_at = refs[:MOST]
    folders = _folders(github, found.full_name, looked_at)
    texts = _texts(github, found, folders, known)
    admitted = {
        ref: {
            file: ObservedWorkflow(there.blob, texts.get(there.blob))
            for file, there in files.items()
        }
        for ref, files in folders.items()
    }
    return replace(found, admitted=admitted, unread_refs=len(refs) - len(looked_at))


def _admitted(github: GitHub, found: ObservedRepository) -> Iterator[str]:
    """Full names of branches and tags that a pattern admits, except those that were read."""
    read = {f"refs/heads/{branch}" for branch in found.workflows}
    beginnings: dict[str, set[str]] = {}
    for environment in found.environments.values():
        several = zip(_KINDS, (environment.branches, environment.tags), strict=True)
        for kind, named in several:
            for pattern in named:
                if f"refs/{kind}/{pattern}" not in read:
                    beginning = f"{kind}/{_WILD.split(pattern)[0]}"
                    beginnings.setdefault(beginning, set()).add(pattern)
    for beginning, patterns in beginnings.items():
        kind = beginning.partition("/")[0]
        place = f"repos/{found.full_name}/git/matching-refs/{in_path(beginning)}"
        for ref in github.get(place) or ():
            name = str(ref["ref"]).removeprefix(f"refs/{kind}/")
            if ref["ref"] not in read and any(admits(pattern, name) for pattern in patterns):
                yield str(ref["ref"])


def _folders(github: GitHub, full_name: str, refs: list[str]) -> dict[str, Workflows]:
    """The workflow files, without their texts, of branches and tags by full name."""
    owner, name = full_name.split("/")
    folders: dict[str, Workflows] = {}
    for start in range(0, len(refs), _FOLDERS):
        part = refs[start : start + _FOLDERS]
        asked = " ".join(
            f"f{number}: object(expression: {quoted(f'{ref}:.github/workflows')}) {{ {FOLDER} }}"
            for number, ref in enumerate(part)
        )
        answer: Any = github.query(f"query {{ r: {repository(owner, name)} {{ {asked} }} }}")
        told = answer.get("r") or {}
        folders |= {ref: files_of(told.get(f"f{number}")) for number, ref in enumerate(part)}
    return folders


def _texts(
    github: GitHub,
    found: ObservedRepository,
    folders: dict[str, Workflows],
    known: Collection[str],
) -> dict[str, str | None]:
    """Texts by git's id: those that were read already, and those that are not known."""
    owner, name = found.full_name.split("/")
    read = {
        there.blob: there.text for files in found.workflows.values() for there in files.values()
    }
    blobs = {there.blob for files in folders.values() for there in files.values()}
    wanted = sorted((name, blob) for blob in blobs - read.keys() - set(known))
    asked = texts_of(github, owner, wanted)
    return read | {blob: text for (_, blob), text in asked.items()}
