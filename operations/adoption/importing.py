"""Import existing objects into Pulumi's state, by an import file with their ids.

`pulumi preview --import-file` writes a file with every resource that the plan would create, without
values. Each resource that exists gets its id. Other resources are removed, and so are parents that
have no resource left. The providers document the form of ids (pulumi-github 6.15 and pulumi-aws
7.51, "Import"). An import reads GitHub and AWS and writes only the state.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from components.model.stack import Stack
from components.objects.kinds import BY_TYPE, KINDS, OIDC_PROVIDER, ROLE
from operations.engine.backend.checkpoints import written_at_the_end
from operations.engine.backend.locks import past_locks
from operations.engine.process import pulumi, pulumi_json
from operations.live.identities import id_of_role, import_id_in_repository
from operations.live.observed import Observed

State = Mapping[str, Any]
"""A resource that a plan would create: `type`, `inputs` and `parent`."""

_OF_ROLES: Final = {kind for kind in KINDS if ROLE in (kind, kind.parent)}


@dataclass(frozen=True)
class Imports:
    """The objects to import into a stack's state."""

    stack: str
    """Its name."""
    document: Mapping[str, Any]
    """The import file, with ids."""

    @property
    def count(self) -> int:
        """The number of resources without components."""
        return sum("id" in entry for entry in self.document["resources"])


def existing(stack: Stack, observed: Observed) -> Imports:
    """Every object of a stack's repositories that exists and is not in the state yet.

    Args:
        stack: the repositories to adopt, resolved; their declarations are in place.
        observed: the live world.

    Raises:
        ConfigurationError: Pulumi fails.
    """
    with TemporaryDirectory(prefix="slipway-adopt-") as folder:
        file = Path(folder) / "import.json"
        options = ("--json", "--import-file", str(file), "--stack", stack.name)
        plan = pulumi_json("preview", *options)
        document = read_document(file)
    return Imports(stack.name, filled(document, plan, stack, observed))


def read_document(file: Path) -> Any:
    """An import file; empty if Pulumi wrote none, because nothing would be created."""
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def carry_out(imports: Imports) -> None:
    """Import into the state.

    Raises:
        ConfigurationError: Pulumi fails, or another run uses the stack.
    """
    if not imports.count:
        return
    with TemporaryDirectory(prefix="slipway-adopt-") as folder:
        file = Path(folder) / "import.json"
        file.write_text(json.dumps(imports.document), encoding="utf-8")
        importing = ("import", "--file", str(file), "--stack", imports.stack, "--yes")
        quiet = ("--skip-preview", "--generate-code=false", "--protect=false")
        # A killed import has changed nothing but the state, so it loses nothing.
        run = partial(pulumi, *importing, *quiet, environment=written_at_the_end({"steps": ()}))
        past_locks(imports.stack, run)


def filled(
    document: Mapping[str, Any], plan: Mapping[str, Any], stack: Stack, observed: Observed
) -> dict[str, Any]:
    """The import file with only the existing objects, and their ids.

    Args:
        document: the import file as Pulumi wrote it.
        plan: the JSON of the same preview, which has the inputs of each resource.
        stack: the repositories to adopt, resolved.
        observed: the live world.
    """
    identity = Identities(stack, observed)
    created = {}
    for step in plan["steps"]:
        if step["op"] == "create":
            state = step["newState"]
            created[state["type"], state["urn"].split("::", 3)[3]] = state
    # If nothing would be created, the document is empty.
    entries = {entry["name"]: entry for entry in document.get("resources") or ()}
    # A provider exists only in the state: it has inputs and no id.
    provider = "pulumi:providers:"
    wanted = {name: one for name, one in entries.items() if one["type"].startswith(provider)}
    for name, entry in entries.items():
        state = created.get((entry["type"], entry.get("logicalName", name)))
        if state is not None and (key := identity.of(state)) is not None:
            wanted[name] = {**entry, "id": key}
            for needed in _needed(entry, entries):
                wanted.setdefault(needed, entries[needed])
    return {**document, "resources": [wanted[name] for name in entries if name in wanted]}


def _needed(entry: Mapping[str, Any], entries: Mapping[str, Any]) -> Iterator[str]:
    """Parents of an entry that are not in the state yet."""
    parent = str(entry.get("parent"))
    while parent in entries:
        yield parent
        parent = str(entries[parent].get("parent"))


class Identities:
    """Import ids of existing objects."""

    def __init__(self, stack: Stack, observed: Observed) -> None:
        """Index the live repositories, and the live role of each environment."""
        self._repositories = {
            repository.name: live
            for repository in stack.repositories
            if (live := observed.repositories[repository.name]) is not None
        }
        self._accounts = observed.accounts
        # A role's component is named after repository and environment.
        self._roles = {
            f"{repository.name}-{name}": observed.accounts[account].roles.get(role.lower())
            for repository, name, account, role in stack.roles()
        }

    def of(self, state: State) -> str | None:
        """The import id of a resource; None if it does not exist, or is not adopted."""
        type_, given = state["type"], state.get("inputs", {})
        if type_ == OIDC_PROVIDER.type:
            # One of another owner has ended the preview (`components.config.oidc_accounts`).
            account = self._accounts.get(str(state["urn"]).rpartition("::oidc-")[2])
            made = account and account.oidc_audiences is not None
            return account.oidc_provider_arn if account and made else None
        if any(kind in _OF_ROLES for kind in BY_TYPE.get(type_, ())):
            role = self._roles.get(str(state.get("parent", "")).rpartition("::")[2])
            return None if role is None else id_of_role(type_, given, role)
        live = self._repositories.get(str(given.get("repository")))
        return None if live is None else import_id_in_repository(type_, given, live)
