"""The problems that stop a run; the user reads all of them at once.

A problem has a place (file, line, path of keys) and a text that says what was found, what is
allowed and what to do. A run with a problem changes nothing.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from components.config.project import project_folder
from components.config.sanitize import message


class ExitCode(IntEnum):
    """Pulumi's exit codes, as far as slipway uses them (pulumi: sdk/go/common/util/cmdutil)."""

    SUCCESS = 0
    ERROR = 1
    CONFIGURATION = 2
    AUTHENTICATION = 3
    POLICY = 5
    CHANGES = 7
    CANCELLED = 8


#: Nouns for problems, by exit code. `read_back` reads them: Pulumi passes on a program's text only.
_NOUNS: Final = {
    ExitCode.ERROR: ("failure", "failures"),
    ExitCode.CONFIGURATION: ("problem", "problems"),
    ExitCode.AUTHENTICATION: ("refusal", "refusals"),
}
_LAST: Final = re.compile(r"\d+ (\w+)\. Nothing was changed\.")
_PLACED: Final = re.compile(r"(?P<file>[^\s:]+):(?P<line>\d+): (?P<text>.+)")


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake at one place."""

    file: str
    """Path relative to the working directory, or the name of another source such as `GitHub`."""
    line: int
    """1-based; 0 if the problem has no line."""
    path: str
    """Keys from the top of the file, joined by dots; empty for the file as a whole."""
    text: str
    """What was found, what is allowed, what to do."""

    def __str__(self) -> str:
        """`file:line: path: text`, the form that editors and terminals make clickable."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        # Texts of GitHub, AWS, Pulumi and declarations come from outside, so sanitise them.
        return message(": ".join(part for part in (place, self.path, self.text) if part))


class ConfigurationError(Exception):
    """Problems found before anything was written.

    Attributes:
        problems: every problem, sorted by place.
        exit_code: 2 for a wrong declaration, 3 when GitHub refuses the token, 1 when it is down.
    """

    def __init__(
        self, problems: Iterable[Problem], exit_code: ExitCode = ExitCode.CONFIGURATION
    ) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.exit_code = exit_code
        super().__init__(str(self))

    def __str__(self) -> str:
        """One line for each problem, then their number and "Nothing was changed."."""
        count = len(self.problems)
        noun = _NOUNS[self.exit_code][count != 1]
        lines = [str(problem) for problem in self.problems]
        return "\n".join([*lines, f"{count} {noun}. Nothing was changed."])


def read_back(text: str) -> ConfigurationError | None:
    """The error that ended a program, parsed from Pulumi's output; None if there is none in it."""
    *lines, last = text.strip().removeprefix("error: ").splitlines() or [""]
    found = _LAST.fullmatch(last)
    codes = [code for code, nouns in _NOUNS.items() if found and found[1] in nouns]
    return ConfigurationError([_placed(line) for line in lines], codes[0]) if codes else None


def _placed(line: str) -> Problem:
    found = _PLACED.fullmatch(line)
    if found is None:
        return Problem("", 0, "", line)
    return Problem(found["file"], int(found["line"]), "", found["text"])


def shown(path: Path) -> str:
    """A path as the user knows it: relative to the working directory, if both are in the project.

    Terminals and editors open such a path by a click.
    """
    here, there, project = Path.cwd(), path.resolve(), project_folder()
    if there.is_relative_to(here) or (project is not None and there.is_relative_to(project)):
        return os.path.relpath(there, here)
    return str(path)
