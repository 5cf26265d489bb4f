"""The reviewers that slipway gave each environment at its last `up`, from Pulumi's state.

Names become ids when the program runs, so the state has what they meant then. Inputs are read: a
refresh of slipway's leaves those as they were declared (see `operations.state.declared_inputs`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

_ENVIRONMENT: Final = "github:index/repositoryEnvironment:RepositoryEnvironment"


class Ids(NamedTuple):
    """Numeric ids of an environment's reviewers."""

    users: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()


Given = Mapping[tuple[str, str], Ids]
"""By repository and environment."""


def given_reviewers(export: Mapping[str, Any]) -> Given:
    """The reviewers of every environment that the state has.

    Args:
        export: the JSON of `pulumi stack export`.
    """
    given: dict[tuple[str, str], Ids] = {}
    for resource in export["deployment"].get("resources") or ():
        if resource["type"] == _ENVIRONMENT and not resource.get("delete"):
            inputs = resource.get("inputs", {})
            blocks = inputs.get("reviewers") or ()
            place = (str(inputs.get("repository")), str(inputs.get("environment")))
            given[place] = Ids(_ids(blocks, "users"), _ids(blocks, "teams"))
    return given


def _ids(blocks: Iterable[Mapping[str, Any]], kind: str) -> frozenset[int]:
    """Ids of a kind; the state has numbers as JSON has them, with or without a fraction."""
    return frozenset(int(one) for block in blocks for one in block.get(kind) or ())
