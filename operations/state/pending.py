"""What an interrupted update may have made without writing it down.

A killed engine leaves creations as pending in the state. What GitHub or AWS would refuse to make
twice (variables 409, roles and OIDC providers EntityAlreadyExists, patterns 303) is looked for live
and taken into the state by its id; all the rest is made again by the next `up`, which comes to the
same: those calls replace what is there.
"""

from collections.abc import Iterator
from typing import Any, Final

from operations.observer.observed import Observed
from operations.state.stack_state import Export

_POLICY: Final = (
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
)
_VARIABLE: Final = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
_ROLE: Final = "aws:iam/role:Role"
_OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


def refresh_options(export: Export, observed: Observed) -> list[str]:
    """Options of `pulumi refresh` that settle every pending creation; none where none is."""
    pending = export["deployment"].get("pending_operations") or ()
    creations = [operation["resource"] for operation in pending if operation["type"] == "creating"]
    if not creations:
        return []
    options = ["--clear-pending-creates"]
    for resource in creations:
        if identity := _live_id(resource, observed):
            for value in (resource["urn"], identity):
                options += ["--import-pending-creates", value]
    return options


def _live_id(resource: dict[str, Any], observed: Observed) -> str | None:
    """The import id of what is there already; None for what is not, or may be made again."""
    kind, given = resource["type"], resource.get("inputs", {})
    if kind == _ROLE:
        return next(_roles(str(given["name"]), observed), None)
    if kind == _OIDC_PROVIDER:
        account = str(resource["urn"]).rpartition("::oidc-")[2]
        there = observed.accounts.get(account)
        issuer = str(given["url"]).removeprefix("https://")
        arn = f"arn:aws:iam::{account}:oidc-provider/{issuer}"
        return arn if there and there.oidc_audiences is not None else None
    if kind not in {_POLICY, _VARIABLE}:
        return None
    repository, name = str(given["repository"]), str(given["environment"])
    live = observed.repositories.get(repository)
    environment = live.environments.get(name.lower()) if live else None
    if environment is None:
        return None
    if kind == _VARIABLE:
        variable = str(given["variableName"])
        there_is = variable.upper() in environment.variables
        return f"{repository}:{name}:{variable}" if there_is else None
    patterns = environment.tags if given.get("tagPattern") else environment.branches
    key = patterns.get(str(given.get("tagPattern") or given.get("branchPattern")))
    return None if key is None else f"{repository}:{name}:{key}"


def _roles(name: str, observed: Observed) -> Iterator[str]:
    for account in observed.accounts.values():
        if role := account.roles.get(name.lower()):
            yield role.name
