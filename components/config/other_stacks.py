"""Find repositories, functions and roles of a stack that another stack declares as well.

Two stacks with one repository would undo each other's work, and the stack that drops it would
delete the objects of the other. Only `targets_elsewhere` reads the other stacks completely, the
rest reads two keys. Their own runs report other mistakes in them. The samples that come with the
project do not count.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from components.config.problems import ConfigurationError, Problem, shown
from components.config.stack_files import StackFiles
from components.config.stacks import SETTINGS_FILE
from components.config.targets import shared_across
from components.config.yaml_files import read_document
from components.model.github_host import GITHUB_COM

#: Stacks that come with the project; their accounts do not exist.
SAMPLES: Final = {"example", "sandbox"}
#: The usual form of a key at the top level; documents in other forms are parsed.
_PLAIN: Final = r"^{key}:[ \t]+(?P<quote>[\"']?)(?P<value>[\w.-]+)(?P=quote)[ \t]*(?:#.*)?$"


def declared_elsewhere(files: StackFiles, names: Collection[str] = ()) -> list[Problem]:
    """Repositories of a stack that another stack of the same owner declares as well.

    Args:
        files: the stack's declarations.
        names: further repositories that are about to join the stack.
    """
    others = stacks_declaring(files)
    problems = [
        files.problem(repository, ("repository",), _text(others[repository.name.lower()]))
        for repository in files.stack.repositories
        if repository.name.lower() in others
    ]
    known = {repository.name.lower() for repository in files.stack.repositories}
    return problems + [
        Problem(name, 0, "", _text(others[name.lower()]))
        for name in names
        if name.lower() in others.keys() - known
    ]


def targets_elsewhere(
    files: StackFiles, read: dict[Path, StackFiles | None] | None = None
) -> list[Problem]:
    """Functions and roles of a stack that another stack has as well, of any owner.

    A repository that both stacks declare is left out: `declared_elsewhere` reports it.

    Args:
        files: the stack's declarations.
        read: stacks by folder that have been read, None for one that has a mistake. What is read
            here is added, so that a caller with several stacks has each of them read once.
    """
    read = {} if read is None else read
    if files.stack.name in SAMPLES:
        return []
    others = []
    for settings in sorted(files.folder.parent.glob(f"*/{SETTINGS_FILE}")):
        folder = settings.parent
        if folder.name in SAMPLES | {files.stack.name}:
            continue
        if folder not in read:
            read[folder] = None
            with suppress(ConfigurationError):
                read[folder] = StackFiles(folder)
        if (other := read[folder]) is not None:
            others.append(other.stack)
    twice = stacks_declaring(files)
    return [
        files.problem(repository, path, text)
        for repository, path, text in shared_across(files.stack, others)
        if repository.name.lower() not in twice
    ]


def stacks_declaring(files: StackFiles) -> dict[str, Path]:
    """Declaring files of the repositories of the owner's other stacks, by lower-case name."""
    if files.stack.name in SAMPLES:
        return {}
    owner = files.stack.settings.owner.lower()
    found: dict[str, Path] = {}
    for settings in sorted(files.folder.parent.glob(f"*/{SETTINGS_FILE}")):
        folder = settings.parent
        if folder.name in SAMPLES | {files.stack.name} or _value(settings, "owner") != owner:
            continue
        # An owner of the same name on another GitHub has other repositories.
        if _host(settings) != files.stack.settings.github.host:
            continue
        found |= dict(_repositories(folder))
    return found


def _text(file: Path) -> str:
    return f"is declared in {shown(file)} as well: a repository belongs to one stack, remove one"


def _repositories(folder: Path) -> Iterator[tuple[str, Path]]:
    for file in sorted(folder.iterdir()):
        if file.suffix in {".yaml", ".yml"} and file.name != SETTINGS_FILE:
            name = _value(file, "repository")
            if name is not None:
                yield name, file


def _host(settings: Path) -> str:
    """The host of a stack's GitHub; the default if it cannot be read."""
    try:
        if "github" not in settings.read_text(encoding="utf-8"):
            return GITHUB_COM.host
        github = read_document(settings).data.get("github")
    except (ConfigurationError, OSError, UnicodeDecodeError):
        return GITHUB_COM.host
    host = github.get("host") if isinstance(github, dict) else None
    return host.lower() if isinstance(host, str) else GITHUB_COM.host


def _value(file: Path, key: str) -> str | None:
    """The text of a key in lower case; None if it is missing or cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
        if plain := re.search(_PLAIN.format(key=key), text, re.MULTILINE):
            return plain["value"].lower()
        value = read_document(file).data.get(key)
    except (ConfigurationError, OSError, UnicodeDecodeError):
        return None
    return value.lower() if isinstance(value, str) else None
