"""Find objects of users and other tools that a plan would destroy without naming them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from components.documents.delivery import blob_id
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
from operations.engine.steps import Step, object_of, plan_steps, repository_of
from operations.live.identities import environment_of, file_of
from operations.live.observed import Observed, ObservedEnvironment, ObservedWorkflow


def would_go_along(losses: Sequence[Step], observed: Observed) -> Iterator[str]:
    """Messages about foreign objects in an environment or a role that is to be deleted."""
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
            yield f"{whose}{object_of(step)} would be deleted with foreign objects in it: {names}"


def _place(step: Step) -> str:
    """The repository, which distinguishes objects of one name; empty for objects of roles."""
    return str(step.old.get("repository", ""))


def would_be_written_over(
    plan: Mapping[str, Any],
    findings: Sequence[Finding],
    roles: Mapping[str, str],
    observed: Observed,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Messages about foreign workflow files that have the names of slipway's files.

    Beside each message there are git's ids of both contents, the live one and the planned one.
    """
    creations = {
        (repository_of(step, roles), object_of(step)): step
        for step in plan_steps(plan)
        if step.op == "create"
    }
    written = _written(plan)
    for found in findings:
        step = creations.get(found.place)
        if step and found.rule == "workflow/content" and not _is_ours(step, written, observed):
            text = (
                f"{found.repository}: {found.object} exists and would be overwritten; "
                "slipway adopt lists what the standard changes"
            )
            there = _file_there(step, observed)
            contents = (there.blob if there else "", blob_id(str(step.new.get("content"))))
            yield text, contents


def _written(plan: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Repository, path and git's id of every file in the state, on any branch."""
    states = (step.get("oldState") or {} for step in plan.get("steps", ()))
    files = (state["inputs"] for state in states if state.get("type") == WORKFLOW.type)
    return {(one["repository"], one["file"], blob_id(str(one["content"]))) for one in files}


def _is_ours(step: Step, written: set[tuple[str, str, str]], observed: Observed) -> bool:
    """True if the live file is slipway's: its branch was renamed, or created from another one."""
    repository, path = str(step.new["repository"]), str(step.new["file"])
    there = _file_there(step, observed)
    return there is not None and (repository, path, there.blob) in written


def _file_there(step: Step, observed: Observed) -> ObservedWorkflow | None:
    """The live file of the name that a step creates."""
    live = observed.repositories.get(str(step.new["repository"]))
    return file_of(step.new, live) if live else None


def would_lose_the_unknown(plan: Mapping[str, Any], observed: Observed) -> Iterator[str]:
    """Messages about updates of environments with rules that slipway and the provider can't read.

    GitHub's PUT replaces all rules of an environment, so these rules would be lost silently.
    """
    for step in plan_steps(plan):
        if step.type != ENVIRONMENT.type or step.op == "delete":
            continue
        environment = _live_environment(step, observed)
        if environment and (unknown := environment.other_reviewers | environment.other_rules):
            yield (
                f"{step.inputs['repository']}: {object_of(step)} would be written and may lose "
                f"rules that slipway does not know: {', '.join(sorted(unknown))}"
            )


def _live_environment(step: Step, observed: Observed) -> ObservedEnvironment | None:
    live = observed.repositories.get(str(step.inputs["repository"]))
    return environment_of(step.inputs, live) if live else None


def _in_environment(step: Step, observed: Observed) -> set[Key]:
    environment, name = _live_environment(step, observed), str(step.old["environment"])
    if environment is None:
        return set()
    return {VARIABLE.at(name, variable) for variable in environment.variables} | {
        SECRET.at(name, secret) for secret in environment.secrets
    }


def _in_role(step: Step, observed: Observed) -> set[Key]:
    """A role's policies; none if the role of an undeclared repository was not read."""
    name, arn = str(step.old["name"]), step.old.get("arn")
    for account in observed.accounts.values():
        role = account.roles.get(name.lower())
        if role is not None and role.arn == arn:
            return {INLINE_POLICY.at(name, policy) for policy in role.inline_policies} | {
                MANAGED_POLICY.at(name, policy) for policy in role.managed_policies
            }
    return set()
