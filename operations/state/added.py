"""Write undeclared objects of an environment into the state, as if slipway had created them.

Pulumi deletes objects that are in its state and not declared. An object that a user added on GitHub
is not in the state, so it would stay. Once it is in the state, plain `pulumi preview` shows its
deletion and plain `pulumi up` deletes it. Undeclared deployment branch and tag patterns are deleted
because they decide who may deploy, undeclared variables and secrets if the environment is declared
`exclusive`.

The provider (pulumi-github 6.15) finds a pattern by its policy's number and a secret by its
repository's, so the state needs these numbers.
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

#: Beginnings of logical names of deployment policies, after the environment's name.
_BEGINNINGS: Final = {BRANCH_POLICY: "branch:", TAG_POLICY: "tag:"}


def tell_added(export: Export, stack: Stack, observed: Observed) -> list[str]:
    """Add undeclared objects to a refreshed state, in place; returns a message per object.

    Args:
        export: the state after the provider's refresh.
        stack: the declaration.
        observed: the live world.
    """
    state = export["deployment"].get("resources") or []
    known = {resource["urn"] for resource in state} | {resource.get("id") for resource in state}
    declared = {repository.name: repository for repository in stack.repositories}
    messages = []
    for resource in [one for one in resources(export) if one["type"] == ENVIRONMENT.type]:
        outputs = resource.get("outputs") or {}
        repository = declared.get(str(outputs.get("repository")))
        live = observed.repositories.get(repository.name) if repository else None
        name = next((n for n in ENVIRONMENTS if n == outputs.get("environment")), None)
        there = live.environments.get(name) if live and name else None
        if repository is None or live is None or name is None or there is None:
            continue
        if name not in repository.environment_names:
            continue
        for key in _additions(stack, repository, name, there):
            added = _resource(resource, live, there, key)
            if added["urn"] in known or added["id"] in known:
                continue
            state.append(added)
            messages.append(f"{repository.name}: {key} is not declared; the next up deletes it")
    return messages


def without_added(plan: Mapping[str, Any], state: Export) -> dict[str, Any]:
    """A plan without deletions of objects that `tell_added` wrote into the state: they are no loss.

    Pulumi records the time at which it creates a resource; these resources have no such time.

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
    """The resource as it would be in the state if the environment's component had created it."""
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
