"""Find differences that need no consent, judged by the state as it was before the refresh.

That state has the declarations of the last `up`. If only GitHub or AWS changed since then, `up`
repairs the difference; if a first run was interrupted, `up` finishes it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from components.documents.role import environment_variables
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import EnvironmentName
from components.objects import kinds
from components.objects.kind import Place
from operations.diff.finding import Finding
from operations.diff.last_up import ONBOARDED_REPOSITORY
from operations.engine.stack_state import Export, resources
from operations.engine.steps import Step, object_of, repository_of
from operations.live.answers import read_time
from operations.live.observed import Observed

#: Largest difference between the clocks of GitHub and of the machine that wrote the state.
_APART: Final = timedelta(seconds=5)


def to_judge(
    findings: Iterable[Finding], unfinished: Collection[Place], repaired: Collection[Place]
) -> list[Finding]:
    """The findings that may need consent.

    Args:
        findings: declaration against live world, with the plan's remedies.
        unfinished: places of objects that an interrupted first run did not finish.
        repaired: places of objects whose declaration is unchanged. A both-ways difference there was
            made on GitHub or AWS and not by the declaration.
    """
    return [
        replace(found, both_ways=False) if found.place in repaired else found
        for found in findings
        if found.place not in unfinished
    ]


def repaired_places(steps: Iterable[Step], before: Export, roles: Mapping[str, str]) -> set[Place]:
    """Objects whose declaration is unchanged since the last `up`.

    Roles of several accounts may have one name: then all of them must be unchanged.

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
    steps: Iterable[Step],
    before: Export,
    stack: Stack,
    observed: Observed,
    begun: datetime | None = None,
) -> set[Place]:
    """Branch policies of environments that slipway has created, but not yet their role.

    An interrupted run leaves such environments. Without the role no job can deploy to them yet, and
    they contain only declared objects. So a missing policy there can be created without consent.

    Args:
        steps: of the plan.
        before: the state before it was refreshed.
        stack: the declaration.
        observed: the live world.
        begun: when a run began that was killed, for repositories that the state does not have.
    """
    roles = {
        str(resource["inputs"]["name"]).lower()
        for resource in resources(before)
        if resource["type"] == kinds.ROLE.type
    }
    known_since = {
        str(resource["urn"]).rpartition("::")[2]: read_time(resource["created"])
        for resource in resources(before)
        if resource["type"] == ONBOARDED_REPOSITORY and "created" in resource
    }
    without = {
        (repository.name, name)
        for repository in stack.repositories
        for name in repository.environment_names
        if repository.role_name(stack.settings.owner, name).lower() not in roles
        and _is_slipways(stack, repository, name, observed, known_since.get(repository.name, begun))
    }
    return {
        (str(step.new["repository"]), object_of(step))
        for step in steps
        if step.op == "create"
        and step.type == kinds.BRANCH_POLICY.type
        and (step.new["repository"], step.new["environment"]) in without
    }


def _is_slipways(
    stack: Stack,
    repository: Repository,
    name: EnvironmentName,
    observed: Observed,
    known_since: datetime | None,
) -> bool:
    """True if slipway created an environment and it has only declared objects.

    One that is older than Pulumi's record of the repository, or than the run, was adopted.
    """
    live = observed.repositories[repository.name]
    environment = live.environments.get(name) if live else None
    if environment is None:
        return True
    declared = repository.environment(name)
    variables = environment_variables(stack.settings, repository, name)
    return bool(
        environment.created
        and known_since
        and environment.created > known_since - _APART
        and environment.variables.items() <= {k.upper(): v for k, v in variables.items()}.items()
        and environment.secrets.keys() <= {secret.upper() for secret in declared.managed_secrets}
        and environment.branches.keys() <= set(repository.deployment_branches(name))
        and environment.tags.keys() <= set(declared.deployment_tags)
    )
