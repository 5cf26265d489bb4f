"""Survey repositories before an adoption: read GitHub and AWS, propose, list. Writes nothing.

Proposals are checked as the program will check them: as files in a copy of the stack's folder,
together with the other declarations.
"""

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from components.config.explain import explain
from components.config.layers import Layers
from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Document
from components.model.branches import as_found, stack_as_found
from components.model.plan import as_offered
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.adoption.already_written import already_written, contents_in_state
from operations.adoption.changes import changes
from operations.adoption.left_in_place import left_in_place
from operations.adoption.proposal.declaration_file import declaration_text
from operations.adoption.proposal.repository import propose
from operations.adoption.proposal.roles import EnvironmentPlace, RoleKey, Roles, existing_roles
from operations.adoption.refusals import misplaced, refusals, without_access
from operations.adoption.report import Adoption
from operations.live.observed import Observed, ObservedRepository
from operations.live.observer import observe
from operations.terminal.output import progress


@dataclass(frozen=True)
class Survey:
    """The live world, and the adoption that results from it."""

    stack: Stack
    """The repositories to adopt, resolved: from their files, or from the proposals."""
    observed: Observed
    """The live world."""
    adoption: Adoption
    """The proposals, the changes, and the objects that stay."""


def survey(files: StackFiles, names: Sequence[str], export: Mapping[str, Any]) -> Survey:
    """Survey repositories of a stack.

    Args:
        files: the stack's declarations, which may already contain a repository to adopt.
        names: the repositories to adopt.
        export: the JSON of `pulumi stack export`.

    Raises:
        ConfigurationError: for every reason not to adopt them.
    """
    settings = files.stack.settings
    if problems := list(_leaving(files, names)):
        raise ConfigurationError(problems)
    declared = {repository.name.lower(): repository for repository in files.stack.repositories}
    wanted = tuple(declared.get(name.lower()) or _bare(files, name) for name in names)
    with progress(f"{files.stack.name}: observing") as report:
        surveyed = Stack(name=files.stack.name, settings=settings, repositories=wanted)
        observed = observe(surveyed, progress=report)
    if problems := list(refusals(files, [one.name for one in wanted], observed)):
        raise ConfigurationError(problems)
    live, new = _named(declared, observed)
    observed = replace(observed, repositories=live)
    roles = existing_roles(settings, live, observed.accounts, _declared_roles(files))
    proposed = {f"{name}.yaml": _proposal(files, name, new[name], roles) for name in new}
    stack = stack_as_found(_resolved(files, proposed, live), live)
    if problems := [*misplaced(stack, observed), *without_access(stack, observed)]:
        raise ConfigurationError(problems)
    adoption = Adoption(
        stack=stack.name,
        owner=settings.owner,
        repositories=sorted(live),
        proposed=proposed,
        changes=changes(stack, observed, already_written(export), contents_in_state(export)),
        left=left_in_place(stack, observed, roles.left),
    )
    return Survey(stack, observed, adoption)


def _leaving(files: StackFiles, names: Sequence[str]) -> Iterator[Problem]:
    """Repositories that the stack offboards."""
    asked = {name.lower() for name in names}
    for one in files.stack.leaving:
        if one.name.lower() in asked:
            text = "offboards the repository: remove it, then adopt"
            yield files.problem(one, ("offboarding", "now"), text)


def _named(
    declared: Mapping[str, Repository], observed: Observed
) -> tuple[dict[str, ObservedRepository], dict[str, ObservedRepository]]:
    """The existing repositories by declared name, else by GitHub's; and those without a file.

    The user may have given a name in another case.
    """
    live, new = {}, {}
    for asked, found in observed.repositories.items():
        if found and (file := declared.get(asked.lower())):
            live[file.name] = found
        elif found:
            name = found.full_name.partition("/")[2]
            live[name] = new[name] = found
    return live, new


def _bare(files: StackFiles, name: str) -> Repository:
    """The repository as its stack resolves a file that has only the name."""
    document = Document(f"{files.folder}/{name}.yaml", {"repository": name})
    layers = Layers([(files.settings_document, ("defaults",)), (document, ())])
    try:
        return Repository.model_validate(layers.data)
    except ValidationError as error:
        raise ConfigurationError(list(explain(error, Repository, layers.problem))) from error


def _proposal(files: StackFiles, name: str, live: ObservedRepository, roles: Roles) -> str:
    taken = {env: role for (whose, env), role in roles.taken.items() if whose == name}
    settings, listed = files.stack.settings, _listed_secrets(files.settings_document.data)
    base = as_found(as_offered(_bare(files, name), live.offered), live)
    left = {role for (whose, _), names in roles.left.items() if whose == name for role in names}
    left -= {role.name for role in roles.taken.values()}
    declaration = propose(settings, base, live, taken, listed, left=left)
    return declaration_text(declaration, live)


def _listed_secrets(settings: Mapping[str, Any]) -> list[EnvironmentName]:
    """Environments whose default secrets are a list: a file replaces it, but merges a mapping."""
    environments = (settings.get("defaults") or {}).get("environments") or {}
    return [
        name
        for name in ENVIRONMENTS
        if isinstance(inherited := environments.get(name), dict)
        and isinstance(inherited.get("secrets"), list)
    ]


def _declared_roles(files: StackFiles) -> dict[RoleKey, EnvironmentPlace]:
    """The environment that each declared role belongs to."""
    return {
        (account, role.lower()): (repository.name, name)
        for repository, name, account, role in files.stack.roles()
    }


def _resolved(files: StackFiles, proposed: Mapping[str, str], names: Collection[str]) -> Stack:
    """The stack of the repositories to adopt, read from a copy with the proposals in it.

    Raises:
        ConfigurationError: the file of a proposal exists and declares another repository.
    """
    for file in proposed:
        if (files.folder / file).exists():
            text = "declares another repository: rename it to the name of that repository"
            raise ConfigurationError([Problem(str(files.folder / file), 0, "", text)])
    with TemporaryDirectory(prefix="slipway-adopt-") as folder:
        copy = Path(folder) / files.folder.name
        shutil.copytree(files.folder, copy)
        for file, text in proposed.items():
            (copy / file).write_text(text, encoding="utf-8")
        stack = StackFiles(copy).stack
    repositories = tuple(one for one in stack.repositories if one.name in names)
    return stack.model_copy(update={"repositories": repositories})
