"""Look at a new stack's owner on GitHub and at its AWS accounts, with the readers of `live`.

If GitHub or AWS cannot be asked, the user is told so, and nothing is guessed: a stack may be
declared before its accounts, roles and tokens exist. Deliberately absent: everything about
repositories, which `slipway validate --live` asks.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from components.config.other_stacks import SAMPLES
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stacks import SETTINGS_FILE
from components.config.yaml_files import read_document
from components.model.github_host import GitHubHost
from components.model.plan import Plan
from components.model.stack import Account, StackSettings
from operations.live.answers import readable
from operations.live.aws import OtherAccountError, explained, iam_client, provider_of
from operations.live.github.api import GitHub
from operations.live.github.plans import read_plan

Provider = Literal["absent", "own", "foreign"]


@dataclass(frozen=True)
class Owner:
    """An owner as GitHub shows it."""

    login: str
    """As GitHub spells it: id-tokens have this spelling."""
    organization: bool
    plan: Plan | None
    """None if GitHub does not tell the plan to this token."""

    def __str__(self) -> str:
        kind = "an organisation" if self.organization else "a user"
        plan = f"with the plan {self.plan}" if self.plan else "whose plan this token may not read"
        return f"{self.login} is {kind} {plan}"


def look_owner(github: GitHubHost, owner: str) -> Owner | str:
    """The owner, or the reason why GitHub could not be asked.

    Raises:
        ConfigurationError: there is no such owner, or the environment names another one.
    """
    try:
        return _owner(GitHub.for_owner(owner, github), owner)
    except ConfigurationError as error:
        if error.exit_code is ExitCode.CONFIGURATION:
            raise
        return str(error.problems[0])


def _owner(github: GitHub, owner: str) -> Owner:
    # Organisations are found there as well (docs.github.com: get a user).
    found = github.get(f"users/{owner}")
    if found is None:
        text = (
            f"GitHub knows no organisation or user {owner!r}: write it as in "
            f"{github.host.host}/OWNER"
        )
        raise ConfigurationError([Problem("--owner", 0, "", text)])
    login, kind = readable("GitHub", lambda: (str(found["login"]), found["type"]))
    if login.lower() != owner.lower():
        text = f"GitHub shows {login!r} as {owner!r}: write the owner's present login"
        raise ConfigurationError([Problem("--owner", 0, "", text)])
    return Owner(login, kind == "Organization", readable("GitHub", read_plan, github, owner))


def look_accounts(stack: str, settings: StackSettings) -> dict[str, Provider | str]:
    """The state of GitHub's OIDC provider, or the reason why AWS was not asked, by account id."""
    accounts = [account for _, account in settings.distinct_accounts()]
    with ThreadPoolExecutor(len(accounts)) as pool:
        found = pool.map(lambda account: _provider(stack, account), accounts)
        return {one.account_id: answer for one, answer in zip(accounts, found, strict=True)}


def _provider(stack: str, account: Account) -> Provider | str:
    try:
        with explained(account):
            audiences, tags = provider_of(iam_client(account), account)
    except OtherAccountError as error:
        return error.text
    except ConfigurationError as error:
        return error.problems[0].text
    if audiences is None:
        return "absent"
    return "own" if _made_by(stack, tags) else "foreign"


def _made_by(stack: str, tags: Mapping[str, str]) -> bool:
    """True if this stack created the provider earlier, under a former `_stack.yaml`."""
    return tags.get("managed-by") == "slipway" and tags.get("slipway-stack") == stack


def created_elsewhere(stacks: Path, stack: str, settings: StackSettings) -> dict[str, str]:
    """The other stack that declares to create the same OIDC provider, by account id."""
    arns = {one.oidc_provider_arn: one.account_id for _, one in settings.distinct_accounts()}
    found: dict[str, str] = {}
    for name, other in _others(stacks, stack):
        for _, account in other.distinct_accounts():
            if account.oidc_provider == "create" and account.oidc_provider_arn in arns:
                found.setdefault(account.account_id, name)
    return found


def _others(stacks: Path, stack: str) -> Iterator[tuple[str, StackSettings]]:
    """Other stacks with correct settings; the samples' accounts do not exist."""
    for path in sorted(stacks.glob(f"*/{SETTINGS_FILE}")):
        if path.parent.name not in SAMPLES | {stack}:
            with suppress(ConfigurationError, ValidationError):
                yield path.parent.name, StackSettings.model_validate(read_document(path).data)
