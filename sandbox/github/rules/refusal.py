"""Refuse a change of a reference that a rule forbids, in the words of the way it came."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.github.errors import GitHubError
from sandbox.github.rules import classic
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.update import RefUpdate
from sandbox.github.rules.violations import violations

_CLASSIC = "https://docs.github.com/articles/about-protected-branches"


@dataclass(frozen=True)
class Way:
    """A way into a repository: its status, and what stands before classic protection's words.

    Contents answer 409 with `Could not update file: ...`
    (github.com/BobAnkh/auto-generate-changelog/issues/78), references 422
    (github.com/satisfactory-factories/application/issues/67), merges of pull requests 405
    (github.com/Reviewable/Reviewable/issues/561), `POST /merges` 409.
    """

    status: int
    before: str = ""


CREATE_FILE = Way(409, "Could not create file: ")
UPDATE_FILE = Way(409, "Could not update file: ")
DELETE_FILE = Way(409, "Could not delete file: ")
REFERENCE = Way(422)
MERGE = Way(409)
PULL_REQUEST = Way(405)


@dataclass(frozen=True)
class Refused:
    """The sentences of rulesets and of classic protection."""

    rulesets: Sequence[str]
    classic: Sequence[str]

    def __bool__(self) -> bool:
        """Whether anything is refused."""
        return bool(self.rulesets or self.classic)


def refused(actor: Actor, update: RefUpdate) -> Refused:
    """The sentences of rules that the change breaks; none if they do not bind the actor."""
    repository = update.repository
    if not repository.has_rules or update.old == update.new:
        return Refused((), ())
    through = {"always", "exempt"} | ({"pull_requests_only"} if update.pull_request else set())
    binding = [
        rule
        for ruleset, rule in (*repository.rules_of(update.ref), *repository.push_rules)
        if actor.bypass(ruleset, repository) not in through
    ]
    protection = repository.protection_of(update.branch) if update.branch else None
    said = classic.violations(actor, update, protection) if protection else []
    return Refused(violations(actor.store, update, binding), said)


def demand(actor: Actor, update: RefUpdate, way: Way) -> None:
    """Check that the rules let the change through.

    Raises:
        GitHubError: a rule forbids it.
    """
    found = refused(actor, update)
    if found.rulesets:
        raise rule_violations(way, found.rulesets)
    if found.classic:
        message = way.before + " ".join(found.classic)
        raise GitHubError(way.status, message, documentation_url=_CLASSIC)


def rule_violations(way: Way, sentences: Sequence[str]) -> GitHubError:
    """GitHub's answer about rulesets: a heading, and one paragraph a rule."""
    return GitHubError(
        way.status, "\n\n".join(("Repository rule violations found", *sentences, ""))
    )
