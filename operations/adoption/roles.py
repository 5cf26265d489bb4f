"""Which role that exists already is the role of which repository's environment.

A role is taken for an environment where the environment's own words name it (its variable
AWS_ROLE_ARN, or `role-to-assume` in a workflow), or else where it is the only one in the account
that trusts the environment's jobs. It is never taken when it trusts anybody else besides: `up`
narrows the trust to one environment, which would lock the others out.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from components.documents.trust import subject
from components.model.stack import StackSettings
from components.model.terms import ENVIRONMENTS, EnvironmentName
from operations.adoption.trusting import admits_subject, is_only_for
from operations.adoption.using import assumed_roles
from operations.observer.observed import ObservedAccount, ObservedRepository, ObservedRole

_EXPRESSION: Final = re.compile(r"\$\{\{\s*vars\.(\w+)\s*\}\}")

Place = tuple[str, EnvironmentName]
"""A repository and one of its environments."""


@dataclass(frozen=True)
class Roles:
    """The outcome.

    Attributes:
        taken: the role of an environment.
        left: why a role that has to do with an environment is not its role.
    """

    taken: Mapping[Place, ObservedRole]
    left: Mapping[Place, Mapping[str, str]]


def existing_roles(
    settings: StackSettings,
    repositories: Mapping[str, ObservedRepository],
    accounts: Mapping[str, ObservedAccount],
    declared: Collection[tuple[str, str]] = (),
) -> Roles:
    """Find the roles of repositories.

    Args:
        settings: which account is which environment's.
        repositories: by name.
        accounts: by account id.
        declared: account id and name, in lower case, of roles that declarations have already.
    """
    left: dict[Place, dict[str, str]] = defaultdict(dict)
    claims: dict[tuple[str, str], list[tuple[Place, bool]]] = defaultdict(list)
    for name, live in repositories.items():
        for environment in ENVIRONMENTS:
            account = accounts[settings.account(environment).account_id]
            named, found = _candidates(settings, live, environment, account)
            place = (name, environment)
            for role in found:
                if not is_only_for(role.trust, live.full_name):
                    left[place][role.name] = "trusts others as well"
                elif (account.account_id, role.name.lower()) in declared:
                    left[place][role.name] = "is declared for another environment"
                elif len(found) > 1:
                    left[place][role.name] = "is one of several"
                else:
                    claims[account.account_id, role.name.lower()].append((place, named))
    taken = {}
    for (account_id, key), claimants in claims.items():
        role = accounts[account_id].roles[key]
        winner = _winner(claimants)
        for place, _ in claimants:
            if place == winner:
                taken[place] = role
            else:
                left[place][role.name] = "serves several environments"
    return Roles(taken, left)


def _winner(claimants: Sequence[tuple[Place, bool]]) -> Place | None:
    """The one claimant, or the one of several that names the role."""
    named = [place for place, names_it in claimants if names_it]
    places = named or [place for place, _ in claimants]
    return places[0] if len(places) == 1 else None


def _candidates(
    settings: StackSettings,
    live: ObservedRepository,
    environment: EnvironmentName,
    account: ObservedAccount,
) -> tuple[bool, list[ObservedRole]]:
    """Roles that are named, or else trusted; and which of both."""
    own = settings.account(environment).assume_role
    roles = [role for role in account.roles.values() if role.arn != own]
    arns = set(_named(live, environment))
    if named := [role for role in roles if role.arn in arns]:
        return True, named
    wanted = subject(live.subject_prefix, environment)
    return False, [role for role in roles if admits_subject(role.trust, wanted)]


def _named(live: ObservedRepository, environment: EnvironmentName) -> Iterator[str]:
    """ARNs that the environment's variables and workflows give."""
    there = live.environments.get(environment)
    variables = there.variables if there else {}
    if arn := variables.get("AWS_ROLE_ARN"):
        yield arn
    for given in assumed_roles(live, environment):
        found = _EXPRESSION.fullmatch(given)
        yield variables.get(found[1].upper(), "") if found else given
