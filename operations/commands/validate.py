"""`slipway validate` checks every declaration and writes nothing.

With `--live` it asks GitHub, AWS and Pulumi's state for everything that `up` will need
(`operations.checks`), and prints one table. A problem of one declaration hides no other question.
"""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from components.config.baseline import judged, today
from components.config.other_stacks import SAMPLES, declared_elsewhere, targets_elsewhere
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.sound_part import read_declared
from components.config.stack_files import StackFiles
from components.config.stacks import stack_folders, stacks_folder
from components.model.stack import Stack
from operations.checks.check import StackChecks
from operations.checks.forms.as_json import as_json
from operations.checks.forms.as_text import print_checks
from operations.checks.stack import declared_only, looked_at
from operations.checks.workflows.check import chain_problems
from operations.checks.workflows.notices import notices, unsaid_dependencies
from operations.checks.workflows.requirements import Requirements
from operations.terminal.lists import counted
from operations.terminal.output import console, data, talk


def run(options: argparse.Namespace) -> int:
    """Check one stack or all stacks, and report the problems of all of them at once.

    Raises:
        ConfigurationError: there are problems; the table or the JSON is printed before.
    """
    folders = [stacks_folder() / options.stack] if options.stack else stack_folders()
    checked: list[StackChecks] = []
    stacks: list[Stack] = []
    requirements = Requirements()
    read: dict[Path, StackFiles | None] = {}
    for folder in folders:
        declared = read_declared(folder, partial(_problems, read=read), files=read.get(folder))
        if declared.files is not None and not declared.problems:
            read[folder] = declared.files
        if options.live and declared.files is not None:
            checks = looked_at(declared, declared.files, requirements)
        else:
            checks = declared_only(folder, declared)
        checked.append(checks)
        # A remark about a sample helps those who look at it: they name it.
        named = options.stack or folder.name not in SAMPLES
        if declared.files is not None and not checks.problems and named:
            stacks.append(declared.files.stack)
    if options.json:
        data(as_json(checked, live=options.live))
    elif options.live:
        print_checks(checked, console())
    _tell(checked, stacks, as_data=not options.json)
    if problems := [problem for one in checked for problem in one.problems]:
        raise ConfigurationError(problems, max(code for one in checked for code in one.codes))
    for line in notices(stacks, today()):
        talk(line)
    for line in requirements.notices() if options.live else unsaid_dependencies(stacks):
        talk(line)
    return ExitCode.SUCCESS


def _problems(files: StackFiles, read: dict[Path, StackFiles | None]) -> list[Problem]:
    """Problems of declarations that can be read; `read` has stacks that were read before."""
    elsewhere = [*declared_elsewhere(files), *targets_elsewhere(files, read)]
    return [*elsewhere, *judged(files, today()).problems, *chain_problems(files)]


def _tell(checked: Sequence[StackChecks], stacks: Sequence[Stack], *, as_data: bool) -> None:
    """The line of each stack without a problem, and what the user should know about it."""
    secrets = {stack.name: sum(1 for _ in stack.managed_secrets()) for stack in stacks}
    for one in checked:
        if one.problems:
            continue
        if as_data:
            noun = counted(one.repositories, "repository", "repositories")
            data(f"{one.stack}: {noun}, no problem")
        if count := secrets.get(one.stack):
            values = counted(count, "secret, whose value", "secrets, whose values")
            talk(f"{one.stack}: {values} `pulumi preview` looks for")
        for check in one.checks:
            for notice in check.notices:
                talk(str(notice))
        for line in one.notices:
            talk(line)
