"""The settings of a new stack, from options or answers, checked by the model of `_stack.yaml`.

Every value passes the model's own types, so no other text gets into the file, into a command line
or into a folder's name. Deliberately absent: questions, and the answers of GitHub and AWS.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from components.config.explain import explain
from components.config.problems import ConfigurationError, Problem
from components.config.yaml_files import Path_
from components.model.aws_partitions import partition_of
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName

#: The word for no role: slipway then uses the caller's own credentials.
NO_ROLE: Final = "none"
#: Names of folders below stacks/ that are no stacks.
_RESERVED: Final = {"schema"}
#: The names that Pulumi allows (pulumi 3.256: tokens.ParseStackName) and that are no option.
_STACK: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
#: The option that an account's key comes from.
_OPTIONS: Final = {
    "account_id": "--account",
    "region": "--region",
    "assume_role": "--assume-role",
}
ByEnvironment = Mapping[EnvironmentName, str]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The settings that the user has given. Accounts, regions and roles are by environment."""

    owner: str | None = None
    host: str | None = None
    accounts: ByEnvironment
    regions: ByEnvironment
    roles: ByEnvironment
    """Names or ARNs of the roles that slipway assumes, or `none`."""

    def data(self, owner: str | None = None, existing: Iterable[str] = ()) -> dict[str, Any]:
        """The content of `_stack.yaml`.

        Args:
            owner: as GitHub spells it; by default as the user does.
            existing: ids of accounts in which another stack or user made the OIDC provider.
        """
        accounts = {name: self._account(name, set(existing)) for name in ENVIRONMENTS}
        github = {"github": {"host": self.host}} if self.host else {}
        return {"owner": owner or self.owner, **github, "accounts": accounts}

    def settings(self) -> StackSettings:
        """The same as a model.

        Raises:
            ConfigurationError: with every value that the model refuses, by its option.
        """
        return checked(self.data())

    def missing(self) -> Iterator[Problem]:
        """Every option that a script has to give."""
        if not self.owner:
            text = "is missing: the organisation or user that owns the repositories"
            yield Problem("--owner", 0, "", text)
        lacking = [name for name in ENVIRONMENTS if name not in self.accounts]
        if lacking:
            text = f"is missing for {', '.join(lacking)}: give {lacking[0]}=ID, or ID for all"
            yield Problem("--account", 0, "", text)
        lacking = [name for name in ENVIRONMENTS if name not in self.regions]
        if lacking:
            text = f"is missing for {', '.join(lacking)}: give a region such as eu-west-1"
            yield Problem("--region", 0, "", text)

    def with_role(self, role: str) -> "Wanted":
        """The same, with this role in each account that has none yet."""
        return replace(self, roles={name: self.roles.get(name, role) for name in ENVIRONMENTS})

    def _account(self, name: EnvironmentName, existing: set[str]) -> dict[str, str]:
        id_, region = self.accounts[name], self.regions[name]
        account = {"account_id": id_, "region": region}
        if role := role_arn(id_, region, self.roles.get(name, NO_ROLE)):
            account["assume_role"] = role
        if id_ in existing:
            account["oidc_provider"] = "existing"
        return account


def checked(data: Mapping[str, Any]) -> StackSettings:
    """The content of `_stack.yaml` as a model.

    Raises:
        ConfigurationError: with every value that the model refuses, by its option.
    """
    try:
        return StackSettings.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(list(explain(error, StackSettings, _at_option))) from None


def by_environment(option: str, given: Iterable[str]) -> dict[EnvironmentName, str]:
    """The values of an option `[ENVIRONMENT=]VALUE`; a value without environment is for the others.

    Raises:
        ConfigurationError: an environment is unknown or named twice.
    """
    found: dict[str, str] = {}
    problems = []
    for one in given:
        name, equals, value = one.partition("=")
        # A role's name may have an equals sign in it.
        if not equals or (option == _OPTIONS["assume_role"] and name not in ENVIRONMENTS):
            name, value = "", one
        if name and name not in ENVIRONMENTS:
            text = f"{name!r} is no environment: write {', '.join(ENVIRONMENTS)}, or a value alone"
            problems.append(Problem(option, 0, "", text))
        elif name in found:
            text = f"is given twice for {name or 'all environments'}: leave one out"
            problems.append(Problem(option, 0, "", text))
        found[name] = value
    if problems:
        raise ConfigurationError(problems)
    values = {name: found.get(name, found.get("")) for name in ENVIRONMENTS}
    return {name: value for name, value in values.items() if value is not None}


def check_stack_name(name: str) -> None:
    """Refuse a name that Pulumi or a folder cannot have.

    Raises:
        ConfigurationError: it is such a name.
    """
    if not _STACK.fullmatch(name) or name in _RESERVED:
        text = (
            f"{name!r} cannot name a stack: 1 to 100 letters, digits, '_', '.' or '-', not "
            f"starting with '.' or '-', and not {' or '.join(sorted(_RESERVED))}"
        )
        raise ConfigurationError([Problem("STACK", 0, "", text)])


def refusal(kind: Any, value: str) -> str | None:
    """Why a type of the model refuses a value; None if it does not."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False)[0]
        return str(details.get("ctx", {}).get("text", details["msg"]))
    return None


def _at_option(path: Path_, text: str) -> Problem:
    if path[:1] == ("accounts",) and len(path) > 1:
        # The model's only mistake about a whole account is a role of another one.
        option = _OPTIONS.get(str(path[-1]), _OPTIONS["assume_role"])
        return Problem(f"{option} ({path[1]})", 0, "", text)
    return Problem("--github" if path[:1] == ("github",) else f"--{path[0]}", 0, "", text)


def role_arn(account: str, region: str, role: str) -> str | None:
    """The ARN of a role given by name or ARN; None for none."""
    if role == NO_ROLE:
        return None
    if role.startswith("arn:"):
        return role
    try:
        partition = partition_of(region).name
    except KeyError:  # the model refuses the region
        partition = "aws"
    return f"arn:{partition}:iam::{account}:role/{role}"
