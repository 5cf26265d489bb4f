"""What somebody added to an environment, told to the state as if slipway had made it.

Pulumi deletes what its state has and the program does not declare; of what a person added the
state knows nothing, so that it would stay. Told of it, plain `pulumi preview` shows the deletion
and plain `pulumi up` does it. Deployment branch and tag patterns decide who may deploy: those that
nobody declared go. Variables and secrets go where the environment is declared `exclusive`.

What is deleted is found as the provider finds it (pulumi-github 6.15): a pattern by its policy's
number, a secret by its repository's.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from components.documents.role import environment_variables
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.model.unmanaged import is_one_of
from operations.diff import objects
from operations.engine.stack_state import SECRET, Export, resources
from operations.live.observed import Observed, ObservedEnvironment, ObservedRepository

_ENVIRONMENT: Final = "github:index/repositoryEnvironment:RepositoryEnvironment"
_POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
_VARIABLE: Final = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"


class _Addition(NamedTuple):
    """One thing that somebody added."""

    type: str
    """Type token."""
    ending: str
    """End of the logical name."""
    outputs: Mapping[str, Any]
    """Without the environment's."""
    key: str
    """End of the id."""
    words: str
    """Its name in findings."""


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
    for resource in [one for one in resources(export) if one["type"] == _ENVIRONMENT]:
        outputs = resource.get("outputs") or {}
        repository = declared.get(str(outputs.get("repository")))
        live = observed.repositories.get(repository.name) if repository else None
        name = next((n for n in ENVIRONMENTS if n == outputs.get("environment")), None)
        there = live.environments.get(name) if live and name else None
        if repository is None or live is None or name is None or there is None:
            continue
        for addition in _additions(stack, repository, name, there):
            added = _resource(resource, live, addition)
            if added["urn"] in known or added["id"] in known:
                continue
            state.append(added)
            said.append(
                f"{repository.name}: {addition.words} is not declared; the next up deletes it"
            )
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
        if resource["type"] in {_POLICY, _VARIABLE, SECRET} and not resource.get("created")
    }
    steps = [step for step in plan["steps"] if step["op"] != "delete" or step["urn"] not in added]
    return {**plan, "steps": steps}


def _additions(
    stack: Stack, repository: Repository, name: EnvironmentName, live: ObservedEnvironment
) -> Iterator[_Addition]:
    """What is in one environment and neither declared nor somebody else's by declaration."""
    environment, unmanaged = repository.environment(name), repository.unmanaged
    patterns = (
        ("branch", live.branches, repository.deployment_branches(name)),
        ("tag", live.tags, environment.deployment_tags),
    )
    for kind, there, wanted in patterns:
        for pattern in sorted(there.keys() - set(wanted)):
            if is_one_of(pattern, unmanaged.deployment_patterns):
                continue
            own = {f"{kind}Pattern": pattern, "policyId": there[pattern]}
            words = objects.branch_policy(name, kind, pattern)
            yield _Addition(_POLICY, f"{kind}:{pattern}", own, str(there[pattern]), words)
    if not environment.exclusive:
        return
    variables = {key.upper() for key in environment_variables(stack.settings, repository, name)}
    for variable in sorted(live.variables.keys() - variables):
        if not is_one_of(variable, unmanaged.variables):
            own = {"variableName": variable, "value": live.variables[variable]}
            yield _Addition(_VARIABLE, variable, own, variable, objects.variable(name, variable))
    secrets = {key.upper() for key in environment.secrets}
    for secret in sorted(live.secrets.keys() - secrets):
        if not is_one_of(secret, unmanaged.secrets):
            own = {"secretName": secret}
            yield _Addition(SECRET, secret, own, secret, objects.secret(name, secret))


def _resource(
    environment: Mapping[str, Any], live: ObservedRepository, addition: _Addition
) -> dict[str, Any]:
    """A resource as the state would have it if the environment's component had made it."""
    place = {field: environment["outputs"][field] for field in ("repository", "environment")}
    before, _, name = str(environment["urn"]).rpartition("::")
    own = dict(addition.outputs)
    return {
        "urn": f"{before.removesuffix(_ENVIRONMENT)}{addition.type}::{name}-{addition.ending}",
        "custom": True,
        "id": f"{place['repository']}:{place['environment']}:{addition.key}",
        "type": addition.type,
        "inputs": place | {field: value for field, value in own.items() if field != "policyId"},
        "outputs": place | own | {"repositoryId": live.id},
        "parent": environment["parent"],
        "provider": environment["provider"],
        "dependencies": [environment["urn"]],
        "deletedWith": environment["urn"],
    }
