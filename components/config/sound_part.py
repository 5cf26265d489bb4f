"""Read the part of a stack whose declarations have no problem, so that it can be asked about.

A problem of a repository's file leaves out this file alone. A problem anywhere else, such as in
`_stack.yaml`, leaves nothing: what it says holds for every repository. The files that are left are
judged again, as some problems are looked for only in a stack without others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from components.config.problems import ConfigurationError, ExitCode, Problem, shown
from components.config.stack_files import StackFiles
from components.config.stacks import SETTINGS_FILE


@dataclass(frozen=True)
class Declared:
    """The declarations of a stack's folder, and their problems."""

    files: StackFiles | None
    """The declarations without a problem; None if nothing can be said without the others."""
    problems: tuple[Problem, ...] = ()
    """All problems, sorted by place."""
    left_out: tuple[str, ...] = ()
    """Files with problems, relative to the folder."""
    code: ExitCode = ExitCode.CONFIGURATION
    """The exit code of the problems."""


def read_declared(
    folder: Path, judge: Callable[[StackFiles], Iterable[Problem]], *, files: StackFiles | None
) -> Declared:
    """Read a stack's folder.

    Args:
        folder: the folder.
        judge: finds further problems of declarations that can be read.
        files: the whole folder, if it was read before.
    """
    problems: set[Problem] = set()
    left: set[str] = set()
    while True:
        code, part = ExitCode.CONFIGURATION, files
        try:
            part = part or StackFiles(folder, without=left)
            found = set(judge(part))
        except ConfigurationError as error:
            found, code = set(error.problems), error.exit_code
        problems |= found
        more = _files_of(folder, found)
        if more is None or more <= left:
            told = tuple(sorted(problems))
            return Declared(None if found else part, told, tuple(sorted(left)), code)
        left |= more
        files = None


def _files_of(folder: Path, problems: Iterable[Problem]) -> set[str] | None:
    """The repositories' files that have the problems; None if something else has one."""
    paths = (path for path in folder.rglob("*") if path != folder / SETTINGS_FILE)
    names = {shown(path): str(path.relative_to(folder)) for path in paths}
    found = {names.get(problem.file) for problem in problems}
    return None if None in found else {name for name in found if name}
