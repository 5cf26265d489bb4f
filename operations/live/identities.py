"""Make the ids by which the providers know existing objects.

The form of an id is documented by the provider (pulumi-github 6.15 and pulumi-aws 7.51, "Import").
It is made from the inputs that a resource has in a plan or in the state.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from components.objects import kinds
from operations.live.observed import (
    ObservedEnvironment,
    ObservedRepository,
    ObservedRole,
    ObservedWorkflow,
)

Inputs = Mapping[str, Any]
"""The inputs of a resource."""


def id_in_repository(type_: str, given: Inputs, live: ObservedRepository) -> str | None:
    """The id of a GitHub resource.

    Args:
        type_: Pulumi's type token.
        given: the inputs.
        live: the repository that they name.

    Returns:
        None if it does not exist, or if its type is none of those below.
    """
    find = _IN_REPOSITORY.get(type_)
    found = find(live, given) if find else None
    return None if found is None else f"{given['repository']}:{found}"


def import_id_in_repository(type_: str, given: Inputs, live: ObservedRepository) -> str | None:
    """The id for an import. For a file on the default branch it contains no branch.

    Otherwise the import would put the branch into the state, while the declaration has none.
    """
    found = id_in_repository(type_, given, live)
    on_default = type_ == kinds.WORKFLOW.type and not given.get("branch")
    return found.removesuffix(live.default_branch) if found and on_default else found


def id_of_role(type_: str, given: Inputs, role: ObservedRole) -> str | None:
    """The id of a role, or of its policy or list of policies; None if it does not exist."""
    if type_ == kinds.INLINE_POLICY.type:
        name = given["name"]
        return f"{role.name}:{name}" if name in role.inline_policies else None
    if type_ == kinds.MANAGED_POLICY.type:
        arn = given["policyArn"]
        return f"{role.name}/{arn}" if arn in role.managed_policies else None
    return role.name


def environment_of(given: Inputs, live: ObservedRepository) -> ObservedEnvironment | None:
    """The live environment that inputs name."""
    return live.environments.get(str(given["environment"]).lower())


def file_of(given: Inputs, live: ObservedRepository) -> ObservedWorkflow | None:
    """The live workflow file that inputs name; without a branch, on the default one."""
    branch = str(given.get("branch") or live.default_branch)
    return live.workflows.get(branch, {}).get(str(given["file"]).rpartition("/")[2])


def _environment(live: ObservedRepository, given: Inputs) -> str | None:
    return str(given["environment"]) if environment_of(given, live) else None


def _deployment_policy(live: ObservedRepository, given: Inputs) -> str | None:
    environment = environment_of(given, live)
    if environment is None:
        return None
    tag = given.get("tagPattern")
    branches, tags = environment.branches, environment.tags
    number = tags.get(str(tag)) if tag else branches.get(str(given.get("branchPattern")))
    return None if number is None else f"{given['environment']}:{number}"


def _variable(live: ObservedRepository, given: Inputs) -> str | None:
    environment, name = environment_of(given, live), str(given["variableName"])
    there = environment is not None and name.upper() in environment.variables
    return f"{given['environment']}:{name}" if there else None


def _secret(live: ObservedRepository, given: Inputs) -> str | None:
    environment, name = environment_of(given, live), str(given["secretName"])
    there = environment is not None and name.upper() in environment.secrets
    return f"{given['environment']}:{name}" if there else None


def _file(live: ObservedRepository, given: Inputs) -> str | None:
    branch = given.get("branch") or live.default_branch
    return f"{given['file']}:{branch}" if file_of(given, live) else None


_IN_REPOSITORY: Final[dict[str, Callable[[ObservedRepository, Inputs], str | None]]] = {
    kinds.ENVIRONMENT.type: _environment,
    kinds.BRANCH_POLICY.type: _deployment_policy,
    kinds.VARIABLE.type: _variable,
    kinds.SECRET.type: _secret,
    kinds.WORKFLOW.type: _file,
}
