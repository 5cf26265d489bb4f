"""Ask GitHub about everything that a stack names, and report the names that it does not know.

The program, `slipway validate --live` and `slipway render --live` use it. Each user, team and
repository is asked for once, even if several environments name it. Deliberately absent: what an
answer means for a declaration (operations/live/misfits.py).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.environment import TEAM
from components.model.live import Live, LiveRepository
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.stack import Stack
from operations.live.github.api import CONNECTIONS, GitHub
from operations.live.github.graphql import Question, question_about
from operations.live.github.repository import read_details, read_repositories
from operations.live.github.reviewers import read_id
from operations.live.misfits import Answers, exit_code_of, misfits, named_reviewers, unknown_owner
from operations.live.observed import RepositoryDetails, RepositoryFacts
from operations.live.obstacles import obstacles


@dataclass(frozen=True)
class Read:
    """GitHub's answers about a stack, before any judgement."""

    answers: Answers
    """The answers."""
    live: Live
    """The part of them that components use; a repository with an obstacle is absent."""


def read_live(files: StackFiles, github: GitHub) -> Live:
    """The facts that components use.

    Raises:
        ConfigurationError: as `read_declared`.
    """
    return read_declared(files, github)[0]


def read_declared(
    files: StackFiles, github: GitHub
) -> tuple[Live, Mapping[str, RepositoryDetails]]:
    """The facts that components use, and the details of each repository that these come from.

    Raises:
        ConfigurationError: for every name that GitHub does not know, for every repository that
            cannot be onboarded, and for every declared rule that the owner's plan does not have. If
            GitHub does not know the owner, for that alone.
    """
    read = read_answers(files, github)
    found = list(misfits(files, read.answers))
    if found:
        raise ConfigurationError([one.problem for one in found], exit_code_of(found))
    return read.live, read.answers.details


def read_answers(files: StackFiles, github: GitHub, *, partly: bool = False) -> Read:
    """GitHub's answers.

    Args:
        files: the declarations.
        github: the session.
        partly: whether to go on with other questions where GitHub refuses one to this token.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached, or does not know the owner.
    """
    settings = files.stack.settings
    owner = settings.owner
    named = sorted({reviewer.who for reviewer in named_reviewers(files)})
    ids: dict[str, int] = {}
    reviewers_refused = None
    refusals: dict[str, ConfigurationError] = {}
    try:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            each = pool.map(lambda who: read_id(github, owner, who), named)
            ids = {who: id_ for who, id_ in zip(named, each, strict=True) if id_ is not None}
    except ConfigurationError as error:
        reviewers_refused = _refusal(error, partly=partly)
    declared = (*files.stack.repositories, *files.stack.leaving)
    questions = [question_about(one, settings) for one in declared]
    asked = [replace(one, texts=False) for one in questions]
    if reviewers_refused:
        # GitHub would refuse the question about their access as well.
        asked = [replace(one, reviewers=frozenset()) for one in asked]

    def read(facts: RepositoryFacts, question: Question, _plan: Plan | None) -> RepositoryFacts:
        if any(obstacles(f"{owner}/{question.name}", facts)):
            return facts
        try:
            return read_details(github, owner, facts, question)
        except ConfigurationError as error:
            refusals[question.name] = _refusal(error, partly=partly)
            return facts

    found, told = read_repositories(github, owner, asked, read)
    if found and not any(found.values()):
        check_owner(files, github)
    answers = Answers(
        ids=ids,
        found=found,
        told=told,
        scopes=github.scopes,
        refusals=refusals,
        reviewers_refused=reviewers_refused,
    )
    return Read(answers, _live(files.stack, ids, answers.details, told))


def _refusal(error: ConfigurationError, *, partly: bool) -> ConfigurationError:
    """Return the error if it is a refusal and the caller continues without this answer.

    Raises:
        ConfigurationError: it is another error, or the caller needs the answer.
    """
    if not partly or error.exit_code is not ExitCode.AUTHENTICATION:
        raise error
    return error


def check_owner(files: StackFiles, github: GitHub) -> None:
    """Stop if GitHub knows no such owner: all teams and repositories would be missing as well.

    Raises:
        ConfigurationError: there is none; or GitHub refuses, or can't be reached.
    """
    # Organisations are found there as well (docs.github.com: get a user).
    if github.account(f"users/{files.stack.settings.owner}") is None:
        raise ConfigurationError([unknown_owner(files)])


def _live(
    stack: Stack,
    ids: Mapping[str, int],
    details: Mapping[str, RepositoryDetails],
    told: Plan | None,
) -> Live:
    """The part of the answers that components use."""
    public = all(one.public for one in details.values())
    there = [one for one in stack.repositories if one.name in details]
    return Live(
        users={who: id_ for who, id_ in ids.items() if not who.startswith(TEAM)},
        teams={who.removeprefix(TEAM): ids[who] for who in ids if who.startswith(TEAM)},
        repositories={one.name: _live_repository(one, details[one.name]) for one in there},
        leaving={
            one.name: dict(details[one.name].by_pull_request)
            for one in stack.leaving
            if one.name in details
        },
        plan=None if public else told or stack.settings.plan,
    )


def _live_repository(repository: Repository, found: RepositoryDetails) -> LiveRepository:
    triggers = {repository.trigger_branch("dev"), repository.trigger_branch("test")}
    return LiveRepository(
        id=found.id,
        html_url=found.html_url,
        default_branch=found.default_branch,
        full_name=found.full_name,
        owner_id=found.owner_id,
        subject_prefix=found.subject_prefix,
        subject_claims=found.subject_claims,
        visibility=found.visibility,
        protection={branch: tuple(sorted(rules)) for branch, rules in found.protection.items()},
        by_pull_request=dict(found.by_pull_request),
        missing_branches=frozenset(triggers - found.workflows.keys()),
    )
