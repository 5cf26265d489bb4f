"""What somebody added to an environment, told to the state as if slipway had made it.

Pulumi deletes what its state has and the program does not declare; of what a person added the
state knows nothing, so that it would stay. Told of it, plain `pulumi preview` shows the deletion
and plain `pulumi up` does it. Deployment branch and tag patterns decide who may deploy: those that
nobody declared go. Variables and secrets go where the environment is declared `exclusive`.

What is deleted is found as the provider finds it (pulumi-github 6.15): a pattern by its policy's
number, a secret by its repository's.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.documents.role import environment_variables
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.objects.kind import Key
from components.objects.kinds import BRANCH_POLICY, ENVIRONMENT, TAG_POLICY, VARIABLE
from components.objects.rules import ADDED, ADDED_TYPES
from operations.diff.environments import environment_findings
from operations.diff.finding import Repair
from operations.engine.stack_state import Export, resources
from operations.live.observed import Observed, ObservedEnvironment, ObservedRepository

#: How logical names of deployment policies begin after the environment's.
_BEGINNINGS: Final = {BRANCH_POLICY: "branch:", TAG_POLICY: "tag:"}


def tell_added(export: Export, stack: Stack, observed: Observed) -> list[str]:
    """Add to a refreshed state, in place, what is to go; what was added, a text each.

    Args:
        export: the state after the provider's refresh.
        stack: the declaration.
        observed: the live world.
    """
    state = export["deployment"].get("resources") or []
    known = {resource["urn"] for resource in state} | {resource.get("id") for resource in state}
    declared = {repository.name: repository for repository in stack.repositories}
    said = []
    for resource in [one for one in resources(export) if one["type"] == ENVIRONMENT.type]:
        outputs = resource.get("outputs") or {}
        repository = declared.get(str(outputs.get("repository")))
        live = observed.repositories.get(repository.name) if repository else None
        name = next((n for n in ENVIRONMENTS if n == outputs.get("environment")), None)
        there = live.environments.get(name) if live and name else None
        if repository is None or live is None or name is None or there is None:
            continue
        for key in _additions(stack, repository, name, there):
            added = _resource(resource, live, there, key)
            if added["urn"] in known or added["id"] in known:
                continue
            state.append(added)
            said.append(f"{repository.name}: {key} is not declared; the next up deletes it")
    return said


def without_added(plan: Mapping[str, Any], state: Export) -> dict[str, Any]:
    """A plan without deletions of what somebody added: what slipway never made is no loss.

    Pulumi notes when it made a resource; what was told to the state has no such time.

    Args:
        plan: the JSON of a preview.
        state: the state that it starts from.
    """
    added = {
        resource["urn"]
        for resource in resources(state)
        if resource["type"] in ADDED_TYPES and not resource.get("created")
    }
    steps = [step for step in plan["steps"] if step["op"] != "delete" or step["urn"] not in added]
    return {**plan, "steps": steps}


def _additions(
    stack: Stack, repository: Repository, name: EnvironmentName, live: ObservedEnvironment
) -> Iterator[Key]:
    """Objects of one environment that are neither declared nor declared unmanaged."""
    variables = environment_variables(stack.settings, repository, name)
    for found in environment_findings(repository, name, variables, live, {}):
        if found.rule in ADDED and found.repair is Repair.REFRESH:
            yield found.object


def _resource(
    environment: Mapping[str, Any], live: ObservedRepository, there: ObservedEnvironment, key: Key
) -> dict[str, Any]:
    """A resource as the state would have it if the environment's component had made it."""
    place = {field: environment["outputs"][field] for field in ("repository", "environment")}
    before, _, name = str(environment["urn"]).rpartition("::")
    kind, part = key.kind, key.kind.parts[-1]
    own, end = {kind.inputs[part]: key[part]}, key[part]
    outputs: dict[str, Any] = {"repositoryId": live.id}
    if kind in _BEGINNINGS:
        policy = (there.branches if kind is BRANCH_POLICY else there.tags)[key[part]]
        outputs["policyId"], end = policy, str(policy)
    elif kind is VARIABLE:
        own["value"] = there.variables[key[part]]
    return {
        "urn": (
            f"{before.removesuffix(ENVIRONMENT.type)}{kind.type}::"
            f"{name}-{_BEGINNINGS.get(kind, '')}{key[part]}"
        ),
        "custom": True,
        "id": f"{place['repository']}:{place['environment']}:{end}",
        "type": kind.type,
        "inputs": place | own,
        "outputs": place | own | outputs,
        "parent": environment["parent"],
        "provider": environment["provider"],
        "dependencies": [environment["urn"]],
        "deletedWith": environment["urn"],
    }
