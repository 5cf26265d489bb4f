"""Find the objects that an earlier `up` has written, by Pulumi's state: none is rewritten."""

from collections.abc import Mapping
from typing import Any

from components.objects.kind import Place
from components.objects.kinds import BY_TYPE
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
