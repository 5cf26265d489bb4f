"""Let Pulumi forget what it could not delete, or is not to.

GitHub refuses every write to an archived repository, so an `up` that is to offboard one would fail.
Its objects are marked to be retained: the next `up` takes its roles away and forgets the rest,
which nobody can change any more. A secret that is declared `external` from now on is somebody
else's to write, not to be deleted: it is marked as well. Objects that are gone need nothing: the
refresh has dropped them.
"""

from collections.abc import Collection, Sequence

from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from components.objects.kinds import SECRET
from operations.engine.stack_state import Export, resources


def undeclared_repositories(export: Export, declared: Sequence[Repository]) -> list[str]:
    """Names of repositories that the state knows and no declaration says, former ones included."""
    known = {name.lower() for one in declared for name in (one.name, *one.previously)}
    found = {
        str(resource["inputs"]["repository"])
        for resource in resources(export)
        if resource["type"].startswith("github:") and "repository" in resource.get("inputs", {})
    }
    return sorted(name for name in found if name.lower() not in known)


def retain_archived(export: Export, names: Collection[str]) -> list[str]:
    """Mark what is in archived repositories in place; what was marked, a text for each repository.

    Args:
        export: the refreshed state.
        names: of the archived repositories that are to be offboarded.
    """
    said = []
    for name in sorted(names):
        marked = [
            resource
            for resource in resources(export)
            if resource["type"].startswith("github:")
            and resource.get("inputs", {}).get("repository") == name
            and not resource.get("retainOnDelete")
        ]
        for resource in marked:
            resource["retainOnDelete"] = True
        if marked:
            said.append(
                f"{name} is archived, so its environments, variables, secrets and files stay as "
                "they are; the next up takes its roles away and forgets the rest"
            )
    return said


def retain_external(export: Export, repositories: Sequence[Repository]) -> list[str]:
    """Mark secrets that are declared external in place; what was marked, a text each.

    Args:
        export: the refreshed state, with what slipway has written so far.
        repositories: as declared.
    """
    external = {
        (name, environment, secret.upper())
        for repository in repositories
        for name in (repository.name, *repository.previously)
        for environment in ENVIRONMENTS
        for secret, source in repository.environment(environment).secrets.items()
        if source.external
    }
    said = []
    for resource in resources(export):
        if resource["type"] != SECRET.type or resource.get("retainOnDelete"):
            continue
        given = resource["inputs"]
        repository, environment = str(given["repository"]), str(given["environment"])
        secret = str(given["secretName"]).upper()
        if (repository, environment, secret) in external:
            resource["retainOnDelete"] = True
            said.append(
                f"{repository}: environment {environment}, secret {secret} is external now; the "
                "next up leaves it as it is and forgets it"
            )
    return said
