"""Record objects that an interrupted update created and that are not in the state.

A killed engine leaves creations as pending operations in the state. No later `up` clears them, and
`pulumi refresh --import-pending-creates` (3.256) loses them, as the engine does not carry out the
operations that it makes of them. If a response was lost, there is not even a pending operation.
So the object is written into the state with its id if it exists exactly as it was to be created and
cannot be created twice (variables 409, roles and OIDC providers EntityAlreadyExists, patterns 303,
files a second commit); the next refresh reads the rest. The next `up` creates all other objects
again: those calls replace an existing object.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from components.objects import kinds
from operations.diff.workflows.compare import blob_id
from operations.engine.stack_state import Export
from operations.live.identities import Inputs, environment_of, file_of, id_in_repository
from operations.live.observed import Observed, ObservedRepository

State = Mapping[str, Any]
"""A resource as the state and plans have it: `type`, `urn`, `inputs` and more."""


def resolved(export: Export, observed: Observed) -> Export:
    """The state with every pending creation resolved.

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
    """The state with the objects that exist although the plan would create them.

    Args:
        export: the state from which the plan was made.
        plan: the JSON of `pulumi preview --json`.
        observed: the live world.
    """
    after = deepcopy(export)
    creations = (step["newState"] for step in plan["steps"] if step["op"] == "create")
    _take(after, creations, observed)
    return after


def _take(after: Export, creations: Iterable[State], observed: Observed) -> None:
    # A new stack has no list and gets nothing: the parent of each resource is missing.
    resources = after["deployment"].get("resources") or []
    known = {resource["urn"] for resource in resources}
    for resource in creations:
        # Skip a resource whose parent or dependency is not in the state: an interrupted run would
        # have created these first. This also happens after an undeclared rename of a repository.
        needs = {resource.get("parent"), *resource.get("dependencies", ())} - {None}
        if resource["urn"] in known or not needs <= known:
            continue
        if identity := _identity(resource, observed):
            # Inputs stand for the outputs until a refresh has read them.
            outputs = {k: v for k, v in resource["inputs"].items() if k != "__defaults"}
            _leave_to_delete(resources, resource.get("aliases") or ())
            resources.append({**resource, "id": identity, "outputs": outputs})
            known.add(resource["urn"])


def _leave_to_delete(resources: list[dict[str, Any]], formers: Collection[str]) -> None:
    """Mark resources that a creation replaces under a former name, as the engine does it."""
    for one in resources:
        if one["urn"] in formers:
            one["delete"] = True


def _identity(resource: State, observed: Observed) -> str | None:
    """The id of an object that exists exactly as it was to be created; otherwise None."""
    type_, given = resource["type"], resource.get("inputs", {})
    if type_ == kinds.ROLE.type:
        return _role(given, observed)
    if type_ == kinds.OIDC_PROVIDER.type:
        return _oidc_provider(resource, observed)
    live = observed.repositories.get(str(given.get("repository")))
    is_same = _SAME.get(type_)
    if live is None or is_same is None or not is_same(live, given):
        return None
    return id_in_repository(type_, given, live)


def _is_same_variable(live: ObservedRepository, given: Inputs) -> bool:
    there = environment_of(given, live)
    name = str(given["variableName"]).upper()
    return there is not None and there.variables.get(name) == given["value"]


def _is_same_file(live: ObservedRepository, given: Inputs) -> bool:
    there = file_of(given, live)
    return there is not None and there.blob == blob_id(str(given["content"]))


def _role(given: Inputs, observed: Observed) -> str | None:
    """A role with the declared tags, which name slipway and the repository."""
    name, tags = str(given["name"]), given.get("tags") or {}
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


#: For types that cannot be created twice: True if the live object is as it was to be created.
_SAME: Final[dict[str, Callable[[ObservedRepository, Inputs], bool]]] = {
    kinds.VARIABLE.type: _is_same_variable,
    kinds.BRANCH_POLICY.type: lambda _live, _given: True,  # it has no property but its pattern
    kinds.WORKFLOW.type: _is_same_file,
}
