"""Compare who must approve: by name with the declaration, by id with what slipway gave.

Names of teams and accounts change hands and ids do not. Pulumi's state has the ids that declared
names meant at the last `up`: a reviewer of a declared name with another id is somebody else, and
one of another name with the same id was renamed.

One approval suffices (docs.github.com: deployments and environments), so who else may approve makes
an environment weaker, and fewer make it stronger as long as there is one. Who has no access to the
repository is dropped by GitHub at each write, so `up` repairs nothing until a person gives it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from components.model.environment import TEAM
from components.model.repository import Repository
from components.model.types import EnvironmentName
from components.objects.kinds import ENVIRONMENT
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.last_up import Ids
from operations.live.observed import ObservedEnvironment

_ACCESS: Final = "environment/reviewer_access"

Meaning = Mapping[str, int | None]
"""Ids that names of reviewers have on GitHub now; None: nobody has the name."""


class Known(NamedTuple):
    """What is known of reviewers besides who is declared and who is required."""

    given: Ids | None
    """Ids of those whom slipway gave the environment the last time, where the state has any."""
    meaning: Meaning = MappingProxyType({})
    """What names mean now of declared reviewers that are not among the live ones."""
    outsiders: frozenset[str] = frozenset()
    """Who has no access to the repository, so that GitHub leaves them out."""


def reviewer_findings(
    repository: Repository, name: EnvironmentName, live: ObservedEnvironment, known: Known
) -> Iterator[Finding]:
    """What differs in the reviewers of one environment.

    Args:
        repository: the declaration.
        name: which of its environments.
        live: what GitHub has.
        known: what else is known.
    """
    found = partial(Finding, repository.name, ENVIRONMENT.at(name))
    wanted = repository.environment(name).reviewers.names
    if known.given and (names := _replaced(wanted, live, known.given)):
        was, is_ = ("; ".join(words) for words in zip(*names, strict=True))
        text = ("reviewer ids", was, is_)
        yield found(*text, Direction.WEAKER, Repair.HAND, "environment/other_reviewer")
    # Whether they still count GitHub does not say; the next write of the environment drops them.
    if left := wanted & live.reviewers & known.outsiders:
        text = ("reviewers' access", _listed(left), f"{_listed(left)}: none")
        yield found(*text, Direction.NEUTRAL, Repair.HAND, _ACCESS)
    if wanted != live.reviewers:
        yield _others(found, wanted, live, known)


def _others(
    found: Callable[..., Finding],
    wanted: frozenset[str],
    live: ObservedEnvironment,
    known: Known,
) -> Finding:
    """Others than declared are required, or none."""
    there, meaning = live.reviewers, known.meaning
    missing = wanted - there
    given = known.given
    same = given is not None and _are_the_same(missing, there - wanted, live, given)
    if same and all(name in meaning and meaning[name] is None for name in missing):
        text = ("reviewers", _listed(missing), _listed(there - wanted))
        return found(*text, Direction.NEUTRAL, Repair.HAND, "environment/renamed_reviewer")
    others = {name: id_ for name in missing if same and (id_ := meaning.get(name)) is not None}
    fewer = there < wanted and there
    direction = Direction.STRONGER if fewer or not wanted else Direction.WEAKER
    dropped = missing & known.outsiders
    told = (
        f"{name} (no access)" if name in dropped else _told(name, others.get(name))
        for name in wanted
    )
    text = ("reviewers", _listed(told), _listed(there))
    if live.other_reviewers:
        return found(*text, direction, Repair.HAND, "environment/unknown_reviewer")
    if dropped:
        return found(*text, direction, Repair.HAND, _ACCESS)
    # The provider's refresh keeps the reviewers it knew when GitHub has none any more.
    repair = Repair.UP if there else Repair.REFRESH
    both = bool(there and there - wanted and missing)
    return found(*text, direction, repair, "environment/reviewers", both_ways=both)


def _kinds(given: Ids) -> tuple[tuple[bool, frozenset[int]], ...]:
    """Whether it is teams, and their ids or those of users."""
    return (False, given.users), (True, given.teams)


def _replaced(
    wanted: frozenset[str], live: ObservedEnvironment, given: Ids
) -> list[tuple[str, str]]:
    """Reviewers of declared names with ids that slipway never gave, in the place of some it did."""
    found = []
    ids = live.reviewer_ids
    for teams, known in _kinds(given):
        declared = {name: ids[name] for name in wanted & ids.keys() if _is_team(name) is teams}
        gone = known - set(declared.values())
        new = {name: id_ for name, id_ in declared.items() if id_ not in known}
        if gone and new:
            names = _listed(new)
            found.append((f"{names}: {_listed(map(str, gone))}", f"{names}: {_numbers(new)}"))
    return found


def _numbers(ids: Mapping[str, int]) -> str:
    return _listed(map(str, ids.values()))


def _are_the_same(
    missing: frozenset[str], extra: frozenset[str], live: ObservedEnvironment, given: Ids
) -> bool:
    """Whether those of other names are as many of those that slipway gave as there are missing."""
    if not missing:
        return False
    for teams, known in _kinds(given):
        here = [live.reviewer_ids.get(name) for name in extra if _is_team(name) is teams]
        lacking = [name for name in missing if _is_team(name) is teams]
        if len(here) != len(lacking) or not all(id_ in known for id_ in here):
            return False
    return True


def _is_team(name: str) -> bool:
    return name.startswith(TEAM)


def _told(name: str, other: int | None) -> str:
    """A name, and whose it is now where it changed hands."""
    if other is None:
        return name
    return f"{name} (another {'team' if _is_team(name) else 'account'}, id {other})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
