"""What held at the last `up` and no declaration says, from Pulumi's state.

Names of reviewers become ids when the program runs, so the state has what they meant then. Inputs
are read: a refresh of slipway's leaves those as they were declared (see
`operations.state.declared_inputs`). Who sees a repository is nobody's to declare, and yet what was
decided about its secrets and reviewers hangs on it: the state has what it was.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from components.objects.kinds import ENVIRONMENT

_REPOSITORY: Final = "slipway:index:OnboardedRepository"


class Ids(NamedTuple):
    """Numeric ids of an environment's reviewers."""

    users: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()


class Given(NamedTuple):
    """What held at the last `up`, as far as the state tells."""

    reviewers: Mapping[tuple[str, str], Ids] = MappingProxyType({})
    """Reviewers that slipway gave, by repository and environment."""
    visibility: Mapping[str, str] = MappingProxyType({})
    """GitHub's word for who sees a repository, by declared name."""
    protection: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType({})
    """What stood before a push, by declared name of the repository and branch."""


def read_given(export: Mapping[str, Any]) -> Given:
    """Read a state.

    Args:
        export: the JSON of `pulumi stack export`.
    """
    given: dict[tuple[str, str], Ids] = {}
    visibility: dict[str, str] = {}
    protection: dict[tuple[str, str], frozenset[str]] = {}
    for resource in export["deployment"].get("resources") or ():
        if resource["type"] == ENVIRONMENT.type and not resource.get("delete"):
            inputs = resource.get("inputs", {})
            blocks = inputs.get("reviewers") or ()
            place = (str(inputs.get("repository")), str(inputs.get("environment")))
            given[place] = Ids(_ids(blocks, "users"), _ids(blocks, "teams"))
        elif resource["type"] == _REPOSITORY and (outputs := resource.get("outputs")):
            name = str(resource["urn"]).rpartition("::")[2]
            if "visibility" in outputs:
                visibility[name] = str(outputs["visibility"])
            for branch, found in (outputs.get("protection") or {}).items():
                protection[name, branch] = frozenset(found)
    return Given(given, visibility, protection)


def _ids(blocks: Iterable[Mapping[str, Any]], kind: str) -> frozenset[int]:
    """Ids of a kind; the state has numbers as JSON has them, with or without a fraction."""
    return frozenset(int(one) for block in blocks for one in block.get(kind) or ())
