"""What others have made and a plan would destroy without naming it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.objects.kind import Key
from components.objects.kinds import (
    ENVIRONMENT,
    INLINE_POLICY,
    MANAGED_POLICY,
    ROLE,
    SECRET,
    VARIABLE,
    WORKFLOW,
)
from operations.diff.finding import Finding
from operations.diff.workflows.compare import blob_id
from operations.engine.steps import Step, object_of, plan_steps, repository_of
from operations.live.observed import Observed


def would_go_along(losses: Sequence[Step], observed: Observed) -> Iterator[str]:
    """What others put into an environment, or into a role, dies with it."""
    ours = {(_place(step), object_of(step)) for step in losses}
    for step in losses:
        if step.op != "delete":
            continue
        inside = _in_environment(step, observed) if step.type == ENVIRONMENT.type else set[Key]()
        inside |= _in_role(step, observed) if step.type == ROLE.type else set[Key]()
        foreign = sorted(one for one in inside if (_place(step), one) not in ours)
        if foreign:
            names = ", ".join(key.own for key in foreign)
            whose = f"{step.old['repository']}: " if step.type == ENVIRONMENT.type else ""
            yield (
                f"{whose}{object_of(step)} would be deleted with what others put into it: {names}"
            )


def _place(step: Step) -> str:
    """What keeps objects of one name apart: the repository; of roles' objects nothing."""
    return str(step.old.get("repository", ""))


def would_be_written_over(
    plan: Mapping[str, Any],
    findings: Sequence[Finding],
    roles: Mapping[str, str],
    observed: Observed,
) -> Iterator[str]:
    """Workflow files of somebody's that have the names of slipway's."""
    made = {
        (repository_of(step, roles), object_of(step)): step
        for step in plan_steps(plan)
        if step.op == "create"
    }
    written = _written(plan)
    for found in findings:
        step = made.get(found.place)
        if step and found.rule == "workflow/content" and not _is_ours(step, written, observed):
            yield (
                f"{found.repository}: {found.object} is there and would be written over; "
                "slipway adopt lists what the standard changes"
            )


def _written(plan: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Repository, path and git's id of every file that the state has, whatever its branch."""
    states = (step.get("oldState") or {} for step in plan.get("steps", ()))
    files = (state["inputs"] for state in states if state.get("type") == WORKFLOW.type)
    return {(one["repository"], one["file"], blob_id(str(one["content"]))) for one in files}


def _is_ours(step: Step, written: set[tuple[str, str, str]], observed: Observed) -> bool:
    """Whether slipway's own file is there: on a branch that was renamed, or made of another."""
    repository, path = str(step.new["repository"]), str(step.new["file"])
    live = observed.repositories.get(repository)
    if live is None:
        return False
    branch = str(step.new.get("branch") or live.default_branch)
    there = live.workflows.get(branch, {}).get(path.rpartition("/")[2])
    return there is not None and (repository, path, there.blob) in written


def would_lose_the_unknown(plan: Mapping[str, Any], observed: Observed) -> Iterator[str]:
    """Environments that are written while they have what slipway and the provider cannot read.

    GitHub's PUT replaces all rules of an environment, so that these would go without a word.
    """
    for step in plan_steps(plan):
        if step.type != ENVIRONMENT.type or step.op == "delete":
            continue
        repository, name = str(step.inputs["repository"]), str(step.inputs["environment"])
        live = observed.repositories.get(repository)
        environment = live.environments.get(name.lower()) if live else None
        if environment and (unknown := environment.other_reviewers | environment.other_rules):
            yield (
                f"{repository}: {object_of(step)} would be written, and may lose what slipway "
                f"does not know: {', '.join(sorted(unknown))}"
            )


def _in_environment(step: Step, observed: Observed) -> set[Key]:
    repository, name = str(step.old["repository"]), str(step.old["environment"])
    live = observed.repositories.get(repository)
    environment = live.environments.get(name.lower()) if live else None
    if environment is None:
        return set()
    return {VARIABLE.at(name, variable) for variable in environment.variables} | {
        SECRET.at(name, secret) for secret in environment.secrets
    }


def _in_role(step: Step, observed: Observed) -> set[Key]:
    """A role's policies, as far as roles of repositories that nobody declares can be seen."""
    name, arn = str(step.old["name"]), step.old.get("arn")
    for account in observed.accounts.values():
        role = account.roles.get(name.lower())
        if role is not None and role.arn == arn:
            return {INLINE_POLICY.at(name, policy) for policy in role.inline_policies} | {
                MANAGED_POLICY.at(name, policy) for policy in role.managed_policies
            }
    return set()
