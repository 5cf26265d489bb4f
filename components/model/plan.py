"""What GitHub offers the environments of a repository: by its owner's plan, and who sees it.

Public repositories have everything on every plan. Others have no environments on Free; on Pro and
Team they have environments with variables, secrets and deployment patterns; the other protection
rules are Enterprise's (docs.github.com: deployments and environments). A plan that is not known is
taken for one with everything, as what is declared must not be dropped on a guess.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, get_args

from components.model.base import Frozen
from components.model.environment import Environment, Reviewers
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS

Plan = Literal["free", "pro", "team", "enterprise"]

#: Enterprise's rules, with what each is where there is none of it.
_WITHOUT: Final = {
    "reviewers": Reviewers(),
    "wait_minutes": 0,
    "prevent_self_review": False,
    "admin_bypass": True,
}


def known_plan(name: object) -> Plan | None:
    """A plan by GitHub's name for it; None for a name that is none of the documented ones."""
    plans: tuple[Plan, ...] = get_args(Plan)
    return next((plan for plan in plans if plan == name), None)


class Offered(Frozen):
    """What GitHub offers one repository."""

    plan: Plan | None
    """The owner's plan; None where it is not known."""
    public: bool
    """Whether everybody sees the repository."""

    @property
    def environments(self) -> bool:
        """Whether it may have environments at all."""
        return self.public or self.plan != "free"

    @property
    def rules(self) -> bool:
        """Whether these may have reviewers, wait timers, and no bypass for administrators."""
        return self.public or self.plan in {None, "enterprise"}


def asked_rules(environment: Environment) -> Iterator[tuple[str, ...]]:
    """Path of each of Enterprise's rules that a declaration asks for; no default does."""
    for field, without in _WITHOUT.items():
        found = getattr(environment, field)
        if field not in environment.model_fields_set or found == without:
            continue
        if isinstance(found, Reviewers):
            yield from (("reviewers", kind) for kind in ("users", "teams") if getattr(found, kind))
        else:
            yield (field,)


def as_offered(repository: Repository, offered: Offered) -> Repository:
    """The declaration with the defaults that the plan can have; what it asks for stays."""
    if offered.rules:
        return repository
    fitted: dict[str, Any] = {}
    for name in ENVIRONMENTS:
        environment = repository.environment(name)
        defaults = _WITHOUT.keys() - environment.model_fields_set
        fitted[name] = environment.model_copy(update={key: _WITHOUT[key] for key in defaults})
    environments = repository.environments.model_copy(update=fitted)
    return repository.model_copy(update={"environments": environments})
