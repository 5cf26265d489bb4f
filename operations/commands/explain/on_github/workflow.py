"""The job of a workflow file that deploys to an environment, as its text has it.

Deliberately absent: workflows that a job calls from elsewhere, and the values of expressions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from operations.diff.workflows.conditions import excludes
from operations.diff.workflows.text import Workflow

_ACTION: Final = "aws-actions/configure-aws-credentials@"
_EXPRESSION: Final = "${{"
#: Defaults of the action (its action.yml).
_SESSION: Final = "GitHubActions"
_SECONDS: Final = "3600"


@dataclass(frozen=True, kw_only=True)
class DeployJob:
    """A job that names the environment."""

    id: str
    environment: str
    """The environment's name as the file spells it; it may be an expression."""
    may_have_token: bool
    """Whether it has the permission `id-token: write`."""
    excluded: bool
    """Whether its `if` excludes the event."""
    role: str
    """The action's input `role-to-assume`; empty without the action."""
    audience: str
    """Its input `audience`; empty for the default."""
    session_name: str
    seconds: str
    """The session that it asks for."""


def deploy_job(workflow: Workflow, environment: str, event: str) -> DeployJob | None:
    """The first job that names the environment, or may do so by an expression."""
    jobs = workflow.get("jobs")
    found = [
        _job(workflow, str(id_), job, name, event)
        for id_, job in (jobs.items() if isinstance(jobs, Mapping) else ())
        if isinstance(job, Mapping)
        for name in [_environment(job)]
        if name.lower() == environment or _EXPRESSION in name
    ]
    exact = [job for job in found if job.environment.lower() == environment]
    return next(iter(exact or found), None)


def other_environments(workflow: Workflow) -> list[str]:
    """The environments that its jobs name, in the file's order."""
    jobs = workflow.get("jobs")
    each = jobs.values() if isinstance(jobs, Mapping) else ()
    names = [_environment(job) for job in each if isinstance(job, Mapping)]
    return list(dict.fromkeys(filter(None, names)))


def calls_elsewhere(workflow: Workflow) -> bool:
    """Whether a job calls a reusable workflow, whose jobs are not in this file."""
    jobs = workflow.get("jobs")
    each = jobs.values() if isinstance(jobs, Mapping) else ()
    return any(isinstance(job, Mapping) and "uses" in job for job in each)


def _environment(job: Mapping[str, Any]) -> str:
    named = job.get("environment")
    if isinstance(named, Mapping):
        named = named.get("name")
    return named if isinstance(named, str) else ""


def _job(workflow: Workflow, id_: str, job: Mapping[str, Any], name: str, event: str) -> DeployJob:
    given = _inputs(job)
    return DeployJob(
        id=id_,
        environment=name,
        may_have_token=_may_have_token(workflow, job),
        excluded=excludes(job.get("if"), event),
        role=given.get("role-to-assume", ""),
        audience=given.get("audience", ""),
        session_name=given.get("role-session-name", _SESSION),
        seconds=given.get("role-duration-seconds", _SECONDS),
    )


def _inputs(job: Mapping[str, Any]) -> dict[str, str]:
    """The inputs of the step that asks AWS for credentials."""
    steps = job.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, Mapping) and str(step.get("uses")).startswith(_ACTION):
            inputs = step.get("with")
            each = inputs.items() if isinstance(inputs, Mapping) else ()
            return {str(key): str(value) for key, value in each}
    return {}


def _may_have_token(workflow: Workflow, job: Mapping[str, Any]) -> bool:
    """A job's own permissions replace the workflow's; the default never has `id-token`."""
    permissions = job.get("permissions", workflow.get("permissions"))
    if isinstance(permissions, Mapping):
        return bool(permissions.get("id-token") == "write")
    return bool(permissions == "write-all")
