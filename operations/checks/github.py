"""The checks of GitHub: what its answers about a stack mean, one line for each question.

What is wrong is told by `operations.live.misfits` and the questions themselves; here it is sorted
by question. Deliberately absent: objects that exist already (`existing`).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from operations.checks.check import Check, counted, failed, judged, not_asked
from operations.live.github.plans import unknown_plan
from operations.live.github.token_rights import needed_to_write
from operations.live.misfits import Asked, Misfit, named_reviewers
from operations.live.program import Read

OWNER: Final = "owner"
READING: Final = "token: reading"
WRITING: Final = "token: writing"
REPOSITORIES: Final = "repositories"
PLAN: Final = "plan"
REVIEWERS: Final = "reviewers"
BRANCHES: Final = "branches"
RULES: Final = "rules of branches"
EXISTING: Final = "existing objects"
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


def refused(owner: str, error: ConfigurationError, first: str) -> Iterator[Check]:
    """The checks if GitHub does not answer, or refuses.

    Args:
        owner: the stack's owner.
        error: the reason.
        first: the check that the error belongs to; earlier ones are fine.
    """
    order = (OWNER, *AFTERWARDS)
    for name in order:
        if name == first:
            yield failed(name, owner, error)
        elif order.index(name) < order.index(first):
            yield judged(name, owner, (), "GitHub knows it")
        else:
            yield not_asked(name, owner, f"see {first}")


def github_checks(
    files: StackFiles, read: Read, misfits: Sequence[Misfit], lacking: Sequence[Problem]
) -> Iterator[Check]:
    """The checks if GitHub has answered.

    Args:
        files: the declarations.
        read: the answers.
        misfits: all of the answers that do not fit.
        lacking: permissions that the token lacks.
    """
    owner, details = files.stack.settings.owner, read.answers.details
    repositories = _some(len(details), len(files.stack.repositories))
    yield judged(OWNER, owner, (), "GitHub knows it")
    answer = "GitHub answered every question, as far as asked"
    code = ExitCode.AUTHENTICATION
    yield judged(READING, owner, lacking, answer, code=code)
    yield _writing(files, read, _of(misfits, "token"))
    yield judged(REPOSITORIES, owner, _of(misfits, "repositories"), f"{repositories} ready")
    yield _plan(files, read, _of(misfits, "plan"))
    named = {one.who for one in named_reviewers(files)}
    answer = counted(len(named), "user or team", "users and teams") if named else "none is declared"
    yield judged(REVIEWERS, owner, _of(misfits, "reviewers"), answer)
    yield judged(BRANCHES, owner, _of(misfits, "branches"), f"of {repositories}")
    requests = sum(len(one.by_pull_request) for one in details.values())
    by = f", {counted(requests, 'branch gets', 'branches get')} files by pull request"
    answer = f"of {repositories}{by if requests else ''}"
    yield judged(RULES, owner, _of(misfits, "rules"), answer)


def _of(misfits: Sequence[Misfit], asked: Asked) -> list[Problem]:
    return list(dict.fromkeys(one.problem for one in misfits if one.asked == asked))


def _some(there: int, declared: int) -> str:
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


def _plan(files: StackFiles, read: Read, problems: list[Problem]) -> Check:
    owner, told, stated = files.stack.settings.owner, read.answers.told, files.stack.settings.plan
    hidden = sum(1 for one in read.answers.details.values() if not one.public)
    which = counted(hidden, "repository is not public", "repositories are not public")
    if problems or not hidden or told:
        answer = f"{told or stated or 'any'}, {which if hidden else 'every repository is public'}"
        return judged(PLAN, owner, problems, answer)
    if stated:
        return not_asked(PLAN, owner, f"GitHub does not tell it; the stated {stated} was taken")
    why = f"GitHub does not tell it; {which}, and every rule is taken as possible"
    return not_asked(PLAN, owner, why, list(unknown_plan(files, read.live)))
