"""Observe a whole stack: its repositories and its accounts, many at once."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any, Final

from components.config.problems import ConfigurationError, ExitCode
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from operations.live.answers import readable
from operations.live.aws import read_account
from operations.live.github.admitted import with_admitted
from operations.live.github.api import GitHub
from operations.live.github.branch_rules import barriers
from operations.live.github.cache import CONNECTIONS, observing
from operations.live.github.graphql import Facts, Question, ask
from operations.live.github.plans import read_plan
from operations.live.github.repository import read_repository
from operations.live.github.reviewers import read_reviewers, with_outsiders
from operations.live.observed import Observed, ObservedAccount, ObservedRepository

#: Repositories of one question: their folders are small, GitHub's time for it is ten seconds.
BATCH: Final = 20


@dataclass(frozen=True)
class Partly:
    """Without which accounts a look goes on."""

    failures: Collection[ExitCode] = ()
    """Those that fail with one of these."""
    seconds: float | None = None
    """Those that have not answered after so long."""


ALL: Final = Partly()

Answers = dict[str, Facts | None]
Progress = Callable[[int, int], None]
"""Told how many of how many repositories have been read."""


def observe(
    stack: Stack,
    known: Callable[[Repository], Collection[str]] | None = None,
    *,
    cache: bool = True,
    progress: Progress | None = None,
    partly: Partly = ALL,
) -> Observed:
    """Read everything of a stack.

    Args:
        stack: the declaration, which says what to look at.
        known: git's ids of a repository's files whose text nobody needs.
        cache: whether GitHub's answers are kept to ask again conditionally.
        progress: is told after each part.
        partly: accounts without which the rest is of use; by default none.

    Raises:
        ConfigurationError: GitHub or AWS refuses, or can't be reached.
    """
    settings, begun = stack.settings, time.monotonic()
    questions = [
        Question(
            repository.name,
            tuple(dict.fromkeys(repository.trigger_branch(name) for name in ENVIRONMENTS)),
            known(repository) if known else (),
            repository.prod_branches,
            _reviewers(repository),
        )
        for repository in stack.repositories
    ]
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        accounts = {
            account.account_id: pool.submit(
                readable,
                f"AWS account {account.account_id}",
                read_account,
                account,
                _roles(stack, account.account_id),
            )
            for _, account in settings.distinct_accounts()
        }
        found = observe_repositories(
            settings.owner, questions, cache=cache, progress=progress, stated=settings.plan
        )
        reviewers = read_reviewers(stack, found, cache=cache)
        there, unseen = _accounts(accounts, partly, begun)
    finally:
        # Nobody waits for an account that does not answer.
        pool.shutdown(wait=False, cancel_futures=True)
    return Observed(found, there, reviewers, unseen=unseen)


def observe_repositories(
    owner: str,
    questions: Sequence[Question],
    *,
    cache: bool = True,
    progress: Progress | None = None,
    stated: Plan | None = None,
) -> dict[str, ObservedRepository | None]:
    """Read repositories, declared or not; None for one that GitHub does not show.

    Args:
        owner: of all of them.
        questions: which, and what of their workflow files.
        cache: as for `observe`.
        progress: as for `observe`.
        stated: the owner's plan by the stack, where GitHub does not tell it.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    github = observing(owner, cache=cache)
    plan, asked_plan = stated, False
    observed: dict[str, ObservedRepository | None] = {}
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asking = {question.name: question for question in questions}
        batches = [questions[start : start + BATCH] for start in range(0, len(questions), BATCH)]
        asked = [pool.submit(readable, github.url, ask, github, owner, batch) for batch in batches]
        reading: dict[str, Future[ObservedRepository]] = {}
        for answered in _each(asked):
            if not asked_plan and any(facts and not facts.public for facts in answered.values()):
                plan = readable(github.url, read_plan, github, owner) or stated
                asked_plan = True
            for name, facts in answered.items():
                if facts is None:
                    observed[name] = None
                else:
                    reading[name] = pool.submit(
                        readable, github.url, _read, github, owner, facts, asking[name], plan
                    )
        _wait([*reading.values()], progress)
        observed |= {name: future.result() for name, future in reading.items()}
    return observed


def _read(
    github: GitHub, owner: str, facts: Facts, question: Question, plan: Plan | None
) -> ObservedRepository:
    """One repository with everything in it."""
    read = with_admitted(github, read_repository(github, facts, plan), question.known)
    if question.prod_branches is not None:
        asked = question.prod_branches(facts.default_branch)
        found = {branch: barriers(github, facts.full_name, branch) for branch in asked}
        there = {branch: one for branch, one in found.items() if one is not None}
        read = replace(read, protection=there)
    if facts.full_name.partition("/")[0].lower() != owner.lower():
        # Teams of another owner are others.
        return read
    return with_outsiders(github, read, question.reviewers)


def _accounts(
    reading: Mapping[str, Future[ObservedAccount]],
    partly: Partly,
    begun: float = 0,
) -> tuple[dict[str, ObservedAccount], dict[str, str]]:
    """Accounts, and why others can't be read; `begun` is the clock's time when the look was."""
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


def _each(futures: Sequence[Future[Answers]]) -> Iterator[Answers]:
    """Results as they come; when one fails, nothing further is begun."""
    try:
        for finished in as_completed(futures):
            yield finished.result()
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def _wait(futures: Collection[Future[Any]], progress: Progress | None) -> None:
    """Until all are done, or one has failed: then nothing further is begun."""
    try:
        for done, finished in enumerate(as_completed(futures), 1):
            finished.result()
            if progress is not None:
                progress(done, len(futures))
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def _roles(stack: Stack, account_id: str) -> list[str]:
    """Names of the declared roles of an account."""
    return [
        repository.role_name(stack.settings.owner, name)
        for repository in stack.repositories
        for name in ENVIRONMENTS
        if stack.settings.account(name).account_id == account_id
    ]


def _reviewers(repository: Repository) -> frozenset[str]:
    """Everybody who is declared to review."""
    each = [repository.environment(name).reviewers.names for name in ENVIRONMENTS]
    return frozenset().union(*each)
