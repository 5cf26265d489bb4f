"""Restore the declared inputs in the state after a refresh has replaced them with live values.

A refresh also writes the values that it reads into a resource's inputs (pulumi 3.256). Without the
former inputs, `guard.waivers` could not distinguish a changed declaration from a change on GitHub
or AWS. An update depends on the outputs, which keep the values of the refresh.
"""

from typing import Final

from components.objects.kinds import KINDS
from operations.engine.stack_state import Export, resources

#: Types with a property whose values may be weaker in one respect and stronger in another.
_KINDS: Final = {kind.type for kind in KINDS if any(field.both_ways for field in kind.fields)}


def keep_declared(export: Export, before: Export) -> None:
    """Give resources of a refreshed state, in place, the inputs that they had before it.

    Args:
        export: the refreshed state.
        before: the state as it was before the refresh.
    """
    known = {
        resource["urn"]: resource["inputs"]
        for resource in resources(before)
        if resource["type"] in _KINDS and not resource.get("delete")
    }
    for resource in resources(export):
        if resource["urn"] in known and not resource.get("delete"):
            resource["inputs"] = known[resource["urn"]]
