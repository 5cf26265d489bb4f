"""What GitHub says of reviewers: who has no access, and whom a declared name means now.

Who has no access to the repository is left out by GitHub without a word, or would be at the next
write. Names change hands, so one of another name may be the one who was meant; only ids tell. Where
all who may approve are declared, nobody's id is asked for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from components.model.environment import TEAM
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from operations.live.github.api import GitHub
from operations.live.github.cache import observing
from operations.live.github.reviewer_access import outsiders
from operations.live.observed import ObservedRepository


def with_outsiders(
    github: GitHub, repository: ObservedRepository, declared: frozenset[str]
) -> ObservedRepository:
    """The same, with those of its reviewers who have no access to it.

    Args:
        github: the session.
        repository: what was read of it.
        declared: everybody who is declared to review in one of its environments.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    required = (one.known_reviewers for one in repository.environments.values())
    found = outsiders(
        github, repository.full_name, declared.union(*required), public=repository.public
    )
    return replace(repository, outsiders=found)


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
                wanted = repository.environment(name).reviewers.names
                if environment.reviewers - wanted:
                    yield from wanted - environment.reviewers
