"""What has changed on GitHub and AWS since a plan was judged.

A plan binds Pulumi to its steps, not the world that these meet: an update of an environment
replaces all its rules, the deletion of a role takes all its policies. So what the steps are about
is compared with what was judged.
"""

from collections.abc import Iterable, Iterator, Mapping

from operations.engine.steps import Step, repository_of
from operations.live.observed import Observed, ObservedRole


def changed_meanwhile(
    steps: Iterable[Step], roles: Mapping[str, str], judged: Observed, now: Observed
) -> list[str]:
    """What is not as it was judged, in words: repositories, roles and accounts of the steps.

    Args:
        steps: of the plan.
        roles: declared name of the repository by its roles' names in lower case.
        judged: the live world that the plan was judged in.
        now: the live world a moment before the plan is carried out.
    """
    steps = list(steps)
    repositories = {repository_of(step, roles) for step in steps} - {""}
    found = [
        f"repository {name}"
        for name in sorted(repositories)
        if judged.repositories.get(name) != now.repositories.get(name)
    ]
    given = [step.inputs for step in steps]
    names = {str(one.get("role") or one.get("roleName") or one.get("name") or "") for one in given}
    names |= {name for name, repository in roles.items() if repository in repositories}
    for number in sorted(judged.accounts.keys() | now.accounts.keys()):
        found += [
            f"role {name} of account {number}"
            for name in sorted({name.lower() for name in names})
            if _role(judged, number, name) != _role(now, number, name)
        ]
        found += _provider(number, judged, now)
    return found


def _role(observed: Observed, account_id: str, name: str) -> ObservedRole | None:
    account = observed.accounts.get(account_id)
    return account.roles.get(name) if account else None


def _provider(number: str, judged: Observed, now: Observed) -> Iterator[str]:
    before, after = judged.accounts.get(number), now.accounts.get(number)
    if (before and before.oidc_audiences) != (after and after.oidc_audiences):
        yield f"OIDC provider of account {number}"
