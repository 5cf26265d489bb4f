"""Read `stacks/<stack>/`, that is `_stack.yaml` and one file per repository, into the model.

It reports every mistake of every file at once. Deliberately absent: questions to GitHub and AWS,
and the values of secrets. An accepted declaration is well-formed, but may name missing objects.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from components.config.arns import foreign_arns
from components.config.evaluated_claims import unsupported_trusts
from components.config.explain import explain
from components.config.github_address import configuration_problems
from components.config.layers import Layers
from components.config.planned_moves import replaced_roles
from components.config.problems import ConfigurationError, Problem, shown
from components.config.stacks import SETTINGS_FILE
from components.config.targets import shared_functions
from components.config.yaml_files import Document, Path_, read_document
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings

_YAML: Final = {".yaml", ".yml"}


class StackFiles:
    """The declarations of one stack, and the file and line of each value.

    Attributes:
        stack: the model.
        whole: whether every file of the folder was read.
    """

    def __init__(self, folder: Path, *, without: Collection[str] = ()) -> None:
        """Read every file of the folder.

        Args:
            folder: the folder.
            without: files that are not read, relative to it.

        Raises:
            ConfigurationError: with every problem of every file.
        """
        self.folder = folder
        self.whole = not without
        settings, repositories = self._read({folder / name for name in without})
        self._layers: dict[str, Layers] = {}
        problems: list[Problem] = []
        parsed_settings: StackSettings | None = None
        try:
            parsed_settings = StackSettings.model_validate(settings.data)
        except ValidationError as error:
            problems += explain(error, StackSettings, settings.problem)
        owner = settings.data.get("owner")
        github = None if parsed_settings is None else parsed_settings.github
        problems += configuration_problems(folder.parent, folder.name, owner, github)
        parsed = []
        for document in repositories:
            layers = Layers([(settings, ("defaults",)), (document, ())])
            try:
                repository = Repository.model_validate(layers.data)
            except ValidationError as error:
                problems += explain(error, Repository, layers.problem)
                continue
            repository = repository.read_from(folder.name, Path(document.file).name)
            parsed.append(repository)
            problems += self._duplicate_problem(layers, repository)
            self._layers.setdefault(repository.name, layers)
        problems += self._former_name_problems(parsed)
        if parsed_settings is not None:
            problems += self._role_name_problems(parsed_settings, parsed)
            for check in (shared_functions, foreign_arns, unsupported_trusts, replaced_roles):
                problems += [self.problem(*found) for found in check(parsed_settings, parsed)]
        if problems or parsed_settings is None:
            raise ConfigurationError(problems)
        self.settings_document = settings
        staying = tuple(one for one in parsed if not one.offboarding.now)
        leaving = tuple(one for one in parsed if one.offboarding.now)
        self.stack = Stack(
            name=folder.name, settings=parsed_settings, repositories=staying, leaving=leaving
        )

    def problem(self, repository: Repository, path: Path_, text: str) -> Problem:
        """A problem with a value of a repository, at the place that wrote it."""
        return self._layers[repository.name].problem(path, text)

    def layer_of(self, repository: Repository, path: Path_) -> int:
        """1 if a repository's file wrote this path, 0 if only the stack's defaults did, else -1."""
        return self._layers[repository.name].layer_of(path)

    def _read(self, without: Collection[Path]) -> tuple[Document, list[Document]]:
        if not self.folder.is_dir():
            raise ConfigurationError([Problem(shown(self.folder), 0, "", _no_folder(self.folder))])
        problems: list[Problem] = []
        documents = {}
        for path in sorted(p for p in self.folder.iterdir() if p.suffix in _YAML):
            if path in without:
                continue
            try:
                documents[path.name] = read_document(path)
            except ConfigurationError as error:
                problems += error.problems
        for path in sorted(p for p in self.folder.glob("*/**/*") if p.suffix in _YAML):
            if path in without:
                continue
            text = f"is not read: declarations stand in {shown(self.folder)} itself, move it there"
            problems.append(Problem(shown(path), 0, "", text))
        if SETTINGS_FILE not in documents and not any(
            problem.file.endswith(SETTINGS_FILE) for problem in problems
        ):
            text = "is missing: it names the owner and the AWS accounts of the stack"
            problems.append(Problem(shown(self.folder / SETTINGS_FILE), 0, "", text))
        if problems:
            raise ConfigurationError(problems)
        return documents.pop(SETTINGS_FILE), list(documents.values())

    def _duplicate_problem(self, layers: Layers, repository: Repository) -> Iterator[Problem]:
        for name, other in self._layers.items():
            if name.lower() == repository.name.lower():
                first = other.problem(("repository",), "").file
                text = f"{repository.name!r} is declared in {first} already (GitHub ignores case)"
                yield layers.problem(("repository",), text)

    def _former_name_problems(self, repositories: list[Repository]) -> Iterator[Problem]:
        """Report a former name that another repository has or had."""
        owners = {repository.name.lower(): repository.name for repository in repositories}
        for repository in repositories:
            for index, former in enumerate(repository.previously):
                taken = owners.setdefault(former.lower(), repository.name)
                if taken != repository.name:
                    path = ("previously", index)
                    text = f"{former!r} is {taken}'s already: a name was one repository's, drop one"
                    yield self._layers[repository.name].problem(path, text)

    def _role_name_problems(
        self, settings: StackSettings, repositories: list[Repository]
    ) -> Iterator[Problem]:
        """Report a role name that an account has twice; IAM ignores case."""
        first: dict[tuple[str, str], str] = {}
        for repository in repositories:
            for environment in repository.environment_names:
                account = settings.account(environment).account_id
                name = repository.role_name(settings.owner, environment)
                place = f"{repository.name}, {environment}"
                taken = first.setdefault((account, name.lower()), place)
                if taken.lower() != place.lower():
                    path = ("environments", environment, "role", "name")
                    text = (
                        f"role {name!r} in account {account} is {taken}'s already: "
                        "a role opens for one repository and environment, name another"
                    )
                    yield self._layers[repository.name].problem(path, text)


def _no_folder(folder: Path) -> str:
    """The message for a missing stack; it lists the existing stacks."""
    parent = folder.parent
    stacks = sorted(p.parent.name for p in parent.glob(f"*/{SETTINGS_FILE}"))
    known = ", ".join(stacks) if stacks else "none"
    return f"there is no such stack; stacks here: {known}"
