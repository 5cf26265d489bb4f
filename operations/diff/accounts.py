"""Say why `up` would fail in an AWS account: names taken, policies that are missing, the quota.

AWS refuses such a call in the middle of a run, when other objects exist already. GitHub's OIDC
provider is judged by `components.config.oidc_accounts`. Deliberately absent: Pulumi's state. So a
role that trusts GitHub and lacks slipway's tags is a notice only: it may be adopted already.
"""

from collections.abc import Iterator
from typing import Final

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


def account_problems(
    files: StackFiles, name: EnvironmentName, account: Account, facts: AccountFacts
) -> Iterator[Problem]:
    """Every reason for which AWS would refuse `up` in an account.

    Args:
        files: the declarations.
        name: the first environment that declares the account.
        account: the account.
        facts: its answers.
    """
    for problem, arn in declared_policies(files, account):
        if arn in facts.missing_policies:
            yield problem
    for problem, trusts_github in _taken(files, account, facts):
        if not trusts_github:
            yield problem
    there = facts.observed.roles
    new = sum(1 for role in declared_roles(files, account) if role.lower() not in there)
    if facts.roles is None or facts.most_roles is None or "iam:GetRole" in facts.denied:
        return
    if new > (free := max(facts.most_roles - facts.roles, 0)):
        text = (
            f"account {account.account_id} has {facts.roles} of at most {facts.most_roles} roles, "
            f"and this stack makes {new} more, {new - free} too many: ask AWS for a higher quota "
            "(Service Quotas, IAM, roles per account), or delete roles"
        )
        yield files.settings_document.problem(("accounts", name), text)


def account_notices(files: StackFiles, account: Account, facts: AccountFacts) -> Iterator[str]:
    """What the user should know and `up` may survive: roles to adopt, and questions not asked."""
    for problem, trusts_github in _taken(files, account, facts):
        if trusts_github:
            yield str(problem)
    for action in sorted(facts.denied):
        yield (
            f"{files.stack.name}: AWS account {account.account_id}: {_ASKS[action]} not looked at: "
            f"{action} is denied; slipway rights {files.stack.name} has it"
        )


#: What an action asks for.
_ASKS: Final = {
    "iam:GetAccountSummary": "the quota of roles was",
    "iam:GetPolicy": "some managed policies were",
    "iam:GetRole": "the declared roles were",
}


def _taken(
    files: StackFiles, account: Account, facts: AccountFacts
) -> Iterator[tuple[Problem, bool]]:
    """Roles of declared names without slipway's tag, and whether they trust GitHub."""
    owner = files.stack.settings.owner
    for repository, environment in _roles(files, account):
        found = facts.observed.roles.get(repository.role_name(owner, environment).lower())
        if found is None or found.tags.get("managed-by") == "slipway":
            continue
        trusts_github = lets_github_in(found.trust, account.issuer)
        text = f"account {account.account_id} has a role {found.name!r} without slipway's tags"
        if trusts_github:
            text += (
                f": if it is not this stack's yet, take it over with slipway adopt "
                f"{files.stack.name} {repository.name}, or declare another name"
            )
        else:
            text += (
                " that does not trust GitHub: declare another name; if this stack made it, give "
                "it its tag back (managed-by: slipway)"
            )
        yield (
            files.problem(repository, ("environments", environment, "role", "name"), text),
            (trusts_github),
        )


def _roles(files: StackFiles, account: Account) -> Iterator[tuple[Repository, EnvironmentName]]:
    for repository, environment, number, _ in files.stack.roles():
        if number == account.account_id:
            yield repository, environment
