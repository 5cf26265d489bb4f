"""What an interrupted update has made without writing it down.

A killed engine leaves creations as pending in the state, for good: no later `up` clears them, and
`pulumi refresh --import-pending-creates` (3.256) loses what it is given: nothing in the engine
acts on the operations that it makes. A lost answer leaves not even that. So the state is told
directly: what is live just as it was to be made, and cannot be made twice (variables 409, roles and
OIDC providers EntityAlreadyExists, patterns 303, files a second commit), goes into it with its id,
for the next refresh to read the rest. All else is made again by the next `up`: those calls replace
what is there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from operations.diff.workflows.compare import blob_id
from operations.engine.stack_state import Export
from operations.live.observed import Observed

State = Mapping[str, Any]
"""A resource as the state and plans have it: `type`, `urn`, `inputs` and more."""

_OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def settled(export: Export, observed: Observed) -> Export:
    """The state with every pending creation settled.

    Args:
        export: the state as an interrupted update left it.
        observed: the live world.
    """
    after = deepcopy(export)
    deployment = after["deployment"]
    pending = deployment.get("pending_operations") or []
    deployment["pending_operations"] = [op for op in pending if op["type"] != "creating"]
    _take(after, (op["resource"] for op in pending if op["type"] == "creating"), observed)
    return after


def taken_over(export: Export, plan: Mapping[str, Any], observed: Observed) -> Export:
    """The state with what a plan would create although it is there already.

    Args:
        export: the state that the plan was made of.
        plan: the JSON of `pulumi preview --json`.
        observed: the live world.
    """
    after = deepcopy(export)
    creations = (step["newState"] for step in plan["steps"] if step["op"] == "create")
    _take(after, creations, observed)
    return after


def _take(after: Export, creations: Iterable[State], observed: Observed) -> None:
    resources = after["deployment"].setdefault("resources", [])
    known = {resource["urn"] for resource in resources}
    for resource in creations:
        find = _FIND.get(resource["type"])
        # What hangs on something that is not in the state is no remainder of a run: runs go in
        # order. A repository that was renamed undeclared would be taken for such a one.
        needs = {resource.get("parent"), *resource.get("dependencies", ())} - {None}
        if find is None or resource["urn"] in known or not needs <= known:
            continue
        if identity := find(resource, observed):
            # Inputs stand for the outputs until a refresh has read them.
            outputs = {k: v for k, v in resource["inputs"].items() if k != "__defaults"}
            _leave_to_delete(resources, resource.get("aliases") or ())
            resources.append({**resource, "id": identity, "outputs": outputs})
            known.add(resource["urn"])


def _leave_to_delete(resources: list[dict[str, Any]], formers: Collection[str]) -> None:
    """Mark what a creation is in the place of, under a former name, as the engine does it."""
    for one in resources:
        if one["urn"] in formers:
            one["delete"] = True


def _variable(resource: State, observed: Observed) -> str | None:
    given = resource["inputs"]
    repository, environment = str(given["repository"]), str(given["environment"])
    name = str(given["variableName"])
    live = observed.repositories.get(repository)
    there = live.environments.get(environment.lower()) if live else None
    same = there is not None and there.variables.get(name.upper()) == given["value"]
    return f"{repository}:{environment}:{name}" if same else None


def _policy(resource: State, observed: Observed) -> str | None:
    given = resource["inputs"]
    repository, environment = str(given["repository"]), str(given["environment"])
    live = observed.repositories.get(repository)
    there = live.environments.get(environment.lower()) if live else None
    if there is None:
        return None
    tag = given.get("tagPattern")
    key = there.tags.get(tag) if tag else there.branches.get(str(given.get("branchPattern")))
    return None if key is None else f"{repository}:{environment}:{key}"


def _file(resource: State, observed: Observed) -> str | None:
    given = resource["inputs"]
    repository, path = str(given["repository"]), str(given["file"])
    live = observed.repositories.get(repository)
    if live is None:
        return None
    branch = str(given.get("branch") or live.default_branch)
    there = live.workflows.get(branch, {}).get(path.rpartition("/")[2])
    same = there is not None and there.blob == blob_id(str(given["content"]))
    return f"{repository}:{path}:{branch}" if same else None


def _role(resource: State, observed: Observed) -> str | None:
    """A role with the declared tags, which name slipway and the repository."""
    name, tags = str(resource["inputs"]["name"]), resource["inputs"].get("tags") or {}
    for account in observed.accounts.values():
        role = account.roles.get(name.lower())
        if role and tags and role.tags.items() >= tags.items():
            return role.name
    return None


def _oidc_provider(resource: State, observed: Observed) -> str | None:
    """A provider with the declared tags, which name slipway and the stack."""
    account = str(resource["urn"]).rpartition("::oidc-")[2]
    there, tags = observed.accounts.get(account), resource["inputs"].get("tags") or {}
    if there is None or there.oidc_audiences is None:
        return None
    same = tags and there.oidc_tags.items() >= tags.items()
    return there.oidc_provider_arn if same else None


_FIND: Final[dict[str, Callable[[State, Observed], str | None]]] = {
    _OIDC_PROVIDER: _oidc_provider,
    "aws:iam/role:Role": _role,
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": _variable,
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": (
        _policy
    ),
    "github:index/repositoryFile:RepositoryFile": _file,
}
