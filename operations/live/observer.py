"""Observe a whole stack: its repositories and its accounts, many at once."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from components.config.problems import ConfigurationError, ExitCode
from components.model.github_host import GITHUB_COM, GitHubHost
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.stack import Stack
from operations.live.answers import readable
from operations.live.aws import read_account
from operations.live.github.admitted import with_admitted
from operations.live.github.api import CONNECTIONS
from operations.live.github.cache.observing import observing
from operations.live.github.environments import with_environments
from operations.live.github.graphql import Question, question_about
from operations.live.github.repository import Progress, read_details, read_repositories
from operations.live.github.reviewers import read_reviewers
from operations.live.observed import (
    Observed,
    ObservedAccount,
    ObservedRepository,
    RepositoryDetails,
    RepositoryFacts,
)


@dataclass(frozen=True)
class Partly:
    """Accounts that an observation may leave out."""

    failures: Collection[ExitCode] = ()
    """Accounts that fail with one of these."""
    seconds: float | None = None
    """Accounts that have not answered after this time."""


ALL: Final = Partly()


def observe(
    stack: Stack,
    question: Callable[[Repository], Question] | None = None,
    *,
    cache: bool = True,
    progress: Progress | None = None,
    partly: Partly = ALL,
) -> Observed:
    """Read everything of a stack.

    Args:
        stack: the declaration.
        question: makes the question about a repository; by default `question_about`.
        cache: True to keep GitHub's answers and ask for them again conditionally.
        progress: is called after each repository.
        partly: accounts that may be left out; by default none.

    Raises:
        ConfigurationError: GitHub or AWS refuses, or can't be reached.
    """
    settings, begun = stack.settings, time.monotonic()
    questions = [
        question(one) if question else question_about(one, settings)
        for one in (*stack.repositories, *stack.leaving)
    ]
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        accounts = {
            account.account_id: pool.submit(
                readable,
                f"AWS account {account.account_id}",
                read_account,
                account,
                [name for _, _, number, name in stack.roles() if number == account.account_id],
            )
            for _, account in settings.distinct_accounts()
        }
        found = observe_repositories(
            settings.owner,
            questions,
            cache=cache,
            progress=progress,
            stated=settings.plan,
            github=settings.github,
        )
        session = observing(settings.owner, settings.github, cache=cache)
        reviewers = read_reviewers(session, stack, found)
        there, unseen = _accounts(accounts, partly, begun)
    finally:
        # An account that does not answer is not waited for.
        pool.shutdown(wait=False, cancel_futures=True)
    return Observed(found, there, reviewers, unseen=unseen)


def observe_repositories(  # noqa: PLR0913 - the options of one observation
    owner: str,
    questions: Sequence[Question],
    *,
    cache: bool = True,
    progress: Progress | None = None,
    stated: Plan | None = None,
    github: GitHubHost = GITHUB_COM,
) -> dict[str, ObservedRepository | None]:
    """Read repositories, declared or not; None for one that GitHub does not show.

    Args:
        owner: the owner of all of them.
        questions: the repositories, and which parts of them are read.
        cache: as for `observe`.
        progress: as for `observe`.
        stated: the owner's plan as the stack states it, if GitHub does not tell it.
        github: where GitHub is, as declared.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    session = observing(owner, github, cache=cache)

    def rest(facts: RepositoryFacts, question: Question, plan: Plan | None) -> ObservedRepository:
        if not isinstance(facts, RepositoryDetails):
            facts = read_details(session, owner, facts, question)
        found = with_environments(session, owner, facts, plan or stated, question.reviewers)
        return with_admitted(session, found, question.known)

    found, _ = read_repositories(session, owner, questions, rest, progress)
    return found


def _accounts(
    reading: Mapping[str, Future[ObservedAccount]],
    partly: Partly,
    begun: float = 0,
) -> tuple[dict[str, ObservedAccount], dict[str, str]]:
    """The accounts, and reasons for those left out; `begun` is when the observation began."""
    there, unseen = {}, {}
    for account_id, future in reading.items():
        until = None if partly.seconds is None else begun + partly.seconds
        try:
            there[account_id] = future.result(until and max(until - time.monotonic(), 0))
        except TimeoutError:
            unseen[account_id] = "it did not answer in time"
        except ConfigurationError as error:
            if error.exit_code not in partly.failures:
                raise
            unseen[account_id] = "; ".join(problem.text for problem in error.problems)
    return there, unseen
