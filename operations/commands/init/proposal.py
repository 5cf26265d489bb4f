"""Propose a new `_stack.yaml`: the wanted settings, completed by what GitHub and AWS have.

Every answer is told to the user, also that there is none. Deliberately absent: the decision to
write the file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from components.config.problems import ConfigurationError, Problem
from components.model.stack import StackSettings
from operations.commands.init.look import Owner, created_elsewhere, look_accounts, look_owner
from operations.commands.init.settings import Wanted, checked
from operations.commands.init.settings_file import settings_text
from operations.terminal.output import talk

_WORDS: Final = {
    "absent": "no OIDC provider of GitHub yet, so this stack creates it",
    "own": "this stack has made the OIDC provider of GitHub",
    "foreign": "the OIDC provider of GitHub is there, so `oidc_provider: existing`",
}


def proposed(stacks: Path, stack: str, wanted: Wanted, owner: Owner | str | None) -> str:
    """The text of the file.

    Args:
        stacks: folder of all stacks.
        stack: name of the new one.
        wanted: complete settings.
        owner: the owner as GitHub shows it, or the reason why GitHub could not be asked; None if
            it was not asked yet.

    Raises:
        ConfigurationError: the model refuses a value, GitHub knows no such owner, or no credentials
            would reach all accounts.
    """
    settings = wanted.settings()
    _check_roles(settings)
    owner = owner or look_owner(settings.github, settings.owner)
    login, told = None, False
    if isinstance(owner, Owner):
        login, told = owner.login, owner.plan is not None
    talk(f"{settings.github.host}: {owner if login else f'not looked at: {owner}'}")
    providers, existing = _providers(
        look_accounts(stack, settings), created_elsewhere(stacks, stack, settings)
    )
    final = checked(wanted.data(login, existing))
    return settings_text(stack, final, providers, plan_is_told=told)


def _providers(
    found: Mapping[str, str], elsewhere: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    """The file's words about each account's provider, and the accounts with `existing`.

    Args:
        found: by account the state of its provider, or the reason why AWS could not be asked.
        elsewhere: by account the other stack that declares to create the provider.
    """
    words: dict[str, str] = {}
    existing: set[str] = set()
    for account, answer in found.items():
        if answer in _WORDS:
            words[account] = answer
        talk(f"AWS account {account}: {_WORDS.get(answer) or f'not looked at: {answer}'}")
        if answer == "foreign":
            existing.add(account)
        elif answer != "own" and account in elsewhere:
            words[account] = (
                f"The stack {elsewhere[account]} creates the account's OIDC provider of GitHub: "
                "its `up` comes first."
            )
            existing.add(account)
            talk(f"AWS account {account}: {words[account]}")
    return words, existing


def _check_roles(settings: StackSettings) -> None:
    """Refuse accounts that no credentials reach in one run.

    Raises:
        ConfigurationError: two accounts have no role to assume.
    """
    own = [one.account_id for _, one in settings.distinct_accounts() if not one.assume_role]
    if len(own) > 1:
        text = (
            f"is missing: no credentials are of {' and '.join(own)} at once; name the role that "
            "slipway assumes in each, as in `slipway`"
        )
        raise ConfigurationError([Problem("--assume-role", 0, "", text)])
