"""Whether an event starts a workflow, by the `on` of its file.

docs.github.com: workflow syntax (`on`, "filter pattern cheat sheet"). None means that the answer
depends on more than event and ref: on changed paths, or on a pull request's base. Deliberately
absent: messages that skip runs, such as `[skip ci]`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import re2

from operations.diff.workflows.text import Workflow

_PART: Final = re.compile(r"\\.|\*\*|\*|\?|\+|\[[^\]]+\]|.", re.DOTALL)
_SIGNS: Final = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
_PATHS: Final = {"paths", "paths-ignore"}


def starts(workflow: Workflow, event: str, ref: str) -> bool | None:
    """Whether an event on a ref starts the workflow.

    Args:
        workflow: the file's content.
        event: for example `push`.
        ref: in full.
    """
    triggers = workflow.get("on")
    if isinstance(triggers, str | list):
        return event in ([triggers] if isinstance(triggers, str) else triggers)
    if not isinstance(triggers, Mapping) or event not in triggers:
        return False
    filters = triggers[event]
    return _passes(filters, event, ref) if isinstance(filters, Mapping) else True


def _passes(filters: Mapping[str, Any], event: str, ref: str) -> bool | None:
    if event == "push":
        named = _named(filters, ref)
        return None if named and _PATHS & filters.keys() else named
    base = {"branches", "branches-ignore"} | _PATHS
    return None if event.startswith("pull_request") and base & filters.keys() else True


def named_triggers(workflow: Workflow) -> str:
    """The events that start the workflow, on one line: `push (branches: main)`."""
    triggers = workflow.get("on")
    if isinstance(triggers, str):
        return triggers
    if isinstance(triggers, list):
        return ", ".join(map(str, triggers))
    if not isinstance(triggers, Mapping):
        return "nothing"
    return ", ".join(f"{event}{_filters(given)}" for event, given in triggers.items())


def _filters(given: Any) -> str:
    if not isinstance(given, Mapping):
        return ""
    lists = ((key, value) for key, value in given.items() if isinstance(value, list | str))
    words = "; ".join(
        f"{key}: {value if isinstance(value, str) else ', '.join(map(str, value))}"
        for key, value in lists
    )
    return f" ({words})" if words else ""


def _named(filters: Mapping[str, Any], ref: str) -> bool:
    """Whether a push's name passes; filters for tags alone let no branch pass."""
    kinds = ("branches", "tags") if ref.startswith("refs/heads/") else ("tags", "branches")
    kind, other = kinds
    name = ref.split("/", 2)[-1]
    if kind in filters:
        return _matches(name, filters[kind])
    if f"{kind}-ignore" in filters:
        return not _matches(name, filters[f"{kind}-ignore"])
    return not {other, f"{other}-ignore"} & filters.keys()


def _matches(name: str, patterns: Any) -> bool:
    """Whether the last matching pattern takes the name in; `!` before it leaves it out."""
    taken = False
    for pattern in [patterns] if isinstance(patterns, str) else patterns or ():
        positive = str(pattern).removeprefix("!")
        if _matches_one(name, positive):
            taken = positive == pattern
    return taken


def _matches_one(name: str, pattern: str) -> bool:
    expression = "".join(
        _SIGNS.get(part) or (part if part[0] == "[" else re.escape(part.removeprefix("\\")))
        for part in _PART.findall(pattern)
    )
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.fullmatch(expression, name, options) is not None
    except re2.error:
        return False
