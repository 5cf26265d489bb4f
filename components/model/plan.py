"""Features that GitHub offers environments, by the owner's plan and the repository's visibility.

Public repositories have everything on every plan. Others have no environments on Free; on Pro and
Team they have environments with variables, secrets and deployment patterns; the other protection
rules are Enterprise's (docs.github.com: deployments and environments). An unknown plan counts as a
plan with everything, as a guess must not drop a declared rule.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, get_args

from components.model.base import Frozen
from components.model.environment import Environment, Reviewers
from components.model.repository import Repository

Plan = Literal["free", "pro", "team", "enterprise"]

#: Enterprise's rules, each with the value that stands for its absence.
_WITHOUT: Final = {
    "reviewers": Reviewers(),
    "wait_minutes": 0,
    "prevent_self_review": False,
    "admin_bypass": True,
    "deployment_protection_rules": (),
}


def known_plan(name: object) -> Plan | None:
    """The plan of a name from GitHub; None for a name that GitHub does not document."""
    plans: tuple[Plan, ...] = get_args(Plan)
    return next((plan for plan in plans if plan == name), None)


class Offered(Frozen):
    """The features that GitHub offers one repository."""

    plan: Plan | None
    """The owner's plan; None if it is not known."""
    public: bool
    """Whether the repository is public."""

    @property
    def environments(self) -> bool:
        """Whether the repository may have environments at all."""
        return self.public or self.plan != "free"

    @property
    def rules(self) -> bool:
        """Whether its environments may have reviewers, wait timers, and no bypass for admins."""
        return self.public or self.plan in {None, "enterprise"}


def asked_rules(environment: Environment) -> Iterator[tuple[str, ...]]:
    """Path of each of Enterprise's rules that a declaration asks for; defaults do not count."""
    for field, without in _WITHOUT.items():
        found = getattr(environment, field)
        if field not in environment.model_fields_set or found == without:
            continue
        if isinstance(found, Reviewers):
            yield from (("reviewers", kind) for kind in ("users", "teams") if getattr(found, kind))
        else:
            yield (field,)


def as_offered(repository: Repository, offered: Offered) -> Repository:
    """The declaration without the defaults that the plan does not offer; declared rules stay."""
    if offered.rules:
        return repository
    fitted: dict[str, Any] = {}
    for name in repository.environment_names:
        environment = repository.environment(name)
        defaults = _WITHOUT.keys() - environment.model_fields_set
        fitted[name] = environment.model_copy(update={key: _WITHOUT[key] for key in defaults})
    environments = repository.environments.model_copy(update=fitted)
    return repository.model_copy(update={"environments": environments})
