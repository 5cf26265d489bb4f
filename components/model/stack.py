"""The model of a stack: repositories of one owner and the AWS accounts of their environments."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from components.model.base import Frozen, mistake, none_is_empty, not_null
from components.model.defaults import Defaults
from components.model.environment import SecretSource
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

#: The issuer of GitHub's id tokens (docs.github.com: OpenID Connect in AWS).
ISSUER = "token.actions.githubusercontent.com"


class Account(Frozen):
    """The AWS account of one environment."""

    account_id: AccountId
    """12 digits, in quotes."""
    region: Region
    """Region of the deployments, for example eu-west-1."""
    assume_role: RoleArn | None = None
    """Role in the account that slipway itself assumes. Default: the caller's own credentials."""
    read_role: RoleArn | None = None
    """Role in the account that slipway itself assumes to read it. If it may only read, previews of
    unreviewed changes cannot write. Default: `assume_role`."""
    oidc_provider: Literal["create", "existing"] = "create"
    """`create`: this stack creates GitHub's OIDC provider in the account, which has at most one."""

    @property
    def partition(self) -> str:
        """The AWS partition of the region."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def oidc_provider_arn(self) -> str:
        """ARN of GitHub's OIDC provider, which AWS derives from the issuer."""
        return f"arn:{self.partition}:iam::{self.account_id}:oidc-provider/{ISSUER}"

    @model_validator(mode="after")
    def _role_is_of_the_account(self) -> Self:
        for key, role in (("assume_role", self.assume_role), ("read_role", self.read_role)):
            if role and role.split(":")[4] != self.account_id:
                raise mistake(
                    f"{key} {role} is not in account {self.account_id}: "
                    "slipway assumes a role of the account it provisions"
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


class StackSettings(Frozen):
    """The content of `_stack.yaml`."""

    owner: Login
    """The organisation or user that owns every repository of the stack."""
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
