"""Read from Pulumi's state what an earlier `up` has written: none of it is written again."""

from collections.abc import Mapping
from typing import Any

from components.objects.kind import Place
from components.objects.kinds import BY_TYPE, WORKFLOW
from operations.engine.steps import Step, object_of


def already_written(export: Mapping[str, Any]) -> frozenset[Place]:
    """Places of objects whose inputs in the state no import can read, so that an `up` wrote them.

    Args:
        export: the JSON of `pulumi stack export`.
    """
    written = set()
    for resource in export["deployment"].get("resources") or ():
        type_, given = resource["type"], resource.get("inputs", {})
        unread = [f for kind in BY_TYPE.get(type_, ()) for f in kind.fields if not f.imported]
        if unread and all(given.get(f.property) not in (None, f.unread) for f in unread):
            step = Step("same", resource["urn"], type_, {}, given, ())
            written.add((str(given["repository"]), object_of(step)))
    return frozenset(written)


def contents_in_state(export: Mapping[str, Any]) -> dict[Place, str]:
    """The content of each workflow file that the state has, on any branch.

    Args:
        export: the JSON of `pulumi stack export`.
    """
    found = {}
    for resource in export["deployment"].get("resources") or ():
        if resource["type"] == WORKFLOW.type:
            given = resource["inputs"]
            step = Step("same", resource["urn"], resource["type"], {}, given, ())
            found[str(given["repository"]), object_of(step)] = str(given.get("content"))
    return found
