"""Answers to the engine about checked inputs and found differences."""

from typing import Any, Final

from sandbox.aws.plugin.lifecycle import Difference
from sandbox.protocol import provider_pb2

_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})


def checked(inputs: Any, problems: list[tuple[str, str]]) -> Any:
    """The answer to a check: the checked inputs, and their problems by property."""
    failures = [
        provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in problems
    ]
    return provider_pb2.CheckResponse(inputs=inputs, failures=failures)


def difference(found: list[Difference], *, delete_first: bool = False) -> Any:
    """The answer to a diff: the differences by property and by path within it."""
    detailed = {}
    for one in found:
        for path, old, new in _paths(one):
            kind = "ADD" if old in _EMPTY else "DELETE" if new in _EMPTY else "UPDATE"
            kind += "_REPLACE" if one.replaces else ""
            detailed[path] = provider_pb2.PropertyDiff(
                kind=getattr(provider_pb2.PropertyDiff, kind)
            )
    changes = provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=changes,
        diffs=[one.name for one in found],
        replaces=[one.name for one in found if one.replaces],
        deleteBeforeReplace=delete_first,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


def _paths(one: Difference) -> list[tuple[str, Any, Any]]:
    """The paths of a difference; a mapping, such as tags, has a path for each different key."""
    old, new = one.old, one.new
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [(one.name, old, new)]
    return [
        (f'{one.name}["{key}"]', old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]
