"""Find undeclared roles that jobs of a declared repository may assume.

Prod's rules protect prod's role only. Another role of the account that trusts `repo:OWNER/*` lets
jobs of every branch into the account. Deliberately absent: the rights of such a role, and roles
that trust another principal which may then assume the declared role.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from components.documents.role_trust import trust_of
from components.documents.subject import beginnings
from components.model.names import role_name
from components.model.repository import Repository
from components.model.stack import Account, Stack
from components.model.types import ENVIRONMENTS
from components.model.unmanaged import is_one_of
from components.objects.kinds import OTHER_ROLE
from operations.diff.finding import Direction, Finding, Repair
from operations.diff.iam.trust_analysis import lets_github_in, openings
from operations.live.observed import Observed, ObservedRepository, ObservedRole

#: Largest number of repositories, and of subjects, that a finding names.
_NAMED: Final = 3


def other_role_findings(stack: Stack, account: Account, observed: Observed) -> Iterator[Finding]:
    """A finding for each other role of an account that admits jobs of declared repositories.

    If slipway may not list the account's roles, only the declared ones were read: no finding.
    """
    ours = _own_names(stack, account)
    for key, role in observed.accounts[account.account_id].roles.items():
        # Most roles of an account trust a service, which is a quick check.
        if (
            key not in ours
            and lets_github_in(role.trust, account.issuer)
            and not _is_slipways(stack, role)
        ):
            yield from _finding(stack, account, observed, role)


def _finding(
    stack: Stack, account: Account, observed: Observed, role: ObservedRole
) -> Iterator[Finding]:
    found = {
        repository.name: said
        for repository in stack.repositories
        if not is_one_of(role.name, repository.unmanaged.roles)
        if (live := observed.repositories[repository.name]) is not None
        if (said := _openings(account, role, repository, live))
    }
    if not found:
        return
    names = sorted(found)
    subjects = sorted({one for said in found.values() for one in said})
    live_text = _some(subjects, " | ")
    if len(names) > 1:
        live_text += f" (jobs of {_some(names, ', ')})"
    yield Finding(
        names[0] if len(names) == 1 else "",
        OTHER_ROLE.at(role.name, account.account_id),
        "trust",
        "",
        live_text,
        _direction(stack, account, observed.repositories, found),
        Repair.HAND,
        "role/other_trust",
    )


def _openings(
    account: Account, role: ObservedRole, repository: Repository, live: ObservedRepository
) -> list[str]:
    begun = beginnings(repository, repository.environment_names, live)
    return openings(role.trust, account.issuer, begun, live.full_name, live.id)


def _direction(
    stack: Stack,
    account: Account,
    live: Mapping[str, ObservedRepository | None],
    found: Mapping[str, list[str]],
) -> Direction:
    """Neutral if a declared role of the account admits the same jobs already."""
    declared = {repository.name: repository for repository in stack.repositories}
    for repository, said in found.items():
        there = live[repository]
        assert there is not None
        trusts = [
            trust_of(stack.settings, declared[repository], name, there)
            for name in declared[repository].environment_names
            if stack.settings.account(name).account_id == account.account_id
        ]
        same = {
            subject
            for trust in trusts
            if trust.declared.admits_subject_alone
            for subject in trust.subjects.values
        }
        if not same.issuperset(said):
            return Direction.WEAKER
    return Direction.NEUTRAL


def _own_names(stack: Stack, account: Account) -> set[str]:
    """Names of the account's declared roles in lower case, including former names."""
    owner = stack.settings.owner
    return {
        name.lower()
        for repository in stack.repositories
        for environment in repository.environment_names
        if stack.settings.account(environment).account_id == account.account_id
        for name in (
            repository.role_name(owner, environment),
            *(role_name(owner, former, environment) for former in repository.previously),
        )
    }


def _is_slipways(stack: Stack, role: ObservedRole) -> bool:
    """True if slipway created the role, in any stack, or assumes it itself."""
    accounts = [stack.settings.account(name) for name in ENVIRONMENTS]
    own = {one for account in accounts for one in (account.assume_role, account.read_role)}
    return role.tags.get("managed-by") == "slipway" or role.arn in own


def _some(names: list[str], separator: str) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{separator.join(names[:_NAMED])}{more}"
