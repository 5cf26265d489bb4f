"""Propose the trust of an environment whose role has one of slipway's own policies already.

Of another policy, nothing is proposed: no declaration has other subjects or claims, and `changes`
lists how `up` changes the policy.
"""

from itertools import product
from typing import Any

from components.documents.role_trust import trust_of
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.trust import Trust
from components.model.types import EnvironmentName
from operations.diff.iam import policies
from operations.live.observed import ObservedRepository, ObservedRole


def propose_trust(
    settings: StackSettings,
    base: Repository,
    name: EnvironmentName,
    proposed: dict[str, Any],
    live: tuple[ObservedRepository, ObservedRole],
) -> dict[str, Any]:
    """The trust's part of the file; empty if nothing deviates, or if no declaration has the policy.

    Args:
        settings: of the stack.
        base: the repository by the stack's defaults and the standard.
        name: the environment.
        proposed: the environment's part of the file, with the branches and tags that may deploy.
        live: the repository and the existing role.
    """
    repository, role = live
    inherited = base.environment(name)
    refs: dict[str, Any] = {
        key: tuple(proposed[key] or ())
        for key in ("deployment_branches", "deployment_tags")
        if key in proposed
    }
    for trust in (inherited.trust, *_possible()):
        environment = inherited.model_copy(update={**refs, "trust": trust})
        environments = base.environments.model_copy(update={name: environment})
        candidate = base.model_copy(update={"environments": environments})
        document = trust_of(settings, candidate, name, repository).document
        if policies.compare(document, role.trust) is None:
            return _deviations(inherited.trust, trust)
    return {}


def _possible() -> list[Trust]:
    """Every trust that differs in its policy, the narrowest first."""
    pinned = [("pinned", False), ("pinned", True), ("subject", True)]
    return [
        Trust.model_validate({"claims": claims, "subject": form, "keep_subject_statement": keep})
        for form, (claims, keep) in product(("auto", "both"), pinned)
    ]


def _deviations(inherited: Trust, trust: Trust) -> dict[str, Any]:
    found = trust.model_dump()
    return {key: value for key, value in found.items() if value != getattr(inherited, key)}
