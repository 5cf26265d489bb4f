"""Say why a repository, as GitHub shows it, can be neither onboarded nor adopted.

The program reports an obstacle at the declaration, `slipway adopt` by the repository's name, and
`slipway drift` as a finding. Deliberately absent: obstacles that depend on the declaration, such as
rules that the owner's plan does not have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from components.documents.subject import template_problem
from operations.live.observed import RepositoryDetails, RepositoryFacts


@dataclass(frozen=True)
class Obstacle:
    """One reason."""

    kind: Literal[
        "missing", "renamed", "transferred", "archived", "rights", "no_commit", "subject_claims"
    ]
    text: str
    """The reason and the remedy; the repository's name goes before it."""
    found: str = ""
    """The live value, if the obstacle is a difference."""


def same_owner(full_name: str, other: str) -> bool:
    """True if two names `OWNER/NAME` have one owner."""
    return full_name.partition("/")[0].lower() == other.partition("/")[0].lower()


def obstacles(full_name: str, live: RepositoryFacts | None) -> Iterator[Obstacle]:
    """Every reason. Subject claims are judged only if they were read.

    Args:
        full_name: `OWNER/NAME` as declared.
        live: the repository, or None if GitHub shows none.
    """
    if live is None:
        yield Obstacle("missing", "is not shown by GitHub: create it, or let the token see it")
        return
    now = live.full_name
    if not same_owner(full_name, now):
        text = "transfer it back, or move it to a stack of its new owner (docs/offboarding.md)"
        yield Obstacle("transferred", f"is {now} now: {text}", now)
    elif now.lower() != full_name.lower():
        text = f"is {now} now: declare it by its new name, with the old one as `previously`"
        yield Obstacle("renamed", text, now)
    if live.archived:
        text = "is archived and read-only: unarchive it, or leave it out of the stack"
        yield Obstacle("archived", text, "true")
    if not live.administered:
        text = "may not be administered with this token: environments need admin rights"
        yield Obstacle("rights", text)
    if live.empty:
        text = "has no commit yet: push a first one, workflows need a branch"
        yield Obstacle("no_commit", text)
    if isinstance(live, RepositoryDetails) and (text := template_problem(live.subject_claims)):
        yield Obstacle("subject_claims", text, ", ".join(live.subject_claims))
