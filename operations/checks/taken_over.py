"""Say which existing objects on GitHub would stop the next `up`, or be overwritten by it.

GitHub refuses a variable that exists (409, REST: create an environment variable). Environments,
secrets and workflow files are replaced without an error. Objects that Pulumi's state has are the
stack's own. Deliberately absent: patterns, which GitHub accepts twice, and roles (`diff.accounts`).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.documents.role import environment_variables
from components.documents.workflows import workflow_branches
from components.model.branches import as_found
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.objects.kind import Key
from components.objects.kinds import ENVIRONMENT, SECRET, VARIABLE, WORKFLOW
from operations.checks.environments import ExistingEnvironment
from operations.live.observed import RepositoryDetails
from operations.state.known_objects import Known
from operations.terminal.lists import sample

Environments = Mapping[str, ExistingEnvironment]
#: The number of objects that a message names.
_SHOWN: Final = 6


class TakenOver(NamedTuple):
    """The objects of one repository."""

    repository: str
    """Its declared name."""
    problem: Problem
    """The place and the remedy."""
    stops: bool
    """Whether `up` would stop there; otherwise it writes them over."""


def unknown_to(repository: Repository, known: Known) -> bool:
    """True if the state lacks a declared environment or variable, so that GitHub must be asked."""
    keys = (
        key
        for name in repository.environment_names
        for key in (ENVIRONMENT.at(name), VARIABLE.at(name, "AWS_ROLE_ARN"))
    )
    return any(not _has(known, repository, key) for key in keys)


def taken_over(
    files: StackFiles,
    details: Mapping[str, RepositoryDetails],
    existing: Mapping[str, Environments],
    known: Known,
) -> Iterator[TakenOver]:
    """The existing objects that `up` would meet in each repository.

    Args:
        files: the declarations.
        details: by declared name, the repositories that can be onboarded.
        existing: by declared name, the environments that exist; a repository whose environments
            were not read is absent.
        known: the state.
    """
    settings = files.stack.settings
    for repository in files.stack.repositories:
        found = details.get(repository.name)
        if found is None:
            continue
        there = existing.get(repository.name, {})
        command = f"slipway adopt {files.stack.name} {repository.name}"
        if refused := _new(repository, known, _variables(settings, repository, there)):
            named = sample(refused, _SHOWN)
            text = (
                f"{found.full_name} has {named} already, and GitHub refuses to create "
                f"one twice: take what exists over with {command}, or delete it"
            )
            problem = files.problem(repository, ("repository",), text)
            yield TakenOver(repository.name, problem, stops=True)
        silent = [*_environments(repository, there), *_workflows(repository, found)]
        if replaced := _new(repository, known, silent):
            named = sample(replaced, _SHOWN)
            text = (
                f"{found.full_name} has {named} already, and `up` writes over it: "
                f"{command} takes it over as it is"
            )
            problem = files.problem(repository, ("repository",), text)
            yield TakenOver(repository.name, problem, stops=False)


def onboarded(settings: StackSettings, repository: Repository, existing: Environments) -> bool:
    """Whether an environment names its declared role already, as only an earlier `up` writes it."""
    return any(
        existing[name].variables.get("AWS_ROLE_ARN")
        == environment_variables(settings, repository, name)["AWS_ROLE_ARN"]
        for name in repository.environment_names
        if name in existing
    )


def _variables(
    settings: StackSettings, repository: Repository, existing: Environments
) -> Iterator[Key]:
    for name in repository.environment_names:
        for variable in environment_variables(settings, repository, name):
            if name in existing and variable.upper() in existing[name].variables:
                yield VARIABLE.at(name, variable)


def _environments(repository: Repository, existing: Environments) -> Iterator[Key]:
    for name in repository.environment_names:
        if name not in existing:
            continue
        yield ENVIRONMENT.at(name)
        for secret in repository.environment(name).managed_secrets:
            if secret.upper() in existing[name].secrets:
                yield SECRET.at(name, secret)


def _workflows(repository: Repository, found: RepositoryDetails) -> Iterator[Key]:
    """Files that commits would replace; a pull request replaces none before it is merged."""
    placed = workflow_branches(as_found(repository, found), found.default_branch)
    for file, branches in placed.items():
        for branch in branches:
            by_commit = branch not in found.by_pull_request
            if by_commit and file in found.workflows.get(branch, {}):
                yield WORKFLOW.at(file, branch)


def _new(repository: Repository, known: Known, keys: Iterable[Key]) -> list[Key]:
    return [key for key in keys if not _has(known, repository, key)]


def _has(known: Known, repository: Repository, key: Key) -> bool:
    names = (repository.name, *repository.previously)
    return any((name.lower(), key) in known.places for name in names)
