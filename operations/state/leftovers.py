"""Make Pulumi forget objects that it cannot delete or must not delete.

GitHub refuses every write to an archived repository, so an `up` that offboards one would fail. Its
objects are marked with `retainOnDelete`: the next `up` deletes its roles and removes the read-only
objects from the state. A secret that is newly declared `external` is marked as well: another tool
writes it from now on. Objects that no longer exist need no mark: the refresh has dropped them.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from components.model.repository import Repository
from components.objects.kinds import SECRET
from operations.engine.forgotten import declared_names
from operations.engine.stack_state import Export, resources


def undeclared_repositories(export: Export, declared: Sequence[Repository]) -> list[str]:
    """Names of repositories in the state that are neither declared nor a declared former name."""
    known = declared_names(declared)
    names = {name for name, _ in _in_repositories(export)}
    return sorted(name for name in names if name.lower() not in known)


def _in_repositories(export: Export) -> Iterator[tuple[str, dict[str, Any]]]:
    """Resources on GitHub, each with the name of its repository."""
    for resource in resources(export):
        if resource["type"].startswith("github:") and "repository" in resource.get("inputs", {}):
            yield str(resource["inputs"]["repository"]), resource


def retain_archived(export: Export, names: Collection[str]) -> list[str]:
    """Mark the objects in archived repositories, in place; returns a message per repository.

    Args:
        export: the refreshed state.
        names: of the archived repositories that are to be offboarded.
    """
    marked = set()
    for name, resource in _in_repositories(export):
        if name in names and not resource.get("retainOnDelete"):
            resource["retainOnDelete"] = True
            marked.add(name)
    return [
        f"{name} is archived, so its environments, variables, secrets and files stay as they are; "
        "the next up deletes its roles and removes the rest from Pulumi's state"
        for name in sorted(marked)
    ]


def retain_external(export: Export, repositories: Sequence[Repository]) -> list[str]:
    """Mark secrets that are declared external, in place; returns a message per secret.

    Args:
        export: the refreshed state, with the secrets that slipway has written so far.
        repositories: as declared.
    """
    external = {
        (name, environment, secret.upper())
        for repository in repositories
        for name in (repository.name, *repository.previously)
        for environment in repository.environment_names
        for secret, source in repository.environment(environment).secrets.items()
        if source.external
    }
    messages = []
    for repository, resource in _in_repositories(export):
        if resource["type"] != SECRET.type or resource.get("retainOnDelete"):
            continue
        environment = str(resource["inputs"]["environment"])
        secret = str(resource["inputs"]["secretName"]).upper()
        if (repository, environment, secret) in external:
            resource["retainOnDelete"] = True
            messages.append(
                f"{repository}: environment {environment}, secret {secret} is external now; the "
                "next up leaves it as it is and removes it from Pulumi's state"
            )
    return messages
