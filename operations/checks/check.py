"""The result of one check, and those of one stack.

A check that could not be asked has a result of its own and is never fine. Deliberately absent: how
a result is shown (`as_text`, `as_json`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.terminal.lists import counted
from operations.terminal.reason import reason


class Result(StrEnum):
    """How a check ended, the worst first."""

    PROBLEM = "problem"
    NOT_ASKED = "not asked"
    NOTICE = "notice"
    OK = "ok"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check."""

    name: str
    """What was asked."""
    of: str
    """The owner on GitHub, or the account at AWS."""
    result: Result
    """How it ended."""
    answer: str
    """What was looked at and found, or why it was not asked; one line."""
    problems: tuple[Problem, ...] = ()
    """What has to be changed, each with its place."""
    notices: tuple[Problem, ...] = ()
    """What `up` survives and the user should know, each with its place."""
    code: ExitCode = ExitCode.CONFIGURATION
    """The exit code of its problems."""


@dataclass(frozen=True, kw_only=True)
class StackChecks:
    """The checks of one stack."""

    stack: str
    """Its name."""
    owner: str = ""
    """The owner of its repositories; empty if the declarations cannot be read."""
    repositories: int = 0
    """How many are declared."""
    checks: tuple[Check, ...]
    """In the order in which they are shown."""
    notices: tuple[str, ...] = ()
    """Further lines for people, which belong to no check."""

    @property
    def problems(self) -> list[Problem]:
        """The problems of all checks."""
        return [problem for check in self.checks for problem in check.problems]

    @property
    def codes(self) -> list[ExitCode]:
        """The exit codes of checks with problems."""
        return [check.code for check in self.checks if check.problems]


DECLARATIONS: Final = "declarations"
LEFT_OUT: Final = "left out"
#: The answer about objects that no declaration has.
NONE: Final = "none is declared"


def read_well(count: int, notices: Sequence[Problem] = ()) -> Check:
    """The check of declarations without a problem; `notices` are what they accept."""
    answer = f"{counted(count, 'repository', 'repositories')} declared" if count else NONE
    return judged(DECLARATIONS, "files", (), answer, notices=notices)


def read_badly(problems: Sequence[Problem], code: ExitCode, *, asked: bool) -> Check:
    """The check of declarations with problems.

    Args:
        problems: all of them.
        code: their exit code.
        asked: whether GitHub and AWS are asked about the other declarations.
    """
    found = counted(len(problems), "problem", "problems")
    return Check(
        name=DECLARATIONS,
        of="files",
        result=Result.PROBLEM,
        answer=found if asked else f"{found}; GitHub and AWS were not asked",
        problems=tuple(problems),
        code=code,
    )


def left_out(files: Sequence[str]) -> Check:
    """The line of repositories about which slipway does not ask, as their files have problems."""
    them = "it" if len(files) == 1 else "them"
    return not_asked(LEFT_OUT, "files", f"{', '.join(files)}: correct {them} first")


def judged(  # noqa: PLR0913 - one check is made of them
    name: str,
    of: str,
    problems: Sequence[Problem],
    answer: str,
    *,
    notices: Sequence[Problem] = (),
    code: ExitCode = ExitCode.CONFIGURATION,
) -> Check:
    """A check that was asked: its problems and notices tell the result.

    Args:
        name: what was asked.
        of: the owner or the account.
        problems: what has to be changed.
        answer: what was looked at; the number of problems or notices follows it.
        notices: what the user should know.
        code: the exit code of the problems.
    """
    result, found = Result.OK, ""
    if problems:
        result, found = Result.PROBLEM, counted(len(problems), "problem", "problems")
    elif notices:
        result, found = Result.NOTICE, counted(len(notices), "notice", "notices")
    return Check(
        name=name,
        of=of,
        result=result,
        answer=f"{answer}: {found}" if found else answer,
        problems=tuple(problems),
        notices=tuple(notices),
        code=code,
    )


def not_asked(name: str, of: str, why: str, notices: Sequence[Problem] = ()) -> Check:
    """A check that could not be asked."""
    return Check(name=name, of=of, result=Result.NOT_ASKED, answer=why, notices=tuple(notices))


def failed(name: str, of: str, error: ConfigurationError) -> Check:
    """A check whose question itself failed: out of reach is not asked, a refusal is a problem."""
    out_of_reach = error.exit_code is ExitCode.ERROR
    return Check(
        name=name,
        of=of,
        result=Result.NOT_ASKED if out_of_reach else Result.PROBLEM,
        answer=reason(error),
        problems=error.problems,
        code=error.exit_code,
    )
