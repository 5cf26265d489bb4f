"""Ask for the settings of a new stack that no option gives, one question at a time.

A wrong answer is refused at once with the model's words, and the question is asked again. Ctrl-D
ends the questions with `EOFError`. Deliberately absent: the decision whether questions are allowed.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from components.config.problems import ConfigurationError
from components.config.sanitize import message
from components.model.github_host import GitHubHost
from components.model.types import ENVIRONMENTS, AccountId, Login, Region
from operations.commands.init.look import Owner, look_owner
from operations.commands.init.settings import NO_ROLE, Wanted, refusal
from operations.live.aws import own_account
from operations.terminal.output import talk

#: The name of slipway's own role in documents and samples.
_ROLE: Final = "slipway"
_REGION_VARIABLES: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")


def ask(
    question: str, default: str = "", refused: Callable[[str], str | None] | None = None
) -> str:
    """An answer without spaces around it; the default for an empty one.

    Args:
        question: a noun.
        default: shown in brackets; without it an empty answer is asked again.
        refused: says why an answer is not accepted.

    Raises:
        EOFError: there are no more answers.
    """
    while True:
        shown = f"{question} [{default}]: " if default else f"{question}: "
        answer = _line(shown).strip() or default
        if not answer:
            continue
        if refused is None or (why := refused(answer)) is None:
            return answer
        talk(f"  {why}")


def completed(wanted: Wanted, github: GitHubHost) -> tuple[Wanted, Owner | str | None]:
    """Everything that is needed, and the owner if it was looked at for an answer."""
    owner: Owner | str | None = None
    if wanted.owner is None:
        wanted, owner = _with_owner(wanted, github)
    if len(wanted.regions) < len(ENVIRONMENTS):
        usual = next((os.environ[name] for name in _REGION_VARIABLES if os.environ.get(name)), "")
        default = "" if refusal(Region, usual) else usual
        region = ask("AWS region of the deployments", default, _refused(Region))
        regions = {name: wanted.regions.get(name, region) for name in ENVIRONMENTS}
        wanted = replace(wanted, regions=regions)
    own = _own_account(wanted.regions["dev"])
    default = own or ""
    for name in ENVIRONMENTS:
        if name not in wanted.accounts:
            given = ask(f"AWS account of {name}, 12 digits", default, _refused(AccountId))
            wanted = replace(wanted, accounts={**wanted.accounts, name: given})
        default = wanted.accounts[name]
    if len(wanted.roles) < len(ENVIRONMENTS):
        usual = NO_ROLE if set(wanted.accounts.values()) == {own} else _ROLE
        wanted = wanted.with_role(
            ask(
                f"Role that slipway assumes in each account: its name, or {NO_ROLE}",
                usual,
                lambda role: _role_refusal(wanted, role),
            )
        )
    return wanted, owner


def _with_owner(wanted: Wanted, github: GitHubHost) -> tuple[Wanted, Owner | str]:
    """Ask for the owner until GitHub knows it, or cannot be asked."""
    while True:
        login = ask("Owner of the repositories, an organisation or user", "", _refused(Login))
        try:
            found = look_owner(github, login)
        except ConfigurationError as error:
            if error.problems[0].file != "--owner":
                raise
            talk(f"  {error.problems[0].text}")
        else:
            return replace(wanted, owner=login), found


def _own_account(region: str) -> str | None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see live/aws.py

    try:
        return own_account(region)
    except (BotoCoreError, ClientError) as error:
        talk(f"the account of your AWS credentials is not known: {error}")
        return None


def _refused(kind: Any) -> Callable[[str], str | None]:
    return lambda value: refusal(kind, value)


def _role_refusal(wanted: Wanted, role: str) -> str | None:
    try:
        wanted.with_role(role).settings()
    except ConfigurationError as error:
        return error.problems[0].text
    return None


def _line(prompt: str) -> str:
    """One line; the prompt goes to stderr, where `input` would not write it."""
    print(message(prompt), end="", file=sys.stderr, flush=True)  # noqa: T201 - no line end, so not `talk`
    return input()
