"""Take what exists into Pulumi's state: fill the ids into an import file and let Pulumi import it.

`pulumi preview --import-file` writes every resource that a plan would create, without any value;
what exists gets its id, what does not is dropped, and so are parents that nothing is left of. Ids
are as the providers document them (pulumi-github 6.15 and pulumi-aws 7.51, "Import").
An import reads GitHub and AWS and writes only the state.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from components.model.stack import Stack
from components.model.types import ENVIRONMENTS
from operations.engine.locks import past_locks
from operations.engine.process import pulumi, pulumi_json
from operations.live.observed import Observed, ObservedRepository, ObservedRole

State = Mapping[str, Any]
"""The inputs of a resource that a plan would create."""


@dataclass(frozen=True)
class Imports:
    """What there is to import into a stack's state."""

    stack: str
    """Its name."""
    document: Mapping[str, Any]
    """The import file, with ids."""

    @property
    def count(self) -> int:
        """How many resources, components left out."""
        return sum("id" in entry for entry in self.document["resources"])


def existing(stack: Stack, observed: Observed) -> Imports:
    """Everything of a stack's repositories that exists and is not in the state yet.

    Args:
        stack: the repositories to adopt, resolved; their declarations are in place.
        observed: GitHub and AWS now.

    Raises:
        ConfigurationError: Pulumi fails.
    """
    with TemporaryDirectory(prefix="slipway-adopt-") as folder:
        file = Path(folder) / "import.json"
        options = ("--json", "--import-file", str(file), "--stack", stack.name)
        plan = pulumi_json("preview", *options)
        # Where nothing is to be created, there is no file.
        document = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return Imports(stack.name, filled(document, plan, stack, observed))


def carry_out(imports: Imports) -> None:
    """Import into the state.

    Raises:
        ConfigurationError: Pulumi fails, or somebody else uses the stack.
    """
    if not imports.count:
        return
    with TemporaryDirectory(prefix="slipway-adopt-") as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(imports.document), encoding="utf-8")
        importing = ("import", "--file", str(file), "--stack", imports.stack, "--yes")
        quiet = ("--skip-preview", "--generate-code=false", "--protect=false")
        past_locks(imports.stack, lambda: pulumi(*importing, *quiet))


def filled(
    document: Mapping[str, Any], plan: Mapping[str, Any], stack: Stack, observed: Observed
) -> dict[str, Any]:
    """The import file with the ids of what exists, and only that.

    Args:
        document: the import file as Pulumi wrote it.
        plan: the JSON of the same preview, which has the inputs of each resource.
        stack: the repositories to adopt, resolved.
        observed: GitHub and AWS now.
    """
    identity = Identities(stack, observed)
    created = {}
    for step in plan["steps"]:
        if step["op"] == "create":
            state = step["newState"]
            created[state["type"], state["urn"].split("::", 3)[3]] = state
    # Without a creation the file is an empty object.
    entries = {entry["name"]: entry for entry in document.get("resources") or ()}
    # Providers are the stack's own and have inputs in place of an id.
    wanted = {name: entry for name, entry in entries.items() if _is_provider(entry["type"])}
    for name, entry in entries.items():
        state = created.get((entry["type"], entry.get("logicalName", name)))
        if state is not None and (key := identity.of(state)) is not None:
            wanted[name] = {**entry, "id": key}
            for needed in _needed(entry, entries):
                wanted.setdefault(needed, entries[needed])
    return {**document, "resources": [wanted[name] for name in entries if name in wanted]}


def _needed(entry: Mapping[str, Any], entries: Mapping[str, Any]) -> Iterator[str]:
    """Parents of an entry, as far as they are not in the state already."""
    parent = str(entry.get("parent"))
    while parent in entries:
        yield parent
        parent = str(entries[parent].get("parent"))


def _is_provider(kind: str) -> bool:
    return kind.startswith("pulumi:providers:")


class Identities:
    """Ids of what exists live."""

    def __init__(self, stack: Stack, observed: Observed) -> None:
        """Know where to look for each repository and each environment's role."""
        self._repositories = {
            repository.name: live
            for repository in stack.repositories
            if (live := observed.repositories[repository.name]) is not None
        }
        self._roles = {}
        for repository in stack.repositories:
            for name in ENVIRONMENTS:
                account = observed.accounts[stack.settings.account(name).account_id]
                role = repository.role_name(stack.settings.owner, name)
                # A role's component is named after repository and environment.
                self._roles[f"{repository.name}-{name}"] = account.roles.get(role.lower())

    def of(self, state: State) -> str | None:
        """The import id of a resource; None where it does not exist, or is not to be adopted."""
        kind, given = state["type"], state.get("inputs", {})
        if kind in _OF_ROLE:
            role = self._roles.get(str(state.get("parent", "")).rpartition("::")[2])
            return _OF_ROLE[kind](role, given) if role is not None else None
        live = self._repositories.get(str(given.get("repository")))
        if live is None or kind not in _OF_REPOSITORY:
            return None
        found = _OF_REPOSITORY[kind](live, given)
        return None if found is None else f"{given['repository']}:{found}"


def _environment(live: ObservedRepository, given: State) -> str | None:
    name = str(given["environment"])
    return name if name in live.environments else None


def _branch_policy(live: ObservedRepository, given: State) -> str | None:
    environment = live.environments.get(given["environment"])
    if environment is None:
        return None
    branch, tag = given.get("branchPattern"), given.get("tagPattern")
    key = environment.branches.get(branch or "") or environment.tags.get(tag or "")
    return None if key is None else f"{given['environment']}:{key}"


def _variable(live: ObservedRepository, given: State) -> str | None:
    environment = live.environments.get(given["environment"])
    name = str(given["variableName"])
    there = environment is not None and name.upper() in environment.variables
    return f"{given['environment']}:{name}" if there else None


def _secret(live: ObservedRepository, given: State) -> str | None:
    environment = live.environments.get(given["environment"])
    name = str(given["secretName"])
    there = environment is not None and name.upper() in environment.secrets
    return f"{given['environment']}:{name}" if there else None


def _file(live: ObservedRepository, given: State) -> str | None:
    # The default branch has no name in an id, as it has none in the declaration of a file.
    branch = given.get("branch") or ""
    files = live.workflows.get(branch or live.default_branch, {})
    path = str(given["file"])
    return f"{path}:{branch}" if path.rpartition("/")[2] in files else None


def _role(role: ObservedRole, _: State) -> str:
    return role.name


def _inline_policy(role: ObservedRole, given: State) -> str | None:
    name = given["name"]
    return f"{role.name}:{name}" if name in role.inline_policies else None


def _managed_policy(role: ObservedRole, given: State) -> str | None:
    arn = given["policyArn"]
    return f"{role.name}/{arn}" if arn in role.managed_policies else None


_OF_ROLE: Final[dict[str, Callable[[ObservedRole, State], str | None]]] = {
    "aws:iam/role:Role": _role,
    "aws:iam/rolePolicy:RolePolicy": _inline_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _managed_policy,
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": _role,
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": _role,
}
_OF_REPOSITORY: Final[dict[str, Callable[[ObservedRepository, State], str | None]]] = {
    "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret": _secret,
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": _variable,
    "github:index/repositoryEnvironment:RepositoryEnvironment": _environment,
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": (
        _branch_policy
    ),
    "github:index/repositoryFile:RepositoryFile": _file,
}
