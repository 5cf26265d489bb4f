"""Keep in the state what was declared, where a refresh has put what is live in its place.

A refresh writes what it reads into a resource's inputs as well (pulumi 3.256). Then nobody can tell
any more whether a declaration has changed, or somebody's hand the live world: see `guard.exempt`.
What an update does goes by the outputs, which stay as they were read.
"""

from typing import Final

from components.objects.kinds import KINDS
from operations.engine.stack_state import Export, resources

#: Kinds with a property of which another value may be weaker and stronger at once.
_KINDS: Final = {kind.type for kind in KINDS if any(field.both_ways for field in kind.fields)}


def keep_declared(export: Export, before: Export) -> None:
    """Give resources of a refreshed state, in place, the inputs that they had before it.

    Args:
        export: the refreshed state.
        before: the state from before the refresh.
    """
    known = {
        resource["urn"]: resource["inputs"]
        for resource in resources(before)
        if resource["type"] in _KINDS and not resource.get("delete")
    }
    for resource in resources(export):
        if resource["urn"] in known and not resource.get("delete"):
            resource["inputs"] = known[resource["urn"]]
