"""Find functions and roles that several environments, repositories or stacks would share.

A role may update the function that its own environment names. If another environment or repository
names the same function, its pushes update it as well: a push to develop could update production. An
alias does not separate them, as an update changes the function's code for all ($LATEST), and IAM
has no right to update it for one alias. The roles separate the packages in a bucket.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings


def shared_functions(
    settings: StackSettings, repositories: Sequence[Repository]
) -> Iterator[tuple[Repository, Path_, str]]:
    """Functions with two owners: the later repository, the path in its declaration, the message."""
    yield from _taken(settings, repositories, {})


def shared_across(stack: Stack, others: Iterable[Stack]) -> Iterator[tuple[Repository, Path_, str]]:
    """The same for functions and roles that a stack shares with other stacks."""
    functions: dict[_Place, str] = {}
    roles: dict[tuple[str, str], str] = {}
    for other in others:
        for found in _functions(other.settings, other.repositories):
            functions.setdefault(found.place, f"stack {other.name} ({found.owner})")
        for repository, environment, account, name in other.roles():
            owner = f"stack {other.name} ({repository.name}, {environment})"
            roles.setdefault((account, name.lower()), owner)
    yield from _taken(stack.settings, stack.repositories, functions)
    for repository, environment, account, name in stack.roles():
        # IAM compares names without case.
        if taken := roles.get((account, name.lower())):
            text = (
                f"role {name!r} in account {account} is that of {taken} already: a role "
                "opens for one repository and environment, name another"
            )
            yield repository, ("environments", environment, "role", "name"), text


#: Account, region and name of a function.
_Place = tuple[str, str, str]


def _taken(
    settings: StackSettings, repositories: Iterable[Repository], first: dict[_Place, str]
) -> Iterator[tuple[Repository, Path_, str]]:
    """Functions that already have another owner, reported once per declaration.

    Args:
        settings: settings of the stack.
        repositories: repositories of the stack.
        first: the owner of each function, in words; the stack's own functions are added.
    """
    told: set[tuple[str, Path_]] = set()
    for found in _functions(settings, repositories):
        taken = first.setdefault(found.place, found.owner)
        once = (found.repository.name, found.path)
        if taken != found.owner and once not in told:
            told.add(once)
            yield found.repository, found.path, found.shared_with(taken)


class _Function(NamedTuple):
    """A function that a deployment updates."""

    place: _Place
    owner: str
    """Repository, environment and package, in words."""
    repository: Repository
    path: Path_
    """Keys of its declaration."""

    def shared_with(self, other: str) -> str:
        account, region, name = self.place
        return (
            f"function {name!r} in account {account}, {region} is deployed by {other} and by "
            f"{self.owner}: name one for each, with {{environment}} or {{repository}} in the name"
        )


def _functions(settings: StackSettings, repositories: Iterable[Repository]) -> Iterator[_Function]:
    for repository in repositories:
        for environment in repository.environment_names:
            account = settings.account(environment)
            for path, name in repository.lambda_functions(environment).items():
                owner = f"{repository.name}, {environment}"
                if len(path) > 2:  # noqa: PLR2004 - several packages have names
                    owner += f", {path[1]}"
                place = (account.account_id, account.region, name)
                yield _Function(place, owner, repository, path)
