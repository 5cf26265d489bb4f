"""Decide which existing role is taken over for which environment of a repository.

A role is taken for an environment if the environment names it (by its variable AWS_ROLE_ARN, or by
`role-to-assume` in a workflow), or else if it is the only role in the account that trusts the
environment's jobs. A role that also trusts other jobs or users is never taken: `up` narrows the
trust to one environment, which would lock them out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from operations.adoption.proposal.candidates import candidates, outdated, sent
from operations.diff.iam.trust_analysis import is_only_for
from operations.live.observed import ObservedAccount, ObservedRepository, ObservedRole

EnvironmentPlace = tuple[str, EnvironmentName]
"""A repository and one of its environments."""
RoleKey = tuple[str, str]
"""An account's id and a role's name in lower case."""


@dataclass(frozen=True)
class Roles:
    """The roles that are taken over, and those that are not."""

    taken: Mapping[EnvironmentPlace, ObservedRole]
    """The existing role that becomes the environment's."""
    left: Mapping[EnvironmentPlace, Mapping[str, str]]
    """For each environment, by name of a role that was a candidate: the reason it is not taken."""


def existing_roles(
    settings: StackSettings,
    repositories: Mapping[str, ObservedRepository],
    accounts: Mapping[str, ObservedAccount],
    declared: Mapping[RoleKey, EnvironmentPlace],
) -> Roles:
    """Find the existing roles of repositories.

    Args:
        settings: tell the account of each environment.
        repositories: by name.
        accounts: by account id.
        declared: the environment of each declared role. Such an environment has its role already,
            so no other role is taken for it.
    """
    assigned, issuer = set(declared.values()), settings.github.issuer
    left: dict[EnvironmentPlace, dict[str, str]] = defaultdict(dict)
    claims: dict[RoleKey, list[tuple[EnvironmentPlace, bool]]] = defaultdict(list)
    for name, live in repositories.items():
        for environment in ENVIRONMENTS:
            place, account = (name, environment), accounts[settings.account(environment).account_id]
            roles = _others(settings, environment, account, declared, place)
            named, found = candidates(roles, issuer, live, environment)
            for role in found:
                key = (account.account_id, role.name.lower())
                if not is_only_for(role.trust, issuer, live.full_name, sent(live, environment)):
                    left[place][role.name] = "trusts others as well"
                elif key in declared:
                    left[place][role.name] = "is declared for another environment"
                elif place in assigned:
                    left[place][role.name] = "is not the declared role"
                elif len(found) > 1:
                    left[place][role.name] = "is one of several candidates"
                else:
                    claims[key].append((place, named))
            for role in outdated(roles, issuer, live, environment):
                # A role that the environment names is a candidate: `up` corrects its trust.
                if role not in found:
                    left[place][role.name] = "trusts a subject that GitHub no longer sends"
    return Roles(_awarded(claims, accounts, left), left)


def _awarded(
    claims: Mapping[RoleKey, Sequence[tuple[EnvironmentPlace, bool]]],
    accounts: Mapping[str, ObservedAccount],
    left: dict[EnvironmentPlace, dict[str, str]],
) -> dict[EnvironmentPlace, ObservedRole]:
    """Each claimed role by the environment that gets it; the other claims are added to `left`."""
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


def _winner(claimants: Sequence[tuple[EnvironmentPlace, bool]]) -> EnvironmentPlace | None:
    """The only claimant, or the only one that names the role."""
    named = [place for place, names_it in claimants if names_it]
    places = named or [place for place, _ in claimants]
    return places[0] if len(places) == 1 else None


def _others(
    settings: StackSettings,
    environment: EnvironmentName,
    account: ObservedAccount,
    declared: Mapping[RoleKey, EnvironmentPlace],
    place: EnvironmentPlace,
) -> list[ObservedRole]:
    """Roles of the account except those slipway assumes and the one declared for the place."""
    declared_account = settings.account(environment)
    own = {declared_account.assume_role, declared_account.read_role}
    return [
        role
        for key, role in account.roles.items()
        if role.arn not in own and declared.get((account.account_id, key)) != place
    ]
