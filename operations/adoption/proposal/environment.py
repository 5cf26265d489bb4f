"""Propose one environment of a declaration: its rules, variables and secrets as they are."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from components.model.environment import Environment
from components.model.ref_patterns import admits
from components.model.types import ConfigurationName, RefPattern
from components.objects.kinds import ENVIRONMENT
from operations.adoption.proposal.role import is_declarable
from operations.live.observed import ObservedEnvironment

#: Variables that slipway sets itself.
OWN: Final = frozenset({"AWS_ROLE_ARN", "AWS_REGION"})
_NAME: Final[TypeAdapter[str]] = TypeAdapter(ConfigurationName)
_PATTERN: Final[TypeAdapter[str]] = TypeAdapter(RefPattern)


def propose_environment(
    base: Environment,
    live: ObservedEnvironment | None,
    trigger: str,
    *,
    keep_listed: bool = False,
) -> dict[str, Any]:
    """The environment's part of the file; empty if the environment is as the stack has it.

    Args:
        base: the environment by the stack's defaults and the standard.
        live: the environment on GitHub; None if it does not exist.
        trigger: the branch that deploys to the environment, which must be admitted.
        keep_listed: whether the stack's secrets are a list, which any secret here replaces.
    """
    part: dict[str, Any] = {}
    if live is not None:
        part |= _rules(base, live)
    inherited = base.deployment_branches or (trigger,)
    custom = live is not None and live.branch_policy == "custom"
    patterns = _declarable_patterns(live.branches) if live and custom else list(inherited)
    if not any(admits(pattern, trigger) for pattern in patterns):
        patterns.append(trigger)
    if set(patterns) != set(inherited):
        part["deployment_branches"] = patterns
    if live is None:
        return part
    tags = _declarable_patterns(live.tags)
    if custom and set(tags) != set(base.deployment_tags):
        part["deployment_tags"] = tags or None
    if secrets := _secrets(base, live, keep_listed=keep_listed):
        part["secrets"] = secrets
    if variables := _variables(base, live):
        part["variables"] = variables
    return part


def _rules(base: Environment, live: ObservedEnvironment) -> dict[str, Any]:
    part: dict[str, Any] = {}
    reviewers = {}
    inherited = {login.lower() for login in base.reviewers.users}
    if live.users != inherited:
        reviewers["users"] = sorted(live.users) or None
    if live.teams != set(base.reviewers.teams):
        reviewers["teams"] = sorted(live.teams) or None
    if reviewers:
        part["reviewers"] = reviewers if live.users or live.teams else None
    for field in ENVIRONMENT.fields:
        if field.safer and getattr(live, field.name) != getattr(base, field.name):
            part[field.name] = getattr(live, field.name)
    if live.custom_rules != set(base.deployment_protection_rules):
        part["deployment_protection_rules"] = sorted(live.custom_rules) or None
    return part


def _secrets(base: Environment, live: ObservedEnvironment, *, keep_listed: bool) -> dict[str, str]:
    """Existing secrets are external: another tool writes them. The stack's own are still added."""
    inherited = {name.upper(): name for name in base.secrets}
    found = {
        inherited.get(name, name): "external"
        for name in sorted(live.secrets.keys() - undeclarable(live)["secrets"])
        if name not in inherited or not base.secrets[inherited[name]].external
    }
    if not found or not keep_listed:
        return found
    listed = {
        name: "external" if base.secrets[name].external else "config" for name in base.secrets
    }
    return listed | found


def _variables(base: Environment, live: ObservedEnvironment) -> dict[str, str | None]:
    inherited = {name.upper(): name for name in base.variables}
    part: dict[str, str | None] = {
        inherited.get(name, name): value
        for name, value in sorted(live.variables.items())
        if name not in OWN | undeclarable(live)["variables"]
        and (name not in inherited or base.variables[inherited[name]] != value)
    }
    # A deployment gets both as environment variables: the secret is there, so it stays.
    return part | dict.fromkeys(
        (inherited[name] for name in inherited if name in live.secrets), None
    )


def undeclarable(live: ObservedEnvironment) -> dict[str, set[str]]:
    """Names of secrets and variables that a declaration refuses, by kind; upper case."""
    both = live.variables.keys() & live.secrets.keys()
    return {
        "secrets": {name for name in live.secrets if not is_declarable(name, _NAME)},
        "variables": {name for name in live.variables if not is_declarable(name, _NAME)} | both,
    }


def undeclarable_patterns(live: ObservedEnvironment) -> set[str]:
    """Patterns that no declaration accepts, such as `refs/pull/*/merge`: they become unmanaged."""
    return {one for one in (*live.branches, *live.tags) if not is_declarable(one, _PATTERN)}


def _declarable_patterns(patterns: Iterable[str]) -> list[str]:
    """The patterns that a declaration accepts, sorted."""
    return sorted(pattern for pattern in patterns if is_declarable(pattern, _PATTERN))
