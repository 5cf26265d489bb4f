"""The variables and secrets of a job with an environment, and its permission to start.

Read from the sandbox's GitHub at the time of the run. A run has one environment at most: act knows
none, and gives variables and secrets to all jobs of a run. Deliberately absent: waiting; the caller
states the approval, and wait timers have passed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.e2e.conftest import World
from tests.workflows.events import Event


class JobRefusedError(Exception):
    """GitHub does not start the environment's job."""


@dataclass(frozen=True)
class Given:
    """Variables and secrets by name."""

    variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


def named_environment(workflow: Mapping[str, Any], event: str) -> str | None:
    """Return the environment of the workflow's jobs; None if no job of the event names one.

    Raises:
        NotImplementedError: they name several.
    """
    found = {
        job["environment"]
        for job in workflow["jobs"].values()
        # GitHub evaluates the condition first: a skipped job does not enter the environment.
        if "environment" in job and f"github.event_name != '{event}'" not in job.get("if", "")
    }
    if len(found) > 1:
        raise NotImplementedError(f"act runs jobs of one environment: {sorted(found)}")
    return found.pop() if found else None


def enter(world: World, event: Event, name: str | None, *, approved: bool) -> Given:
    """Return the variables and secrets for a job of the environment.

    Raises:
        JobRefusedError: the environment's rules forbid it.
    """
    if name is None:
        return Given()
    place = f"repos/{event.repository}/environments"
    existing = world.github("GET", place)["environments"]
    if name not in {environment["name"] for environment in existing}:
        # docs, "Managing environments": a workflow that names a new one creates it, without rules.
        world.github("PUT", f"{place}/{name}")
    place = f"{place}/{name}"
    environment = world.github("GET", place)
    _check_ref(world, event.ref, environment, f"{place}/deployment-branch-policies")
    kinds = {rule["type"] for rule in environment["protection_rules"]}
    if "required_reviewers" in kinds and not approved:
        raise JobRefusedError(f"Waiting for review: {name} needs approval to start deploying")
    variables = world.github("GET", f"{place}/variables")["variables"]
    return Given(
        {variable["name"]: variable["value"] for variable in variables},
        world.control("GET", f"secrets/{event.repository}/{name}"),
    )


def _check_ref(world: World, ref: str, environment: Mapping[str, Any], policies: str) -> None:
    policy = environment["deployment_branch_policy"]
    if policy is None:
        return
    if not policy["custom_branch_policies"]:
        raise NotImplementedError("protected branches: the sandbox has no branch protection")
    kind, name = ref.removeprefix("refs/").split("/", 1)
    if kind == "pull":
        # docs, "Managing environments": refs/pull/*/merge admits such a ref.
        name = ref
    kind = {"heads": "branch", "tags": "tag", "pull": "branch"}[kind]
    admitted = world.github("GET", policies)["branch_policies"]
    if not any(p["type"] == kind and fnmatchcase(name, p["name"]) for p in admitted):
        raise JobRefusedError(
            f'{kind.capitalize()} "{name}" is not allowed to deploy to {environment["name"]} '
            "due to environment protection rules."
        )
