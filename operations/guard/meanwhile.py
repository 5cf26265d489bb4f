"""Find the objects of a plan that changed on GitHub or AWS since the plan was judged.

Pulumi keeps to the steps of its plan and does not check the objects that they change: an update of
an environment replaces all its rules, the deletion of a role deletes all its policies. So these
objects are compared with the ones that were judged.
"""

from collections.abc import Iterable, Iterator, Mapping

from operations.engine.steps import Step, repository_of
from operations.live.observed import Observed, ObservedRole


def changed_meanwhile(
    steps: Iterable[Step], roles: Mapping[str, str], judged: Observed, now: Observed
) -> list[str]:
    """Repositories, roles and OIDC providers of the steps that differ from the judged ones.

    Args:
        steps: of the plan.
        roles: declared name of the repository by its roles' names in lower case.
        judged: the live world that the plan was judged in.
        now: the live world right before the plan is carried out.
    """
    steps = list(steps)
    repositories = {repository_of(step, roles) for step in steps} - {""}
    changed = [
        f"repository {name}"
        for name in sorted(repositories)
        if judged.repositories.get(name) != now.repositories.get(name)
    ]
    names = {step.role.lower() for step in steps}
    names |= {name.lower() for name, repository in roles.items() if repository in repositories}
    for number in sorted(judged.accounts.keys() | now.accounts.keys()):
        changed += [
            f"role {name} of account {number}"
            for name in sorted(names)
            if _role(judged, number, name) != _role(now, number, name)
        ]
        changed += _provider(number, judged, now)
    return changed


def _role(observed: Observed, account_id: str, name: str) -> ObservedRole | None:
    account = observed.accounts.get(account_id)
    return account.roles.get(name) if account else None


def _provider(number: str, judged: Observed, now: Observed) -> Iterator[str]:
    before, after = judged.accounts.get(number), now.accounts.get(number)
    if (before and before.oidc_audiences) != (after and after.oidc_audiences):
        yield f"OIDC provider of account {number}"
