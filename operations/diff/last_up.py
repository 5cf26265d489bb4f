"""Read from Pulumi's state facts of the last `up` that no declaration has.

The program turns names of reviewers into ids, so the state has the ids that the names had then.
They are read from the inputs, which slipway's refresh leaves as declared (see
`operations.state.declared_inputs`). A repository's visibility and its branches' protection are not
declared, but secrets and reviewers were chosen for them: the state has both as they were.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from components.objects.kinds import ENVIRONMENT

#: Type token of the component of one repository.
ONBOARDED_REPOSITORY: Final = "slipway:index:OnboardedRepository"
#: Its output that says that the workflow files stay once it is not declared any more.
KEEPS_FILES: Final = "keeps_files"


class Ids(NamedTuple):
    """Numeric ids of an environment's reviewers."""

    users: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()


class Given(NamedTuple):
    """Facts of the last `up`, as far as the state has them."""

    reviewers: Mapping[tuple[str, str], Ids] = MappingProxyType({})
    """Reviewers that slipway set, by repository and environment."""
    visibility: Mapping[str, str] = MappingProxyType({})
    """GitHub's word for the visibility of a repository, by declared name."""
    protection: Mapping[tuple[str, str], frozenset[str]] = MappingProxyType({})
    """Kinds of protection of a branch, by declared name of the repository and branch."""


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
        elif resource["type"] == ONBOARDED_REPOSITORY and (outputs := resource.get("outputs")):
            name = str(resource["urn"]).rpartition("::")[2]
            if "visibility" in outputs:
                visibility[name] = str(outputs["visibility"])
            for branch, protected in (outputs.get("protection") or {}).items():
                protection[name, branch] = frozenset(protected)
    return Given(given, visibility, protection)


def _ids(blocks: Iterable[Mapping[str, Any]], kind: str) -> frozenset[int]:
    """Ids of users or teams; numbers in the state may have a fraction, as in `1.0`."""
    return frozenset(int(one) for block in blocks for one in block.get(kind) or ())
