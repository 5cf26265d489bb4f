"""Compare reviewers: by name with the declaration, by id with those that slipway set.

Another team or account can take a name, but not an id. Pulumi's state has the ids of the declared
names at the last `up`: a reviewer of a declared name with another id is another team or account,
and a reviewer of another name with the same id was renamed.

One approval suffices (docs.github.com: deployments and environments): an additional reviewer makes
an environment weaker, and fewer reviewers make it stronger as long as one is left. At each write
GitHub drops reviewers without access to the repository, so that no `up` can repair these.
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
"""Ids of reviewers on GitHub now, by name; None if no team or account has the name."""


class Known(NamedTuple):
    """Facts about reviewers besides the declared and the required ones."""

    given: Ids | None
    """Ids of the reviewers that slipway set at the last `up`; None if the state has none."""
    meaning: Meaning = MappingProxyType({})
    """Present ids of declared reviewers that are not among the live ones."""
    outsiders: frozenset[str] = frozenset()
    """Reviewers without access to the repository, whom GitHub drops."""


def reviewer_findings(
    repository: Repository, name: EnvironmentName, live: ObservedEnvironment, known: Known
) -> Iterator[Finding]:
    """Every difference in the reviewers of one environment.

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
    # GitHub does not tell whether they still count; the next write of the environment drops them.
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
    """The finding that the required reviewers are not the declared ones."""
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
    # If GitHub has no reviewers any more, the provider's refresh keeps the former ones.
    repair = Repair.UP if there else Repair.REFRESH
    both = bool(there and there - wanted and missing)
    return found(*text, direction, repair, "environment/reviewers", both_ways=both)


def _kinds(given: Ids) -> tuple[tuple[bool, frozenset[int]], ...]:
    """The ids of users and of teams, each after True for teams."""
    return (False, given.users), (True, given.teams)


def _replaced(
    wanted: frozenset[str], live: ObservedEnvironment, given: Ids
) -> list[tuple[str, str]]:
    """Former and new ids of declared names whose ids replace some that slipway set."""
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
    """True if the reviewers of other names are those that slipway set, as many as are missing."""
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
    """A name; with the present id if another team or account has it."""
    if other is None:
        return name
    return f"{name} (another {'team' if _is_team(name) else 'account'}, id {other})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
