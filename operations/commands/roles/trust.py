"""`slipway trust` lists which id-tokens each role of a stack admits; it reads only."""

import argparse

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from operations.commands.roles.admission import admissions
from operations.commands.roles.as_json import as_json
from operations.commands.roles.as_text import print_admissions
from operations.live.observer import Partly, observe
from operations.terminal.output import console, data, progress, talk


def run(options: argparse.Namespace) -> int:
    """Print the roles; 1 if an account could not be read."""
    stack = StackFiles(stacks_folder() / options.stack).stack
    with progress(f"{stack.name}: looking") as told:
        partly = Partly(failures=(ExitCode.ERROR,))
        observed = observe(stack, cache=options.cache, progress=told, partly=partly)
    found = list(admissions(stack, observed))
    if options.json:
        data(as_json(stack.name, found))
    else:
        print_admissions(stack.settings.owner, found, console())
    for name, live in observed.repositories.items():
        if live is None and not any(one.name == name for one in stack.leaving):
            talk(f"{stack.settings.owner}/{name} is not shown by GitHub")
    for account, why in observed.unseen.items():
        talk(f"AWS account {account} could not be read: {why}")
    return ExitCode.ERROR if observed.unseen else ExitCode.SUCCESS
