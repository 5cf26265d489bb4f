"""Rules about the files of a change: the rules of push rulesets.

The sentences are ours, near to those of GitHub's web form (docs.github.com: available rules for
rulesets, "Push rules").
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Final

from sandbox.github.patch import Change
from sandbox.github.rules.pattern import matches
from sandbox.github.rules.update import RefUpdate

Rule = dict[str, Any]
_MEGABYTE: Final = 1024 * 1024


def _changed(update: RefUpdate) -> list[Change]:
    """The files that the new commits add or change."""
    git = update.repository.git
    every = (change for sha in update.commits for change in git.changed_files(sha))
    return [change for change in every if change.status != "removed"]


def _paths(update: RefUpdate, given: Rule) -> list[str]:
    git = update.repository.git
    touched = {change.path for sha in update.commits for change in git.changed_files(sha)}
    wanted = given["restricted_file_paths"]
    bad = any(matches(pattern, path) for pattern in wanted for path in touched)
    return ["File path is restricted"] if bad else []


def _extensions(update: RefUpdate, given: Rule) -> list[str]:
    """People write `*.exe`, `.exe` and `exe`; GitHub documents no form, so each is understood."""
    endings = {
        f".{each.lower().removeprefix('*').removeprefix('.')}"
        for each in given["restricted_file_extensions"]
    }
    bad = any(PurePosixPath(each.path.lower()).suffix in endings for each in _changed(update))
    return ["File extension is restricted"] if bad else []


def _lengths(update: RefUpdate, given: Rule) -> list[str]:
    most = given["max_file_path_length"]
    bad = any(len(change.path) > most for change in _changed(update))
    return [f"File path must be {most} characters or less"] if bad else []


def _sizes(update: RefUpdate, given: Rule) -> list[str]:
    most, git = given["max_file_size"], update.repository.git
    blobs = (git.blob(change.sha) or b"" for change in _changed(update))
    bad = any(len(data) > most * _MEGABYTE for data in blobs)
    return [f"File size must be {most} MB or less"] if bad else []


RULES: Final[dict[str, Callable[[RefUpdate, Rule], list[str]]]] = {
    "file_extension_restriction": _extensions,
    "file_path_restriction": _paths,
    "max_file_path_length": _lengths,
    "max_file_size": _sizes,
}
