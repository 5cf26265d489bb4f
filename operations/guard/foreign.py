"""What others have made and a plan would destroy without naming it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from operations.drifting import objects
from operations.drifting.finding import Finding
from operations.drifting.preview import Step, object_of, plan_steps, repository_of
from operations.observer.observed import Observed, ObservedEnvironment

_ENVIRONMENT: Final = "github:index/repositoryEnvironment:RepositoryEnvironment"


def would_go_along(losses: Sequence[Step], observed: Observed) -> Iterator[str]:
    """Variables and secrets of others die with an environment."""
    ours = {(str(step.old.get("repository")), object_of(step)) for step in losses}
    for step in losses:
        if step.type != _ENVIRONMENT or step.op != "delete":
            continue
        repository, name = str(step.old["repository"]), str(step.old["environment"])
        live = observed.repositories.get(repository)
        environment = live.environments.get(name.lower()) if live else None
        if environment is not None:
            foreign = sorted(_inside(environment, name) - {o for r, o in ours if r == repository})
            if foreign:
                inside = ", ".join(part.partition(", ")[2] for part in foreign)
                yield (
                    f"{repository}: environment {name} would be deleted with what others put into "
                    f"it: {inside}"
                )


def would_be_written_over(
    plan: Mapping[str, Any], findings: Sequence[Finding], roles: Mapping[str, str]
) -> Iterator[str]:
    """Workflow files of somebody's that have the names of slipway's."""
    made = {
        (repository_of(step, roles), object_of(step))
        for step in plan_steps(plan)
        if step.op == "create"
    }
    for found in findings:
        place = (found.repository, found.object)
        if found.rule == "workflow/content" and place in made:
            yield (
                f"{found.repository}: {found.object} is there and would be written over; "
                "slipway adopt lists what the standard changes"
            )


def _inside(environment: ObservedEnvironment, name: str) -> set[str]:
    return {objects.variable(name, variable) for variable in environment.variables} | {
        objects.secret(name, secret) for secret in environment.secrets
    }
