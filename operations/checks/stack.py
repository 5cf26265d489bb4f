"""Ask GitHub, AWS and Pulumi's state at once what `up` of one stack will need.

GitHub is first asked about the owner alone: without GitHub, its token or its owner, all other
answers would be useless. Then pulumi runs in the main thread, which receives signals, and all other
questions are asked in other threads. Everything here only reads.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from components.config.baseline import judged, today
from components.config.problems import ConfigurationError, Problem
from components.config.sound_part import Declared
from components.config.stack_files import StackFiles
from components.model.branches import stack_as_found
from components.model.stack import Account
from components.model.types import EnvironmentName
from operations.checks import github as of_github
from operations.checks.aws import account_checks, ask_account, unasked
from operations.checks.check import Check, StackChecks, left_out, read_badly, read_well
from operations.checks.direct_commits import refused_commits
from operations.checks.existing import existing_check, read_known
from operations.checks.token_rights import lacking_permissions
from operations.checks.workflows.notices import followed_branches
from operations.checks.workflows.requirements import Requirements
from operations.engine.process import beside, finished
from operations.live.account_facts import AccountFacts
from operations.live.github.api import GitHub
from operations.live.misfits import Misfit, misfits
from operations.live.program import Read, check_owner, read_answers
from operations.state.known_objects import Known


@dataclass(frozen=True)
class _GitHubAnswers:
    read: Read
    misfits: Sequence[Misfit]
    lacking: Sequence[Problem]


_Facts = list[tuple[EnvironmentName, Account, AccountFacts | ConfigurationError]]


def declared_only(folder: Path, declared: Declared) -> StackChecks:
    """The checks of a stack; neither GitHub nor AWS is asked."""
    if declared.problems or declared.files is None:
        bad = read_badly(declared.problems, declared.code, asked=False)
        return StackChecks(stack=folder.name, checks=(bad,))
    return _checks(declared.files, [])


def looked_at(declared: Declared, files: StackFiles, requirements: Requirements) -> StackChecks:
    """The checks of a stack, with those that ask GitHub and AWS about the part without problems.

    Args:
        declared: what its folder declares.
        files: the part without problems.
        requirements: see `look`.
    """
    found = look(files, requirements)
    if not declared.problems:
        return found
    _, *asked = found.checks
    bad = read_badly(declared.problems, declared.code, asked=True)
    return replace(found, checks=(bad, left_out(declared.left_out), *asked))


def look(files: StackFiles, requirements: Requirements) -> StackChecks:
    """Ask everything that `up` will need.

    Args:
        files: the declarations, which are fine.
        requirements: gets GitHub's answers about Lambda zips.
    """
    settings = files.stack.settings
    try:
        github = GitHub.for_owner(settings.owner, settings.github)
        check_owner(files, github)
    except ConfigurationError as error:
        checks = list(of_github.refused(settings.owner, error, known=False))
        for _, account in settings.distinct_accounts():
            checks += unasked(files, account, "GitHub is asked first")
        return _checks(files, checks)
    with beside(partial(_ask, files, github)) as asking:
        state = read_known(files.stack.name)
        answers, facts = finished(asking)
    if isinstance(answers, ConfigurationError):
        checks = list(of_github.refused(settings.owner, answers, known=True))
        notices: list[str] = []
    else:
        found = of_github.github_checks(files, answers.read, answers.misfits, answers.lacking)
        checks = [*found, existing_check(github, files, answers.read, state)]
        notices = _notices(files, github, answers, requirements)
    known = state if isinstance(state, Known) else None
    for name, account, told in facts:
        checks += account_checks(files, name, account, told, known)
    return _checks(files, checks, notices)


def _checks(files: StackFiles, checks: Sequence[Check], notices: Sequence[str] = ()) -> StackChecks:
    count = len(files.stack.repositories)
    return StackChecks(
        stack=files.stack.name,
        owner=files.stack.settings.owner,
        repositories=count,
        checks=(read_well(count, judged(files, today()).accepted), *checks),
        notices=tuple(notices),
    )


def _ask(files: StackFiles, github: GitHub) -> tuple[_GitHubAnswers | ConfigurationError, _Facts]:
    accounts = list(files.stack.settings.distinct_accounts())
    with ThreadPoolExecutor(len(accounts)) as pool:
        facts = [(name, one, pool.submit(ask_account, files, one)) for name, one in accounts]
        answers = _ask_github(files, github)
        return answers, [(name, one, future.result()) for name, one, future in facts]


def _ask_github(files: StackFiles, github: GitHub) -> _GitHubAnswers | ConfigurationError:
    try:
        read = read_answers(files, github, partly=True)
        details = read.answers.details
        found = list(misfits(files, read.answers))
        found += [Misfit("rules", one) for one in refused_commits(github, files, details)]
        lacking = list(lacking_permissions(github, files.stack, details))
    except ConfigurationError as error:
        return error
    return _GitHubAnswers(read, found, lacking)


def _notices(
    files: StackFiles, github: GitHub, answers: _GitHubAnswers, requirements: Requirements
) -> list[str]:
    """Remarks that belong to no check; if there is a problem, GitHub is asked nothing more."""
    refused = answers.read.answers.refusals or answers.read.answers.reviewers_refused
    if answers.misfits or answers.lacking or refused:
        return []
    live = answers.read.live
    found = stack_as_found(files.stack, live.repositories)
    requirements.ask(found, github)
    return list(followed_branches(files.stack, found))
