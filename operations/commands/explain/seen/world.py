"""The findings of one look at GitHub and AWS, beside the declaration of one repository.

Deliberately absent: the job, and the judgement.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.documents.workflows import declared_workflows
from components.model.branches import as_found
from components.model.plan import as_offered
from components.model.repository import Repository
from components.model.stack import Account, StackSettings
from components.model.types import EnvironmentName
from operations.commands.explain.seen.look import Home, read_home
from operations.commands.explain.step import Mend
from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.guard.consent import needs_consent
from operations.live.answers import readable
from operations.live.aws import read_roles
from operations.live.github.api import GitHub
from operations.live.observed import Observed, ObservedAccount
from operations.live.obstacles import Obstacle, obstacles
from operations.terminal.reason import reason

#: Obstacles that a declaration by another name mends.
_NAMES: Final = frozenset({"missing", "renamed", "transferred"})


@dataclass(frozen=True)
class World:
    """A repository as declared and as it is."""

    files: StackFiles
    declared: Repository
    home: Home | None
    """None if GitHub shows no such repository."""
    accounts: Mapping[str, ObservedAccount]
    """By account id: those that were asked and answered."""
    unseen: Mapping[str, str]
    """Why an account did not answer, by account id."""

    @property
    def settings(self) -> StackSettings:
        """The stack's settings."""
        return self.files.stack.settings

    @cached_property
    def repository(self) -> Repository:
        """The declaration with the branches and rules that GitHub's facts give it."""
        if self.home is None:
            return self.declared
        return as_found(as_offered(self.declared, self.home.live.offered), self.home.live)

    @cached_property
    def contents(self) -> Mapping[str, str]:
        """The workflow files as declared, by name."""
        return declared_workflows(self.repository, self.settings)

    def account(self, environment: EnvironmentName) -> Account:
        """The account of an environment, as declared."""
        return self.settings.account(environment)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The differences of the repository and of the accounts that were asked."""
        stack = self.files.stack.model_copy(
            update={"repositories": (self.declared,), "leaving": ()}
        )
        every = {one.account_id for _, one in self.settings.distinct_accounts()}
        unseen = dict.fromkeys(every - self.accounts.keys(), "not asked")
        live = self.home.live if self.home else None
        return tuple(
            compare(stack, Observed({self.declared.name: live}, self.accounts, unseen=unseen))
        )

    def up(self, text: str, *rules: str) -> Mend:
        """The mend by `slipway up`, with the consent that it asks for.

        Args:
            text: what it does.
            rules: beginnings of the rules of the findings that it repairs. Repairs of files,
                branches and variables need no consent: no rule is given for them.
        """
        meant = (one for one in self.findings if one.rule.startswith(rules))
        command = f"slipway up {self.files.stack.name}"
        mend = f"`{command}` {text}"
        if any(map(needs_consent, meant)):
            lists = f"run `{command}`, which lists an identifier"
            mend = f"{lists}, and give it: `{command} --accept ID` {text}"
        first = self.obstacle_mend()
        return replace(first, text=f"{first.text}; then {mend}") if first else Mend(text=mend)

    def obstacle_mend(self) -> Mend | None:
        """The change that is needed before `up` takes the repository; None if none is."""
        full_name = f"{self.settings.owner}/{self.declared.name}"
        found = next(obstacles(full_name, self.home.live if self.home else None), None)
        if found is None:
            return None
        return self.mend_of(found)

    def mend_of(self, obstacle: Obstacle) -> Mend:
        """The remedy of an obstacle: the declared name, or a page of GitHub's settings."""
        text = obstacle.text.partition(": ")[2]
        if obstacle.kind in _NAMES:
            return Mend(text=text, place=self.at(("repository",), ""))
        page = f"{self.home.live.html_url}/settings" if self.home else ""
        return Mend(text=text, url=page if obstacle.kind == "archived" else "")

    def at(self, path: Path_, text: str) -> Problem:
        """A place in the repository's declaration: its own file, unless the defaults have the key.

        Args:
            path: of the key.
            text: of the problem.
        """
        if ("defaults", *path) in self.files.settings_document.lines:
            return self.files.problem(self.declared, path, text)
        own = self.files.problem(self.declared, path, text)
        top = self.files.problem(self.declared, ("repository",), text)
        return own if own.file == top.file else replace(top, path=".".join(map(str, path)))

    def in_account(self, environment: EnvironmentName, key: str, text: str) -> Problem:
        """A place in the stack's declaration of an environment's account."""
        return self.files.settings_document.problem(("accounts", environment, key), text)


def look(
    files: StackFiles,
    github: GitHub,
    repository: Repository,
    environments: Collection[EnvironmentName],
) -> World:
    """Read the repository, and the accounts of the environments.

    Raises:
        ConfigurationError: GitHub refuses, or cannot be reached. An account that does not answer is
            no error: GitHub's side can be judged without it.
    """
    settings = files.stack.settings
    home = read_home(github, settings, repository)
    accounts: dict[str, ObservedAccount] = {}
    unseen: dict[str, str] = {}
    for number, (account, roles) in _asked(settings, repository, environments).items():
        try:
            source = f"AWS account {number}"
            accounts[number] = readable(source, partial(read_roles, account, roles))
        except ConfigurationError as error:
            unseen[number] = reason(error)
    return World(files, repository, home, accounts, unseen)


def _asked(
    settings: StackSettings, repository: Repository, environments: Iterable[EnvironmentName]
) -> dict[str, tuple[Account, list[str]]]:
    """Each account once, with the roles in it, by account id."""
    asked: dict[str, tuple[Account, list[str]]] = {}
    for name in environments:
        account = settings.account(name)
        _, roles = asked.setdefault(account.account_id, (account, []))
        roles.append(repository.role_name(settings.owner, name))
    return asked
