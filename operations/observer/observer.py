"""Observe a whole stack: its repositories and its accounts, many at once."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

from components.config.github_api import GitHub
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.terms import ENVIRONMENTS
from operations.observer.aws import read_account
from operations.observer.client import CONNECTIONS, observing
from operations.observer.github import read_repository
from operations.observer.observed import Observed, ObservedAccount, ObservedRepository

Progress = Callable[[int, int], None]
"""Told how many of how many repositories and accounts have been read."""


def observe(
    stack: Stack,
    known: Callable[[Repository], Collection[str]] | None = None,
    *,
    cache: bool = True,
    progress: Progress | None = None,
) -> Observed:
    """Read everything of a stack.

    Args:
        stack: the declaration, which says what to look at.
        known: git's ids of a repository's files whose text nobody needs.
        cache: whether GitHub's answers are kept to ask again conditionally.
        progress: is told after each part.

    Raises:
        ConfigurationError: GitHub or AWS refuses, or can't be reached.
    """
    settings = stack.settings
    github = observing(settings.owner, cache=cache)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        accounts = {
            account.account_id: pool.submit(
                read_account, account, _roles(stack, account.account_id)
            )
            for _, account in settings.distinct_accounts()
        }
        repositories = {
            repository.name: pool.submit(_read, github, settings.owner, repository, known)
            for repository in stack.repositories
        }
        _wait((*accounts.values(), *repositories.values()), progress)
        found: Mapping[str, ObservedRepository | None] = {
            name: future.result() for name, future in repositories.items()
        }
        there: Mapping[str, ObservedAccount] = {
            account_id: future.result() for account_id, future in accounts.items()
        }
    return Observed(found, there)


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


def _read(
    github: GitHub,
    owner: str,
    repository: Repository,
    known: Callable[[Repository], Collection[str]] | None,
) -> ObservedRepository | None:
    branches = [repository.trigger_branch(name) for name in ENVIRONMENTS]
    blobs = known(repository) if known else ()
    return read_repository(github, f"{owner}/{repository.name}", branches, blobs)


def _roles(stack: Stack, account_id: str) -> list[str]:
    """Names of the declared roles of an account."""
    return [
        repository.role_name(stack.settings.owner, name)
        for repository in stack.repositories
        for name in ENVIRONMENTS
        if stack.settings.account(name).account_id == account_id
    ]
