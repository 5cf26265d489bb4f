"""Ask GitHub which Lambda zips lack the requirements of their requirements.txt.

Only zips whose declaration does not say `package.dependencies` are checked, by the file in the
package's folder on the branch of the last environment, usually prod. Deliberately absent: the
meaning of a line, which pip knows, and files that the file includes.
"""

import base64
import binascii
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from components.config.problems import ConfigurationError
from components.model.pipeline import BuiltPackage
from components.model.repository import Repository
from components.model.stack import Stack
from operations.checks.workflows.notices import unsaid_packages
from operations.live.github.api import CONNECTIONS, GitHub, in_path
from operations.terminal.lists import counted, sample

_FILE: Final = "requirements.txt"
_NO_TEXT: Final = "it is no file of text, or larger than 1 MB"


class Requirements:
    """GitHub's answers for the stacks that were asked about.

    Attributes:
        lacking: names of repositories, or of their packages, whose zip lacks requirements.
        unread: names of those whose file could not be read, with the reason.
    """

    def __init__(self) -> None:
        self.lacking: list[str] = []
        self.unread: dict[str, str] = {}

    def ask(self, stack: Stack, github: GitHub) -> None:
        """Read the requirements.txt of every zip of a stack that does not say `dependencies`."""
        asked = [
            (repository, package)
            for repository in stack.repositories
            for package in unsaid_packages(repository)
        ]
        owner = stack.settings.owner
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            answers = pool.map(lambda one: _answer(github, owner, *one), asked)
            for (repository, package), answer in zip(asked, answers, strict=True):
                several = f" ({package.name})" if package.name else ""
                name = f"{owner}/{repository.name}{several}"
                if isinstance(answer, str):
                    self.unread[name] = answer
                elif answer:
                    self.lacking.append(name)

    def notices(self) -> Iterator[str]:
        """The notices for the user."""
        if self.lacking:
            who = counted(len(self.lacking), "Lambda zip lacks", "Lambda zips lack")
            yield (
                f"{who} what requirements.txt names, and `package.dependencies` is not said "
                f"({sample(self.lacking)}): say `vendored`, or `none` if that is meant"
            )
        if self.unread:
            names = list(self.unread)
            where = counted(len(names), "Lambda zip", "Lambda zips")
            yield (
                f"{_FILE} of {where} was not looked at ({sample(names)}): {self.unread[names[0]]}"
            )


def _answer(
    github: GitHub, owner: str, repository: Repository, package: BuiltPackage
) -> bool | str:
    """True if the file names a requirement; a text if the file could not be read."""
    path = "/".join(part for part in (package.directory, _FILE) if part)
    place = f"repos/{owner}/{repository.name}/contents/{in_path(path)}"
    try:
        last = repository.trigger_branch(repository.workflow_names[-1])
        found = github.get(f"{place}?ref={in_path(last)}")
    except ConfigurationError as error:
        return str(error.problems[0])
    if found is None:
        return False
    # GitHub answers a list for a folder, and no content for a submodule or a large file.
    if not isinstance(found, dict) or found.get("encoding") != "base64":
        return _NO_TEXT
    try:
        text = base64.b64decode(found["content"]).decode("utf-8-sig", errors="replace")
    except (KeyError, TypeError, binascii.Error):
        return _NO_TEXT
    return has_requirement(text.splitlines())


def has_requirement(lines: Sequence[str]) -> bool:
    """True if a requirements file has a line that is neither empty nor a comment."""
    return any(line.strip() and not line.strip().startswith("#") for line in lines)
