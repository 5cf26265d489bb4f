"""Ask GitHub about reviewers: which of them have no access, and the ids of declared names.

"The reviewers must have at least read access to the repository" (docs.github.com: deployments and
environments): GitHub drops others when an environment is written. A team has the access that it, or
a team above it, was given; a user of a private repository also that of the organisation's members.

Names change hands: a reviewer with another name than the declared one may be the same account. Only
ids tell.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

from components.model.environment import TEAM
from components.model.stack import Stack
from operations.live.github.api import GitHub
from operations.live.observed import ObservedRepository, RepositoryFacts
from operations.live.obstacles import same_owner

#: Without it GitHub answers 204 without a body, which cannot be asked for again conditionally.
_REPOSITORY: Final = "application/vnd.github.v3.repository+json"


def outsiders(
    github: GitHub, owner: str, facts: RepositoryFacts, reviewers: Iterable[str]
) -> frozenset[str]:
    """The reviewers who have no access. A name that GitHub does not know is not among them.

    Args:
        github: the session.
        owner: the stack's owner, whose teams are meant. After a transfer to another owner these
            teams have no meaning, and the result is empty.
        facts: the repository.
        reviewers: spelled as in `Reviewers.names`.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    if not same_owner(owner, facts.full_name):
        return frozenset()
    each = sorted(set(reviewers))
    return frozenset(who for who in each if _is_outside(github, owner, facts, who))


def way_in(who: str, full_name: str) -> str:
    """The remedy, as a part of a sentence."""
    return f"give {'the ' if who.startswith(TEAM) else ''}{who} read access to {full_name}"


def _is_outside(github: GitHub, owner: str, facts: RepositoryFacts, who: str) -> bool:
    if who.startswith(TEAM):
        team = _account(owner, who)
        # 404 for a team without access, and for a team that does not exist.
        granted = github.get(f"{team}/repos/{facts.full_name}", _REPOSITORY)
        return granted is None and github.account(team) is not None
    if facts.public:
        return False
    path = f"repos/{facts.full_name}/collaborators/{quote(who, safe='')}/permission"
    answer = github.get(path)
    return answer is not None and answer["permission"] == "none"


def read_reviewers(
    github: GitHub, stack: Stack, repositories: Mapping[str, ObservedRepository | None]
) -> dict[str, int | None]:
    """Ids of the declared reviewers who are missing in an environment that has other reviewers.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    missing = sorted(set(_missing(stack, repositories)))
    return {name: read_id(github, stack.settings.owner, name) for name in missing}


def read_id(github: GitHub, owner: str, who: str) -> int | None:
    """The numeric id of a user or of one of the owner's teams; None if there is none of the name.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    answer = github.account(_account(owner, who))
    return None if answer is None else int(answer["id"])


def _account(owner: str, who: str) -> str:
    """The path of a user or team."""
    name = quote(who.removeprefix(TEAM), safe="")
    return f"orgs/{owner}/teams/{name}" if who.startswith(TEAM) else f"users/{name}"


def _missing(stack: Stack, repositories: Mapping[str, ObservedRepository | None]) -> Iterator[str]:
    """Declared reviewers who are not live, of environments that have other reviewers."""
    for repository in stack.repositories:
        live = repositories.get(repository.name)
        for name in repository.environment_names:
            environment = live.environments.get(name) if live else None
            if environment is not None:
                wanted = repository.environment(name).reviewers.names
                if environment.reviewers - wanted:
                    yield from wanted - environment.reviewers
