"""Filters of a workflow's triggers: branches, tags and paths.

docs.github.com: workflow syntax, "Filter pattern cheat sheet". A filter that is not known here is
refused, so that none is ignored silently.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

#: Activities of a pull request that start a workflow without `types`.
_TYPES: Final = ("opened", "synchronize", "reopened")
_NAMES: Final = {"branches", "branches-ignore", "tags", "tags-ignore"}
_PATHS: Final = {"paths", "paths-ignore"}
_KNOWN: Final = {
    "push": _NAMES | _PATHS,
    "pull_request": {"branches", "branches-ignore", "types"} | _PATHS,
}


class UnknownFilterError(Exception):
    """A workflow has a filter that the sandbox does not know."""


def starts(
    triggers: Any, event: str, ref: str, *, changed: Sequence[str], action: str | None = None
) -> bool:
    """Whether a workflow with these `on` triggers starts.

    Args:
        triggers: the value of `on`.
        event: `push` or `pull_request`.
        ref: the pushed reference, or the base branch of the pull request, in full.
        changed: the paths that the push or the pull request changes.
        action: what happened to the pull request.

    Raises:
        UnknownFilterError: the workflow has another filter.
    """
    if isinstance(triggers, str):
        triggers = [triggers]
    if event not in triggers:
        return False
    given = (triggers[event] if isinstance(triggers, Mapping) else None) or {}
    if unknown := set(given) - _KNOWN[event]:
        raise UnknownFilterError(f"filters of {event}: {', '.join(sorted(unknown))}")
    if event == "pull_request" and action not in given.get("types", _TYPES):
        return False
    return _named(given, ref) and _changed(given, changed)


def matches(name: str, patterns: Sequence[str] | None) -> bool:
    """True if the last matching pattern includes the name; without patterns always."""
    if patterns is None:
        return True
    taken = False
    for pattern in patterns:
        positive = pattern.removeprefix("!")
        if re.fullmatch(_expression(positive), name):
            taken = positive == pattern
    return taken


def _named(given: Mapping[str, Any], ref: str) -> bool:
    """Whether the name passes: a workflow with filters for tags only starts for no branch."""
    kind, other = ("branches", "tags") if ref.startswith("refs/heads/") else ("tags", "branches")
    name = ref.split("/", 2)[2]
    if kind in given:
        return matches(name, given[kind])
    if f"{kind}-ignore" in given:
        return not matches(name, given[f"{kind}-ignore"])
    return not {other, f"{other}-ignore"} & given.keys()


def _changed(given: Mapping[str, Any], changed: Sequence[str]) -> bool:
    if "paths" in given:
        return any(matches(path, given["paths"]) for path in changed)
    if "paths-ignore" in given:
        return not all(matches(path, given["paths-ignore"]) for path in changed)
    return True


def _expression(pattern: str) -> str:
    """Return the filter pattern as a regular expression: `?` and `+` repeat the preceding part."""
    parts = re.findall(r"\\.|\*\*|\*|\?|\+|\[[^\]]+\]|.", pattern)
    words = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    return "".join(
        words.get(part) or (part if part.startswith("[") else re.escape(part.removeprefix("\\")))
        for part in parts
    )
