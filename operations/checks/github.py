"""The checks of GitHub: the meaning of its answers about a stack, one line for each question.

`operations.live.misfits` finds the problems; here they are sorted by question. Deliberately absent:
objects that exist already (`existing`).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.environment import TEAM
from operations.checks.check import NONE, Check, failed, judged, not_asked
from operations.checks.token_rights import needed_to_write
from operations.live.github.plans import unknown_plan
from operations.live.misfits import Asked, Misfit, named_reviewers
from operations.live.notes import delivery_notes
from operations.live.program import Read
from operations.terminal.lists import counted

OWNER: Final = "owner"
READING: Final = "token: reading"
WRITING: Final = "token: writing"
REPOSITORIES: Final = "repositories"
PLAN: Final = "plan"
REVIEWERS: Final = "reviewers"
BRANCHES: Final = "branches"
RULES: Final = "rules of branches"
EXISTING: Final = "existing objects"
#: The reason of a check whose question GitHub refuses.
UNTOLD: Final = f"GitHub refuses to tell it, see {READING}"
#: All but the owner, which is asked first.
AFTERWARDS: Final = (
    READING,
    WRITING,
    REPOSITORIES,
    PLAN,
    REVIEWERS,
    BRANCHES,
    RULES,
    EXISTING,
)


def refused(owner: str, error: ConfigurationError, *, known: bool) -> Iterator[Check]:
    """The checks if GitHub does not answer, or refuses this token everything.

    Args:
        owner: the stack's owner.
        error: the reason.
        known: whether GitHub has said before that the owner exists.
    """
    rights = known or error.exit_code is ExitCode.AUTHENTICATION
    first = READING if rights else OWNER
    for name in (OWNER, *AFTERWARDS):
        if name == first:
            yield failed(name, owner, error)
        elif name == OWNER and known:
            yield _known(owner)
        else:
            yield not_asked(name, owner, f"see {first}")


def _known(owner: str) -> Check:
    return judged(OWNER, owner, (), "GitHub knows it")


def github_checks(
    files: StackFiles, read: Read, misfits: Sequence[Misfit], lacking: Sequence[Problem]
) -> Iterator[Check]:
    """The checks if GitHub has answered, or refused some questions.

    Args:
        files: the declarations.
        read: the answers.
        misfits: all of the answers that do not fit.
        lacking: permissions that the token lacks.
    """
    owner, answers = files.stack.settings.owner, read.answers
    declared = len(files.stack.repositories)
    repositories = _some(len(read.live.repositories), declared)
    refusals = [answers.refusals[name] for name in sorted(answers.refusals)]
    yield _known(owner)
    yield _reading(owner, [*filter(None, [answers.reviewers_refused]), *refusals], lacking)
    yield _writing(files, read, _of(misfits, "token"))

    def asked(
        name: str,
        asked: Asked,
        answer: str,
        refused: ConfigurationError | None,
        notices: Sequence[Problem] = (),
    ) -> Check:
        problems = _of(misfits, asked)
        if refused and not problems:
            return not_asked(name, owner, UNTOLD)
        return judged(name, owner, problems, answer, notices=notices)

    first = next(iter(refusals), None)
    yield asked(
        REPOSITORIES,
        "repositories",
        f"{repositories} can be onboarded" if declared else NONE,
        first,
    )
    yield _plan(files, read, _of(misfits, "plan"), first)
    named = {one.who for one in named_reviewers(files)}
    refused = answers.reviewers_refused or (first if named else None)
    yield asked(REVIEWERS, "reviewers", _people(named), refused)
    yield asked(BRANCHES, "branches", repositories, first)
    notes = list(delivery_notes(files, read.live))
    requests = sum(len(one.by_pull_request) for one in answers.details.values())
    by = f", {counted(requests, 'branch gets', 'branches get')} files by pull request"
    yield asked(RULES, "rules", f"{repositories}{by if requests else ''}", first, notes)


def _reading(
    owner: str, refusals: Sequence[ConfigurationError], lacking: Sequence[Problem]
) -> Check:
    """Whether the token may read all that was asked for; one problem for each refused question."""
    told: dict[str, Problem] = {}
    for error in refusals:
        for problem in error.problems:
            # The same question about another repository has the same remedy.
            told.setdefault(problem.text.rpartition("): ")[2], problem)
    problems = [*told.values(), *lacking]
    answer = "what `up` needs to read" if problems else "it may read all that was asked for"
    return judged(READING, owner, problems, answer, code=ExitCode.AUTHENTICATION)


def _of(misfits: Sequence[Misfit], asked: Asked) -> list[Problem]:
    return list(dict.fromkeys(one.problem for one in misfits if one.asked == asked))


def _people(named: Collection[str]) -> str:
    """How many users and teams there are, such as `1 user and 2 teams`."""
    teams = sum(who.startswith(TEAM) for who in named)
    users = len(named) - teams
    parts = [counted(users, "user", "users")] * bool(users)
    parts += [counted(teams, "team", "teams")] * bool(teams)
    return " and ".join(parts) or NONE


def _some(there: int, declared: int) -> str:
    if not declared:
        return NONE
    noun = "repository" if declared == 1 else "repositories"
    return f"{declared} {noun}" if there == declared else f"{there} of {declared} {noun}"


def _writing(files: StackFiles, read: Read, problems: list[Problem]) -> Check:
    owner, scopes = files.stack.settings.owner, read.answers.scopes
    code = ExitCode.AUTHENTICATION
    if problems or scopes is not None:
        answer = f"scopes {', '.join(sorted(scopes))}" if scopes else "administrator's rights"
        return judged(WRITING, owner, problems, answer, code=code)
    needed = ", ".join(needed_to_write(files.stack, read.answers.details))
    why = f"GitHub tells it of classic tokens only; `up` needs to write {needed}"
    return not_asked(WRITING, owner, why)


def _plan(
    files: StackFiles, read: Read, problems: list[Problem], refused: ConfigurationError | None
) -> Check:
    owner, told, stated = files.stack.settings.owner, read.answers.told, files.stack.settings.plan
    there = (read.answers.details[name] for name in read.live.repositories)
    hidden = sum(1 for one in there if not one.public)
    which = counted(hidden, "repository is not public", "repositories are not public")
    if refused and not problems:
        return not_asked(PLAN, owner, UNTOLD)
    if problems or not hidden or told:
        plan = told or stated or "not told"
        answer = f"{plan}, {which}" if hidden else "every repository is public, so any plan will do"
        return judged(PLAN, owner, problems, answer)
    if stated:
        return not_asked(PLAN, owner, f"GitHub does not tell it; the stated {stated} was taken")
    # Without it `up` may end half-way: GitHub refuses environments or rules that a plan lacks.
    if unknown := list(unknown_plan(files, read.live)):
        return judged(PLAN, owner, unknown, which)
    return not_asked(PLAN, owner, f"GitHub does not tell it; {which}, none has an environment")
