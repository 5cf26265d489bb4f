"""What needs no consent, as the state tells that an `up` finds before it refreshes it.

That state has what slipway declared the last time: what differs from GitHub and AWS only because
somebody changed these is put right, and what a first run left half-done is finished.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from components.documents.role import environment_variables
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.objects import kinds
from components.objects.kind import Key
from operations.diff.finding import Finding
from operations.engine.stack_state import Export, resources
from operations.engine.steps import Step, object_of, repository_of
from operations.live.answers import read_time
from operations.live.observed import Observed

_REPOSITORY: Final = "slipway:index:OnboardedRepository"

#: How far the clocks of GitHub and of the machine that made the state may be apart.
_APART: Final = timedelta(seconds=5)

Place = tuple[str, Key]
"""Repository and object of a finding."""


def to_judge(
    findings: Iterable[Finding], unfinished: Collection[Place], repaired: Collection[Place]
) -> list[Finding]:
    """The findings that may need consent.

    Args:
        findings: declaration against live world, with the plan's remedies.
        unfinished: places of what is finished now.
        repaired: places of what is put right. What goes both ways there is somebody's hand and not
            another declaration's wish.
    """
    return [
        replace(found, both_ways=False) if found.place in repaired else found
        for found in findings
        if found.place not in unfinished
    ]


def repaired_places(steps: Iterable[Step], before: Export, roles: Mapping[str, str]) -> set[Place]:
    """Objects whose declaration is what it was the last time.

    Roles of several accounts may have one name: then all of them must be such.

    Args:
        steps: of the plan.
        before: the state before it was refreshed.
        roles: declared name of the repository by its roles' names in lower case.
    """
    known = {
        resource["urn"]: resource.get("inputs", {})
        for resource in resources(before)
        if not resource.get("delete")
    }
    places: dict[bool, set[Place]] = {True: set(), False: set()}
    for step in steps:
        same = step.urn in known and _declared(known[step.urn]) == _declared(step.new)
        places[same].add((repository_of(step, roles), object_of(step)))
    return places[True] - places[False]


def _declared(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if not key.startswith("__")}


def unfinished_places(
    steps: Iterable[Step], before: Export, stack: Stack, observed: Observed
) -> set[Place]:
    """Branch policies of environments that slipway has made, and whose role it never made.

    A run that ended half-way leaves such environments. Roles come last, so nobody could deploy to
    them by way of slipway yet, and nobody else uses them: what they admit weakens nothing.

    Args:
        steps: of the plan.
        before: the state before it was refreshed.
        stack: the declaration.
        observed: the live world.
    """
    made = {
        str(resource["inputs"]["name"]).lower()
        for resource in resources(before)
        if resource["type"] == kinds.ROLE.type
    }
    known_since = {
        str(resource["urn"]).rpartition("::")[2]: read_time(resource["created"])
        for resource in resources(before)
        if resource["type"] == _REPOSITORY and "created" in resource
    }
    without = {
        (repository.name, name)
        for repository in stack.repositories
        for name in ENVIRONMENTS
        if repository.role_name(stack.settings.owner, name).lower() not in made
        and _is_slipways_alone(stack, repository, name, observed)
        and _is_younger(observed, repository.name, name, known_since.get(repository.name))
    }
    return {
        (str(step.new["repository"]), object_of(step))
        for step in steps
        if step.op == "create"
        and step.type == kinds.BRANCH_POLICY.type
        and (step.new["repository"], step.new["environment"]) in without
    }


def _is_slipways_alone(
    stack: Stack, repository: Repository, name: EnvironmentName, observed: Observed
) -> bool:
    """Whether nothing is in an environment but what is declared."""
    live = observed.repositories[repository.name]
    environment = live.environments.get(name) if live else None
    if environment is None:
        return True
    declared = repository.environment(name)
    variables = environment_variables(stack.settings, repository, name)
    return (
        environment.variables.items() <= {k.upper(): v for k, v in variables.items()}.items()
        and environment.secrets.keys() <= {secret.upper() for secret in declared.managed_secrets}
        and environment.branches.keys() <= set(repository.deployment_branches(name))
        and environment.tags.keys() <= set(declared.deployment_tags)
    )


def _is_younger(
    observed: Observed, repository: str, name: EnvironmentName, known_since: datetime | None
) -> bool:
    """Whether an environment was made after Pulumi knew of its repository; else it was adopted."""
    live = observed.repositories[repository]
    environment = live.environments.get(name) if live else None
    if environment is None:
        return True
    made = environment.created
    return bool(made and known_since and made > known_since - _APART)
