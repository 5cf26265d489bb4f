"""Which role that exists already is the role of which repository's environment.

A role is taken for an environment where the environment's own words name it (its variable
AWS_ROLE_ARN, or `role-to-assume` in a workflow), or else where it is the only one in the account
that trusts the environment's jobs. It is never taken when it trusts anybody else besides: `up`
narrows the trust to one environment, which would lock the others out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.adoption.proposal.candidates import candidates, outdated
from operations.diff.iam.trust_analysis import is_only_for
from operations.live.observed import ObservedAccount, ObservedRepository, ObservedRole

Place = tuple[str, EnvironmentName]
"""A repository and one of its environments."""
Key = tuple[str, str]
"""An account's id and a role's name in lower case."""
#: No declaration at all.
NOTHING: Final[Mapping[Key, Place]] = MappingProxyType({})


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
    declared: Mapping[Key, Place] = NOTHING,
) -> Roles:
    """Find the roles of repositories.

    Args:
        settings: which account is which environment's.
        repositories: by name.
        accounts: by account id.
        declared: whose role a declaration says it is. Such a place has its role: no other one is
            taken for it.
    """
    assigned = set(declared.values())
    left: dict[Place, dict[str, str]] = defaultdict(dict)
    claims: dict[Key, list[tuple[Place, bool]]] = defaultdict(list)
    for name, live in repositories.items():
        for environment in ENVIRONMENTS:
            place, account = (name, environment), accounts[settings.account(environment).account_id]
            roles = _others(settings, environment, account, declared, place)
            named, found = candidates(roles, live, environment)
            for role in found:
                key = (account.account_id, role.name.lower())
                if not is_only_for(role.trust, live.full_name):
                    left[place][role.name] = "trusts others as well"
                elif key in declared:
                    left[place][role.name] = "is declared for another environment"
                elif place in assigned:
                    left[place][role.name] = "is not the one that is declared"
                elif len(found) > 1:
                    left[place][role.name] = "is one of several"
                else:
                    claims[key].append((place, named))
            for role in outdated(roles, live, environment):
                # One that the environment names is a candidate: its trust is put right.
                if role not in found:
                    left[place][role.name] = "trusts a subject that GitHub sends no more"
    return Roles(_awarded(claims, accounts, left), left)


def _awarded(
    claims: Mapping[Key, Sequence[tuple[Place, bool]]],
    accounts: Mapping[str, ObservedAccount],
    left: dict[Place, dict[str, str]],
) -> dict[Place, ObservedRole]:
    """Each claimed role to its one environment; where there are several, why not, to `left`."""
    taken = {}
    for (account_id, key), claimants in claims.items():
        role = accounts[account_id].roles[key]
        winner = _winner(claimants)
        for place, _ in claimants:
            if place == winner:
                taken[place] = role
            else:
                left[place][role.name] = "serves several environments"
    return taken


def _winner(claimants: Sequence[tuple[Place, bool]]) -> Place | None:
    """The one claimant, or the one of several that names the role."""
    named = [place for place, names_it in claimants if names_it]
    places = named or [place for place, _ in claimants]
    return places[0] if len(places) == 1 else None


def _others(
    settings: StackSettings,
    environment: EnvironmentName,
    account: ObservedAccount,
    declared: Mapping[Key, Place],
    place: Place,
) -> list[ObservedRole]:
    """Roles of the account, but slipway's own there and the one that is declared for the place."""
    declared_account = settings.account(environment)
    own = {declared_account.assume_role, declared_account.read_role}
    return [
        role
        for key, role in account.roles.items()
        if role.arn not in own and declared.get((account.account_id, key)) != place
    ]
