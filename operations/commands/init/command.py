"""`slipway init`: a new stack, from questions to the next commands.

It asks for each setting that no option gives, looks at GitHub and AWS, writes `_stack.yaml` and
makes the stack in Pulumi's backend. It overwrites nothing: a second run keeps existing files and
stacks, and makes the missing ones.
"""

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.sanitize import message
from components.config.stacks import SETTINGS_FILE, stacks_folder
from components.model.github_host import GITHUB_COM, GitHubHost, HostName
from components.model.types import AccountId, Login, Region
from operations.adoption.proposal.declaration_file import write_new
from operations.commands.init.existing import check_existing
from operations.commands.init.kept_key import kept_key
from operations.commands.init.look import Owner
from operations.commands.init.next_steps import next_steps
from operations.commands.init.proposal import proposed
from operations.commands.init.pulumi_stack import Backend, chosen, make_stack, require_engine
from operations.commands.init.questions import ask, completed
from operations.commands.init.settings import Wanted, by_environment, check_stack_name, refusal
from operations.terminal.output import agreed, made_folder, talk
from sandbox.engine.errors import EngineError
from sandbox.engine.find import ensure_engine


def run(options: argparse.Namespace) -> int:
    """Make one stack; 8 without consent."""
    stack: str = options.stack
    check_stack_name(stack)
    wanted = _from_options(options)
    path = stacks_folder() / stack / SETTINGS_FILE
    asking = sys.stdin.isatty() and not options.yes
    there = path.exists()
    if there:
        check_existing(path.parent, wanted)
        talk(f"{path}: is there already and is kept")
    elif not asking and (missing := list(wanted.missing())):
        raise ConfigurationError(missing)
    text: str | None = None
    # slipway adds its own engine to this process's PATH.
    on_path = shutil.which("pulumi") is not None
    try:
        require_engine(_make_engine)
        key, answer = kept_key(stack), ask if asking else None
        backend = chosen(options.backend, options.secrets_provider, key, answer)
        if not there:
            text = _proposal(stack, wanted, asking=asking)
        consent = options.yes or (asking and _agreed(path, text, backend))
    except EOFError:
        talk("")
        consent = False
    if not consent:
        hint = "" if asking else "this is no terminal, so nothing can be asked: give --yes; "
        talk(f"{stack}: {hint}nothing was written")
        return ExitCode.CANCELLED
    if text is not None:
        _write(path, text)
    made = make_stack(stack, backend)
    talk(f"stack {stack}: {'made' if made else 'is there already'}, in {backend.url}")
    talk("\nNext:\n" + "\n".join(next_steps(stack, backend, on_path=on_path)))
    return ExitCode.SUCCESS


def _from_options(options: argparse.Namespace) -> Wanted:
    """The settings that the options give.

    Raises:
        ConfigurationError: with every value that the model refuses.
    """
    wanted = Wanted(
        owner=options.owner,
        host=options.github,
        accounts=by_environment("--account", options.account),
        regions=by_environment("--region", options.region),
        roles=by_environment("--assume-role", options.assume_role),
    )
    given: list[tuple[str, Any, str | None]] = [
        ("--owner", Login, wanted.owner),
        ("--github", HostName, wanted.host),
        *(("--account", AccountId, one) for one in wanted.accounts.values()),
        *(("--region", Region, one) for one in wanted.regions.values()),
    ]
    problems = [
        Problem(option, 0, "", why)
        for option, kind, value in given
        if value is not None and (why := refusal(kind, value))
    ]
    if problems:
        raise ConfigurationError(problems)
    return wanted


def _make_engine() -> None:
    try:
        talk(ensure_engine(talk).origin)
    except EngineError as error:
        raise ConfigurationError([Problem("pulumi", 0, "", str(error))], ExitCode.ERROR) from error


def _proposal(stack: str, wanted: Wanted, *, asking: bool) -> str:
    github = GITHUB_COM if wanted.host is None else GitHubHost(host=wanted.host)
    owner: Owner | str | None = None
    if asking:
        wanted, owner = completed(wanted, github)
    return proposed(stacks_folder(), stack, wanted, owner)


def _agreed(path: Path, text: str | None, backend: Backend) -> bool:
    where = message(backend.url)
    if text is None:
        return agreed(f"Make the stack in {where}?")
    talk(f"\n{text}")
    return agreed(f"Write this to {path} and make the stack in {where}?")


def _write(path: Path, text: str) -> None:
    made_folder(path.parent)
    if not write_new(path, text):
        again = "was made by another program meanwhile: run this command again"
        raise ConfigurationError([Problem(str(path), 0, "", again)])
    talk(f"{path}: written")
