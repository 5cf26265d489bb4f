"""Make Pulumi forget objects that it cannot delete or must not delete.

GitHub refuses every write to an archived repository, so an `up` that offboards one would fail. Its
objects are marked with `retainOnDelete`: the next `up` deletes its roles and removes the read-only
objects from the state. Workflow files on a branch whose rules refuse commits are marked as well,
and a secret that is newly declared `external`: another tool writes it from now on. Objects that no
longer exist need no mark: the refresh has dropped them.

Usually `up` retains slipway's own branches and pull requests. In an offboarding, the marks of those
that are no longer needed are removed, so that Pulumi closes and deletes them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from components.model.delivery import HEADS, REMOVALS
from components.model.repository import Repository
from components.objects.kinds import BRANCH, PULL_REQUEST, SECRET, WORKFLOW
from operations.diff.last_up import KEEPS_FILES
from operations.engine.forgotten import undeclared
from operations.engine.stack_state import Export, resources

Branch = tuple[str, str]
"""A repository and the name of a branch of it."""


def undeclared_repositories(export: Export, declared: Sequence[Repository]) -> list[str]:
    """Names of repositories in the state that are neither declared nor a declared former name."""
    return sorted(undeclared((name for name, _ in _in_repositories(export)), declared))


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


def placed_files(export: Export, names: Collection[str]) -> dict[str, dict[str, list[str]]]:
    """Workflow files in the state of repositories to offboard, by repository and branch.

    Files on slipway's own branches are left out, and repositories that keep their files.
    """
    keeping = {
        str(resource["urn"]).rpartition("::")[2]
        for resource in resources(export)
        if (resource.get("outputs") or {}).get(KEEPS_FILES)
    }
    found: dict[str, dict[str, list[str]]] = {}
    for name, resource in _in_repositories(export):
        if name in names and name not in keeping and resource["type"] == WORKFLOW.type:
            file, branch = _placed(resource)
            if not branch.startswith(HEADS):
                found.setdefault(name, {}).setdefault(branch, []).append(file)
    return found


def retain_refused(export: Export, names: Collection[str], refused: Collection[Branch]) -> None:
    """Mark the files on branches that refuse commits, in place.

    Args:
        export: the refreshed state.
        names: of the repositories to offboard.
        refused: branches that refuse commits, or that files leave by pull request.
    """
    for name, resource in _in_repositories(export):
        if name in names and resource["type"] == WORKFLOW.type:
            _, branch = _placed(resource)
            if (name, branch) in refused:
                resource["retainOnDelete"] = True


def release_requests(
    export: Export,
    names: Collection[str],
    emptied: Collection[Branch],
    refused: Callable[[str, str], str],
) -> list[str]:
    """Let Pulumi close pull requests that add files, and delete slipway's finished branches.

    All of these are retained otherwise; the marks are removed in place. Returns a message for each
    pull request that the next `up` closes, and for each branch that it cannot delete.

    Args:
        export: the refreshed state.
        names: of the repositories to offboard.
        emptied: branches that have lost their workflow files by pull request.
        refused: says what refuses to delete a branch, given its repository; empty: nothing does.
    """
    messages = []
    done: set[Branch] = set()
    for resource in resources(export):
        if resource["type"] != PULL_REQUEST.type:
            continue
        name, head = str(resource["inputs"]["baseRepository"]), str(resource["inputs"]["headRef"])
        outputs = resource.get("outputs") or {}
        removal, state = head.startswith(REMOVALS), outputs.get("state")
        closes = name in names and not removal and state == "open"
        if not closes and not (removal and (name, str(resource["inputs"]["baseRef"])) in emptied):
            continue
        says = refused(name, head)
        if not says:
            done.add((name, head))
        if closes:
            resource.pop("retainOnDelete", None)
            request = f"pull request {int(outputs.get('number') or 0)}"
            then = "" if says else f" and deletes {head}"
            messages.append(f"{name}: the next up closes its {request}{then}")
        if says:
            messages.append(f"{name}: {head} stays, as rules refuse to delete it ({says})")
    for name, resource in _in_repositories(export):
        if resource["type"] == BRANCH.type and (name, resource["inputs"]["branch"]) in done:
            resource.pop("retainOnDelete", None)
    return messages


def _placed(resource: Mapping[str, Any]) -> tuple[str, str]:
    """A file's name and its branch; a file on the default branch has no input for the branch."""
    file = str(resource["inputs"]["file"]).rsplit("/", 1)[-1]
    return file, str(resource["urn"]).rpartition(f"{file}:")[2]


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
