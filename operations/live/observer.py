"""Observe a whole stack: its repositories and its accounts, many at once."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from components.config.problems import ConfigurationError, ExitCode
from components.model.github_host import GITHUB_COM, GitHubHost
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.stack import Account, Stack
from operations.live.answers import Once, readable
from operations.live.aws import read_account
from operations.live.github.admitted import with_admitted
from operations.live.github.api import CONNECTIONS, GitHub
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


class Shared:
    """One look at users, teams and AWS accounts for several stacks of one command."""

    def __init__(self) -> None:
        """Ask nothing yet."""
        self._sessions = Once()
        self._accounts = Once()

    def session(self, owner: str, github: GitHubHost, *, cache: bool) -> GitHub:
        """The session for an owner's repositories, which knows the users and teams it asked for."""
        return self._sessions(
            (owner, github, cache), partial(observing, owner, github, cache=cache)
        )

    def account(self, account: Account, wanted: Sequence[str]) -> ObservedAccount:
        """All roles of an account; without the right to list them, those of this stack."""
        role = account.read_role or account.assume_role
        # The stacks' environments may differ in everything else.
        key = (account.account_id, account.region, role, account.oidc_provider_arn)
        asked, found = self._accounts(key, lambda: (wanted, read_account(account, wanted)))
        if found.complete or asked == wanted:
            return found
        return self._accounts((*key, *wanted), partial(read_account, account, wanted))


def observe(  # noqa: PLR0913 - the options of one observation
    stack: Stack,
    question: Callable[[Repository], Question] | None = None,
    *,
    cache: bool = True,
    progress: Progress | None = None,
    partly: Partly = ALL,
    shared: Shared | None = None,
) -> Observed:
    """Read everything of a stack.

    Args:
        stack: the declaration.
        question: makes the question about a repository; by default `question_about`.
        cache: True to keep GitHub's answers and ask for them again conditionally.
        progress: is called after each repository.
        partly: accounts that may be left out; by default none.
        shared: looks of the command's other stacks.

    Raises:
        ConfigurationError: GitHub or AWS refuses, or can't be reached.
    """
    settings, begun = stack.settings, time.monotonic()
    questions = [
        question(one) if question else question_about(one, settings)
        for one in (*stack.repositories, *stack.leaving)
    ]
    shared = shared or Shared()
    session = shared.session(settings.owner, settings.github, cache=cache)
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        accounts = {
            account.account_id: pool.submit(
                readable,
                f"AWS account {account.account_id}",
                shared.account,
                account,
                [name for _, _, number, name in stack.roles() if number == account.account_id],
            )
            for _, account in settings.distinct_accounts()
        }
        found = _repositories(session, settings.owner, questions, settings.plan, progress)
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
    return _repositories(observing(owner, github, cache=cache), owner, questions, stated, progress)


def _repositories(
    session: GitHub,
    owner: str,
    questions: Sequence[Question],
    stated: Plan | None,
    progress: Progress | None,
) -> dict[str, ObservedRepository | None]:
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
