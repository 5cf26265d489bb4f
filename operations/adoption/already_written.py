"""What an earlier `up` has settled already: the state knows it, so nothing is written again."""

from collections.abc import Mapping
from typing import Any, Final

from operations.engine.steps import Step, object_of

#: Inputs that an import cannot read, so that only an `up` can have put them into the state.
_WRITTEN: Final = {
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": "value",
    "github:index/repositoryEnvironment:RepositoryEnvironment": "preventSelfReview",
    "github:index/repositoryFile:RepositoryFile": "overwriteOnCreate",
}


def settled_objects(export: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Repository and object of each.

    Args:
        export: the JSON of `pulumi stack export`; no value of it is looked at.
    """
    settled = set()
    for resource in export["deployment"].get("resources") or ():
        kind, given = resource["type"], resource.get("inputs", {})
        # An import leaves `false` or nothing where GitHub tells nothing (pulumi-github 6.15).
        known = given.get(_WRITTEN[kind]) if kind in _WRITTEN else None
        if known is not None and not (kind.endswith("File") and known is False):
            step = Step("same", resource["urn"], kind, {}, given, ())
            settled.add((str(given["repository"]), object_of(step)))
    return frozenset(settled)
