"""Read one job from a workflow file, as far as an id-token depends on it.

It reads `permissions`, `environment`, `runs-on` and `name` (docs.github.com, "Workflow syntax").
Deliberately absent, and refused if a token depends on them: expressions, reusable workflows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sandbox.tokens.refusal import TokenRefusedError


@dataclass(frozen=True)
class Job:
    """One job of a workflow file."""

    id: str
    #: The workflow's `name`, or its path if it has no name.
    workflow: str
    #: The environment's name as the file spells it.
    environment: str | None
    may_have_token: bool
    self_hosted: bool


def read_job(path: str, text: bytes, job_id: str) -> Job:
    """The job with this id, read from the text of the workflow file at a path.

    Raises:
        TokenRefusedError: 403 if the file does not have the job, 422 if it is not a workflow, 501
            if the token depends on syntax that is not evaluated here.
    """
    workflow = _workflow(path, text)
    job = workflow["jobs"].get(job_id)
    if not isinstance(job, Mapping):
        raise TokenRefusedError(403, f"{path} has no job {job_id!r}")
    if "uses" in job:
        raise TokenRefusedError(
            501, f"The sandbox does not emulate reusable workflows: job {job_id} of {path}"
        )
    return Job(
        id=job_id,
        workflow=str(workflow.get("name") or path),
        environment=_environment(path, job_id, job.get("environment")),
        may_have_token=_may_have_token(workflow, job),
        self_hosted="self-hosted" in _labels(job.get("runs-on")),
    )


def named_environments(text: bytes) -> list[str]:
    """The environments that the jobs of a workflow file name, without expressions.

    A file that is no workflow names none.
    """
    try:
        jobs = _workflow("", text)["jobs"].values()
    except TokenRefusedError:
        return []
    given = [job.get("environment") for job in jobs if isinstance(job, Mapping)]
    names = [one.get("name") if isinstance(one, Mapping) else one for one in given]
    return [str(name) for name in names if name and "${{" not in str(name)]


def _workflow(path: str, text: bytes) -> Mapping[str, Any]:
    try:
        found = _content(text)
    except YAMLError as error:
        raise TokenRefusedError(422, f"{path} is no YAML") from error
    if not isinstance(found, Mapping) or not isinstance(found.get("jobs"), Mapping):
        raise TokenRefusedError(422, f"{path} is no workflow: it has no jobs")
    return found


@lru_cache(maxsize=64)
def _content(text: bytes) -> Any:
    """The YAML of a file, to be read only: each run of a workflow reads the same file twice."""
    return YAML(typ="safe", pure=True).load(text)


def _environment(path: str, job_id: str, given: Any) -> str | None:
    name = given.get("name") if isinstance(given, Mapping) else given
    if not name:
        return None
    if "${{" in str(name):
        raise TokenRefusedError(
            501, f"The sandbox does not evaluate the environment {name} of job {job_id} of {path}"
        )
    return str(name)


def _may_have_token(workflow: Mapping[str, Any], job: Mapping[str, Any]) -> bool:
    """Whether the job has `id-token: write`. Its own permissions replace the workflow's.

    Without either, the default applies, which never includes `id-token`.
    """
    permissions = job.get("permissions", workflow.get("permissions"))
    if isinstance(permissions, Mapping):
        return bool(permissions.get("id-token") == "write")
    return bool(permissions == "write-all")


def _labels(runs_on: Any) -> list[Any]:
    if isinstance(runs_on, Mapping):
        runs_on = runs_on.get("labels")
    return runs_on if isinstance(runs_on, list) else [runs_on]
