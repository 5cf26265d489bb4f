"""What names of declared reviewers mean on GitHub now, where an environment has others.

Names change hands, so one of another name may be the one who was meant; only ids tell. Where all
who may approve are declared, nobody is asked about.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from components.model.environment import Environment
from components.model.stack import Stack
from components.model.terms import ENVIRONMENTS
from operations.observer.client import observing
from operations.observer.observed import ObservedRepository

#: What stands before a team's slug, as in `ObservedEnvironment.reviewers`.
TEAM = "team "


def declared_reviewers(declared: Environment) -> frozenset[str]:
    """Reviewers of a declaration, in the words of `ObservedEnvironment.reviewers`."""
    logins = (login.lower() for login in declared.reviewers.users)
    return frozenset((*logins, *(f"{TEAM}{slug}" for slug in declared.reviewers.teams)))


def read_reviewers(
    stack: Stack, repositories: Mapping[str, ObservedRepository | None], *, cache: bool
) -> dict[str, int | None]:
    """Ids of the declared reviewers that are missing somewhere; None: nobody has the name.

    Args:
        stack: the declaration.
        repositories: what was read of them.
        cache: as for `observing`.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    names = sorted(set(_missing(stack, repositories)))
    if not names:
        return {}
    owner = stack.settings.owner
    github = observing(owner, cache=cache)
    found: dict[str, int | None] = {}
    for name in names:
        slug = quote(name.removeprefix(TEAM), safe="")
        team = name.startswith(TEAM)
        answer = github.get(f"orgs/{owner}/teams/{slug}" if team else f"users/{slug}")
        found[name] = None if answer is None else int(answer["id"])
    return found


def _missing(stack: Stack, repositories: Mapping[str, ObservedRepository | None]) -> Iterator[str]:
    """Declared reviewers who are not live, of environments where others are."""
    for repository in stack.repositories:
        live = repositories.get(repository.name)
        for name in ENVIRONMENTS:
            environment = live.environments.get(name) if live else None
            if environment is not None:
                wanted = declared_reviewers(repository.environment(name))
                if environment.reviewers - wanted:
                    yield from wanted - environment.reviewers
