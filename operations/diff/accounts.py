"""Say why `up` would fail in an AWS account: taken names, missing policies, and the quota of roles.

AWS refuses such a call in the middle of a run, when other objects exist already.
`components.config.oidc_accounts` judges GitHub's OIDC provider. Deliberately absent: reading
Pulumi's state, which a caller may know or not.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from components.config.yaml_files import Path_
from components.model.repository import Repository
from components.model.stack import Account
from components.model.types import EnvironmentName
from operations.diff.iam.trust_analysis import lets_github_in
from operations.live.account_facts import AccountFacts


def declared_policies(files: StackFiles, account: Account) -> Iterator[tuple[Problem, str]]:
    """Each managed policy and boundary of an account's roles: the problem if it is missing, ARN."""
    for repository, environment in _roles(files, account):
        role = repository.environment(environment).role
        named: list[tuple[Path_, str]] = [
            (("managed_policies", index), arn) for index, arn in enumerate(role.managed_policies)
        ]
        if role.permissions_boundary:
            named.append((("permissions_boundary",), role.permissions_boundary))
        for keys, arn in named:
            text = (
                f"account {account.account_id} has no policy {arn}: create it, or name another "
                "(AWS would refuse the role)"
            )
            place = ("environments", environment, "role", *keys)
            yield files.problem(repository, place, text), arn


def declared_roles(files: StackFiles, account: Account) -> list[str]:
    """Names of the declared roles of an account."""
    owner = files.stack.settings.owner
    return [one.role_name(owner, environment) for one, environment in _roles(files, account)]


def missing_policies(files: StackFiles, account: Account, facts: AccountFacts) -> Iterator[Problem]:
    """Every place that names a managed policy or a boundary which the account does not have."""
    for problem, arn in declared_policies(files, account):
        if arn in facts.missing_policies:
            yield problem


def too_many_roles(
    files: StackFiles, name: EnvironmentName, account: Account, facts: AccountFacts
) -> Iterator[Problem]:
    """A problem if the account has no room for the new roles; none if its answers are unknown.

    Args:
        files: the declarations.
        name: the first environment that declares the account.
        account: the account.
        facts: its answers.
    """
    if facts.roles is None or facts.most_roles is None or "iam:GetRole" in facts.denied:
        return
    new, free = new_roles(files, account, facts), max(facts.most_roles - facts.roles, 0)
    if new > free:
        text = (
            f"account {account.account_id} has {facts.roles} of at most {facts.most_roles} roles, "
            f"and this stack makes {new} more, {new - free} too many: ask AWS for a higher quota "
            "(Service Quotas, IAM, roles per account), or delete roles"
        )
        yield files.settings_document.problem(("accounts", name), text)


def new_roles(files: StackFiles, account: Account, facts: AccountFacts) -> int:
    """The number of declared roles of an account that do not exist."""
    there = facts.observed.roles
    return sum(1 for role in declared_roles(files, account) if role.lower() not in there)


class TakenName(NamedTuple):
    """A declared name of a role that exists and may belong to another stack or person."""

    problem: Problem
    """The place and the remedy."""
    stops: bool
    """Whether `up` would stop there for certain."""


def taken_names(
    files: StackFiles, account: Account, facts: AccountFacts, known: Collection[str] | None
) -> Iterator[TakenName]:
    """Roles of declared names that are not this stack's.

    Args:
        files: the declarations.
        account: the account.
        facts: its answers.
        known: roles in Pulumi's state, as `operations.state.known_objects` has them. None if the
            state is not known: then slipway's tag tells, and a role that trusts GitHub may be
            adopted already.
    """
    owner = files.stack.settings.owner
    for repository, environment in _roles(files, account):
        found = facts.observed.roles.get(repository.role_name(owner, environment).lower())
        if found is None:
            continue
        tagged = found.tags.get("managed-by") == "slipway"
        trusts_github = lets_github_in(found.trust, account.issuer)
        adopt = f"take it over with slipway adopt {files.stack.name} {repository.name}"
        text = f"account {account.account_id} has a role {found.name!r}"
        if known is None:
            if tagged:
                continue
            text += " without slipway's tags"
            if trusts_github:
                text += f": if it is not this stack's yet, {adopt}, or declare another name"
            else:
                text += (
                    " that does not trust GitHub: declare another name; if this stack made it, "
                    "give it its tag back (managed-by: slipway)"
                )
        elif found.arn in known or found.name.lower() in known:
            continue
        else:
            text += " that is not in Pulumi's state of this stack"
            text += (
                f": {adopt}, or declare another name"
                if tagged or trusts_github
                else (" and does not trust GitHub: declare another name")
            )
        place = files.problem(repository, ("environments", environment, "role", "name"), text)
        yield TakenName(place, stops=known is not None or not trusts_github)


def _roles(files: StackFiles, account: Account) -> Iterator[tuple[Repository, EnvironmentName]]:
    for repository, environment, number, _ in files.stack.roles():
        if number == account.account_id:
            yield repository, environment
