"""Ask GitHub which reviewers have no access to a repository: it leaves them out without a word.

"The reviewers must have at least read access to the repository" (docs.github.com: deployments and
environments). A team has what it, or a team above it, was given; a user also what everybody has.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from components.model.environment import TEAM
from operations.live.github.api import GitHub

#: Without it GitHub answers a bare 204, which cannot be asked for again conditionally.
_REPOSITORY: Final = "application/vnd.github.v3.repository+json"


def outsiders(
    github: GitHub, full_name: str, reviewers: Iterable[str], *, public: bool
) -> frozenset[str]:
    """Those of the reviewers who have no access; whom GitHub does not know is none of them.

    Args:
        github: the session.
        full_name: the repository, `OWNER/NAME`.
        reviewers: as `Reviewers.names` has them.
        public: whether everybody sees the repository.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    return frozenset(
        who
        for who in sorted(set(reviewers))
        if _is_team_outside(github, full_name, who)
        or (not public and _is_user_outside(github, full_name, who))
    )


def way_in(who: str, full_name: str) -> str:
    """What a person does about it, as a sentence part."""
    return f"give {'the ' if who.startswith(TEAM) else ''}{who} read access to {full_name}"


def _is_team_outside(github: GitHub, full_name: str, who: str) -> bool:
    if not who.startswith(TEAM):
        return False
    owner = full_name.partition("/")[0]
    team = f"orgs/{owner}/teams/{quote(who.removeprefix(TEAM), safe='')}"
    # 404 for a team without access, and for one that is not there.
    granted = github.get(f"{team}/repos/{full_name}", _REPOSITORY)
    return granted is None and github.get(team) is not None


def _is_user_outside(github: GitHub, full_name: str, who: str) -> bool:
    if who.startswith(TEAM):
        return False
    answer = github.get(f"repos/{full_name}/collaborators/{quote(who, safe='')}/permission")
    return answer is not None and answer["permission"] == "none"
