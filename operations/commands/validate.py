"""`slipway validate` checks every declaration and writes nothing."""

import argparse
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from components.config.oidc_accounts import provider_problems
from components.config.other_stacks import declared_elsewhere, targets_elsewhere
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.stacks import stack_folders, stacks_folder
from components.model.branches import stack_as_found
from components.model.stack import Account, Stack
from operations.diff.accounts import (
    account_notices,
    account_problems,
    declared_policies,
    declared_roles,
)
from operations.live.account_facts import AccountFacts, read_facts
from operations.live.aws import OtherAccountError
from operations.live.github.api import GitHub
from operations.live.github.plans import unknown_plan
from operations.live.observed import Observed, provider_tags
from operations.live.program import read_live
from operations.terminal.output import data, talk
from operations.workflow_checks.check import chain_problems
from operations.workflow_checks.notices import followed_branches, notices, unsaid_dependencies
from operations.workflow_checks.requirements import Requirements


def run(options: argparse.Namespace) -> int:
    """Check one stack or all stacks, and report the problems of all of them at once."""
    folders = [stacks_folder() / options.stack] if options.stack else stack_folders()
    problems: list[Problem] = []
    codes: list[ExitCode] = []
    stacks: list[Stack] = []
    requirements = Requirements()
    read: dict[Path, StackFiles | None] = {}
    for folder in folders:
        try:
            files = read[folder] = read.get(folder) or StackFiles(folder)
            elsewhere = [*declared_elsewhere(files), *targets_elsewhere(files, read)]
            if found := [*elsewhere, *chain_problems(files)]:
                raise ConfigurationError(found)  # noqa: TRY301 - one place collects
            if options.live:
                _check_live(files, requirements)
        except ConfigurationError as error:
            problems += error.problems
            codes.append(error.exit_code)
            continue
        stacks.append(files.stack)
        count = len(files.stack.repositories)
        noun = "repository" if count == 1 else "repositories"
        data(f"{folder.name}: {count} {noun}, no problem")
        if secrets := sum(1 for _ in files.stack.managed_secrets()):
            talk(f"{folder.name}: {secrets} secrets, whose values `pulumi preview` looks for")
    if problems:
        raise ConfigurationError(problems, max(codes))
    for notice in notices(stacks, datetime.now(UTC).date()):
        talk(notice)
    for notice in requirements.notices() if options.live else unsaid_dependencies(stacks):
        talk(notice)
    return ExitCode.SUCCESS


def _check_live(files: StackFiles, requirements: Requirements) -> None:
    """Ask GitHub and AWS.

    Raises:
        ConfigurationError: a declaration does not fit what they have, or they refuse.
    """
    settings = files.stack.settings
    github = GitHub.for_owner(settings.owner, settings.github)
    live = read_live(files, github)
    for note in unknown_plan(files, live):
        talk(str(note))
    _check_accounts(files)
    found = stack_as_found(files.stack, live.repositories)
    for notice in followed_branches(files.stack, found):
        talk(notice)
    requirements.ask(found, github)


def _check_accounts(files: StackFiles) -> None:
    """Ask each AWS account what `up` needs of it. An unreachable account is only mentioned.

    Raises:
        ConfigurationError: `up` would fail in an account.
    """
    accounts = list(files.stack.settings.distinct_accounts())
    with ThreadPoolExecutor(len(accounts)) as pool:
        answers = list(pool.map(lambda one: _facts(files, one[1]), accounts))
    problems: list[Problem] = []
    code = ExitCode.CONFIGURATION
    observed = {}
    for (name, account), facts in zip(accounts, answers, strict=True):
        if isinstance(facts, OtherAccountError):
            place = ("accounts", name, "account_id")
            problems.append(files.settings_document.problem(place, facts.text))
            code = ExitCode.AUTHENTICATION
        elif isinstance(facts, ConfigurationError):
            talk(f"{files.stack.name}: the account was not looked at: {facts.problems[0]}")
        else:
            observed[account.account_id] = facts.observed
            problems += account_problems(files, name, account, facts)
            for notice in account_notices(files, account, facts):
                talk(notice)
    problems += provider_problems(files, provider_tags(Observed({}, observed)))
    if problems:
        raise ConfigurationError(problems, code)


def _facts(files: StackFiles, account: Account) -> AccountFacts | ConfigurationError:
    policies = {arn for _, arn in declared_policies(files, account)}
    try:
        return read_facts(account, declared_roles(files, account), policies)
    except ConfigurationError as error:
        return error
