"""Propose the declaration of a repository that changes nothing, with deviations only.

Pure: the input is the live repository, and the repository as its stack resolves a bare name. Some
settings have no form in a declaration (any branch may deploy, a role that others use as well).
These are not in the proposal; they are changes, and `changes` lists them.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from glob import escape
from itertools import groupby
from typing import Any, Final

from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import EnvironmentName
from components.model.unmanaged import is_one_of
from operations.adoption.proposal.environment import (
    propose_environment,
    undeclarable,
    undeclarable_patterns,
)
from operations.adoption.proposal.role import is_declarable, propose_role
from operations.adoption.proposal.trust import propose_trust
from operations.adoption.proposal.workflow_usage import using_workflows
from operations.live.observed import ObservedRepository, ObservedRole

#: More environments than this with one beginning become a pattern: review apps have hundreds.
_MANY: Final = 5


def propose(  # noqa: PLR0913 - the stack's values, the live ones, and the adoption's decisions
    settings: StackSettings,
    base: Repository,
    live: ObservedRepository,
    roles: Mapping[EnvironmentName, ObservedRole],
    listed_secrets: Collection[EnvironmentName] = (),
    *,
    left: Collection[str] = (),
) -> dict[str, Any]:
    """The content of the repository's file.

    Args:
        settings: the stack's.
        base: the repository as its stack and GitHub's facts resolve a file that has only the name.
        live: the repository on GitHub.
        roles: the role of each environment that has one already.
        listed_secrets: environments whose default secrets are a list, which a file replaces.
        left: names of roles that were candidates for its environments and were not taken.
    """
    declaration: dict[str, Any] = {"repository": live.full_name.partition("/")[2]}
    environments = {}
    for name in base.environment_names:
        part = propose_environment(
            base.environment(name),
            live.environments.get(name),
            base.trigger_branch(name),
            keep_listed=name in listed_secrets,
        )
        if existing := roles.get(name):
            inherited = base.environment(name).role
            if role := propose_role(inherited, base.role_name(settings.owner, name), existing):
                part["role"] = role
            if trust := propose_trust(settings, base, name, part, (live, existing)):
                part["trust"] = trust
        if part:
            environments[name] = part
    if environments:
        declaration["environments"] = environments
    if live.environments and base.offboarding.environments != "keep":
        declaration["offboarding"] = {"environments": "keep"}
    if unmanaged := _unmanaged(base, live, roles, left):
        declaration["unmanaged"] = unmanaged
    return declaration


def _unmanaged(
    base: Repository,
    live: ObservedRepository,
    roles: Mapping[EnvironmentName, ObservedRole],
    left: Collection[str],
) -> dict[str, list[str]]:
    """Objects that others manage in the repository, besides those that the stack declares so."""
    names = {kind: set[str]() for kind in ("variables", "secrets")}
    patterns = set[str]()
    for environment in live.environments.values():
        for kind, found in undeclarable(environment).items():
            names[kind] |= found
        patterns |= undeclarable_patterns(environment)
    wanted: dict[str, Iterable[str]] = {
        "environments": _grouped(live.other_environments),
        "workflows": {escape(file) for _, file, _ in using_workflows(live)},
        "deployment_patterns": map(escape, patterns),
        "roles": map(escape, left),
        # A declaration refuses these names, and `up` would delete the policies if it managed them.
        "role_policies": {
            escape(policy)
            for role in roles.values()
            for policy in role.inline_policies
            if not is_declarable(policy)
        },
        **names,
    }
    unmanaged = {}
    for kind, found_names in wanted.items():
        inherited: Sequence[str] = getattr(base.unmanaged, kind)
        new = sorted(name for name in found_names if not is_one_of(name, inherited))
        if new:
            unmanaged[kind] = [*inherited, *new]
    return unmanaged


def _grouped(names: Iterable[str]) -> list[str]:
    """A pattern for each name, or one pattern for many names with the same beginning."""
    grouped: list[str] = []
    for beginning, several in groupby(sorted(names), lambda name: re.split(r"[-/_\d]", name)[0]):
        members = list(several)
        many = len(members) > _MANY and beginning
        grouped += [f"{escape(beginning)}*"] if many else map(escape, members)
    return grouped
