"""The model of a stack: repositories of one owner and the AWS accounts of their environments."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator
from pydantic.json_schema import SkipJsonSchema

from components.model.aws_partitions import Partition, partition_of
from components.model.base import Frozen, mistake, none_is_empty, not_null
from components.model.defaults import Defaults
from components.model.environment import SecretSource
from components.model.github_host import GITHUB_COM, GitHubHost
from components.model.plan import Plan
from components.model.repository import Repository
from components.model.types import (
    ENVIRONMENTS,
    AccountId,
    EnvironmentName,
    Login,
    Region,
    RoleArn,
)


class Account(Frozen):
    """The AWS account of one environment."""

    account_id: AccountId
    """12 digits, in quotes."""
    region: Region
    """Region of the deployments, for example eu-west-1; it tells the partition of AWS."""
    assume_role: RoleArn | None = None
    """Role in the account that slipway itself assumes. Default: the caller's own credentials."""
    read_role: RoleArn | None = None
    """Role in the account that slipway itself assumes to read it. If it may only read, previews of
    unreviewed changes cannot write. Default: `assume_role`."""
    oidc_provider: Literal["create", "existing"] = "create"
    """`create`: this stack creates GitHub's OIDC provider in the account, which has at most one."""

    #: Set by `StackSettings`: an account alone does not say which GitHub it trusts.
    _issuer: str = PrivateAttr(default=GITHUB_COM.issuer)

    @property
    def partition(self) -> str:
        """Name of the region's AWS partition, the second part of all ARNs."""
        return self._partition.name

    @property
    def audience(self) -> str:
        """The audience of the id-tokens that the account's roles accept."""
        return self._partition.audience

    @property
    def issuer(self) -> str:
        """The issuer of the id-tokens that the account's roles accept, without https://."""
        return self._issuer

    @property
    def oidc_provider_arn(self) -> str:
        """ARN of GitHub's OIDC provider, which AWS derives from the issuer."""
        return f"arn:{self.partition}:iam::{self.account_id}:oidc-provider/{self.issuer}"

    @property
    def _partition(self) -> Partition:
        return partition_of(self.region)

    @model_validator(mode="after")
    def _role_is_of_the_account(self) -> Self:
        for key, role in (("assume_role", self.assume_role), ("read_role", self.read_role)):
            if role is None:
                continue
            _, partition, _, _, account, _ = role.split(":", 5)
            if account != self.account_id:
                raise mistake(
                    f"{key} {role} is not in account {self.account_id}: "
                    "slipway assumes a role of the account it provisions"
                )
            if partition != self.partition:
                raise mistake(
                    f"{role} is an ARN of the partition {partition}, and {self.region} is a "
                    f"region of {self.partition}: write arn:{self.partition}:..., or another "
                    "region",
                    key,
                )
        return self


class Accounts(Frozen):
    """One account for each environment; the same account may serve several."""

    dev: Account
    """Account of dev."""
    test: Account
    """Account of test."""
    prod: Account
    """Account of prod."""

    @model_validator(mode="after")
    def _account_has_one_partition(self) -> Self:
        first: dict[str, tuple[EnvironmentName, Account]] = {}
        for name in ENVIRONMENTS:
            account: Account = getattr(self, name)
            other, same = first.setdefault(account.account_id, (name, account))
            if same.partition != account.partition:
                raise mistake(
                    f"{account.region} is a region of {account.partition}, and {other} has the "
                    f"same account in {same.region}, of {same.partition}: an account is in one "
                    "partition of AWS",
                    name,
                    "region",
                )
        return self


class StackSettings(Frozen):
    """The content of `_stack.yaml`."""

    owner: Login
    """The organisation or user that owns every repository of the stack."""
    github: Annotated[GitHubHost, BeforeValidator(lambda v: none_is_empty(v, {}))] = GITHUB_COM
    """The GitHub that has the repositories. Default: github.com."""
    plan: Annotated[Plan | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """The owner's plan on GitHub, if the token may not read it."""
    accounts: Accounts
    """The AWS account of each environment."""
    defaults: Annotated[Defaults, BeforeValidator(lambda v: none_is_empty(v, {}))] = Defaults()
    """Values that every repository inherits."""
    tags: Annotated[dict[str, str], BeforeValidator(lambda v: none_is_empty(v, {}))] = Field(
        default={}, max_length=40
    )
    """Tags of every AWS resource, in addition to slipway's own."""

    @model_validator(mode="after")
    def _not_all_at_once(self) -> Self:
        if self.defaults.offboarding.now:
            text = "would offboard every repository of the stack: write it in a repository's file"
            raise mistake(text, "defaults", "offboarding", "now")
        return self

    @model_validator(mode="after")
    def _accounts_trust_this_github(self) -> Self:
        for name in ENVIRONMENTS:
            self.account(name)._issuer = self.github.issuer  # noqa: SLF001 - see there
        return self

    def account(self, name: EnvironmentName) -> Account:
        """The account of the environment."""
        account: Account = getattr(self.accounts, name)
        return account

    def distinct_accounts(self) -> Iterator[tuple[EnvironmentName, Account]]:
        """Each account once, with the first environment that names it."""
        seen: set[str] = set()
        for name in ENVIRONMENTS:
            account = self.account(name)
            if account.account_id not in seen:
                seen.add(account.account_id)
                yield name, account


class Stack(Frozen):
    """Everything that is declared in `stacks/<name>/`."""

    name: str
    settings: StackSettings
    repositories: tuple[Repository, ...]
    leaving: tuple[Repository, ...] = ()
    """Repositories that are offboarded while their files are still there."""

    @property
    def own_provider_tags(self) -> dict[str, str]:
        """Tags of an OIDC provider that this stack creates, besides the declared ones."""
        return {"managed-by": "slipway", "slipway-stack": self.name}

    def has_made(self, tags: Mapping[str, str]) -> bool:
        """True if this stack created an OIDC provider with these tags; older ones name no stack."""
        stack = tags.get("slipway-stack", self.name)
        return tags.get("managed-by") == "slipway" and stack == self.name

    def roles(self) -> Iterator[tuple[Repository, EnvironmentName, str, str]]:
        """The role of each environment: repository, environment, account id and name."""
        for repository in self.repositories:
            for name in repository.environment_names:
                account = self.settings.account(name).account_id
                yield repository, name, account, repository.role_name(self.settings.owner, name)

    def role_owners(self) -> dict[str, str]:
        """Declared names of repositories by the names of their roles in lower case."""
        return {name.lower(): repository.name for repository, _, _, name in self.roles()}

    def managed_secrets(self) -> Iterator[tuple[Repository, EnvironmentName, str, SecretSource]]:
        """Each secret whose value slipway writes: repository, environment, name and source."""
        for repository in self.repositories:
            for environment in repository.environment_names:
                for name, source in repository.environment(environment).managed_secrets.items():
                    yield repository, environment, name, source
