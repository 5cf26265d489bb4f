"""List the objects in Pulumi's state of a stack, to distinguish them from foreign ones.

Creations that an interrupted run left open count as known: `slipway up` resolves them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.objects.kind import Key
from components.objects.kinds import BY_TYPE, OIDC_PROVIDER, ROLE
from operations.engine.steps import Step, object_of


@dataclass(frozen=True)
class Known:
    """The objects of one state."""

    places: frozenset[tuple[str, Key]] = frozenset()
    """Objects on GitHub: the repository's name in lower case, and the key."""
    roles: frozenset[str] = frozenset()
    """ARNs of roles. A role whose creation is open has no ARN yet: its name in lower case."""
    repositories: frozenset[str] = frozenset()
    """Names of repositories with objects on GitHub, as they are written in the state."""
    providers: frozenset[str] = frozenset()
    """Ids of accounts whose OIDC provider of GitHub the stack has made."""


def known_objects(export: Mapping[str, Any]) -> Known:
    """Read a state.

    Args:
        export: the JSON of `pulumi stack export`.
    """
    deployment = export["deployment"]
    pending = (one["resource"] for one in deployment.get("pending_operations") or ())
    places, roles, repositories, providers = set(), set(), set(), set()
    for resource in (*(deployment.get("resources") or ()), *pending):
        type_, given = resource["type"], resource.get("inputs") or {}
        if type_ == ROLE.type:
            arn = (resource.get("outputs") or {}).get("arn")
            roles.add(str(arn) if arn else str(given.get("name")).lower())
        elif type_ == OIDC_PROVIDER.type:
            step = Step("same", resource["urn"], type_, {}, given, ())
            providers.add(object_of(step)["account"])
        elif type_ in BY_TYPE and (repository := given.get("repository")):
            step = Step("same", resource["urn"], type_, {}, given, ())
            places.add((str(repository).lower(), object_of(step)))
            repositories.add(str(repository))
    return Known(frozenset(places), frozenset(roles), frozenset(repositories), frozenset(providers))
