"""Put the jobs together: one file an environment, each with its own trigger.

dev and test are triggered by a push; prod by a successful run of the test workflow, which makes
GitHub run it on the default branch.
"""

from typing import Any, Final

from components.documents.workflows.ci_jobs import ci_jobs
from components.documents.workflows.deploy_job import deploy_job
from components.documents.workflows.emit import emit
from components.model.pipeline import Pipeline
from components.model.terms import EnvironmentName

#: File names by environment, as the standard has them.
FILES: Final[dict[EnvironmentName, str]] = {
    "dev": "python-dev.yml",
    "test": "python-test.yml",
    "prod": "python-prd.yml",
}
_SUCCEEDED: Final = "${{ github.event.workflow_run.conclusion == 'success' }}"
_PRODUCER_BRANCH: Final = "${{ github.event.workflow_run.head_branch }}"


def render_workflows(repository: str, pipeline: Pipeline) -> dict[str, str]:
    """The text of each workflow file by file name.

    Args:
        repository: name of the repository, without the owner.
        pipeline: what its declaration says.
    """
    return {name: _render(repository, env, pipeline) for env, name in FILES.items()}


def _render(repository: str, environment: EnvironmentName, pipeline: Pipeline) -> str:
    after_test = environment == "prod"
    condition = _SUCCEEDED if after_test else None
    ref = _PRODUCER_BRANCH if after_test else None
    jobs = ci_jobs(pipeline.python_versions, condition, ref)
    jobs[f"deploy-{environment}"] = deploy_job(
        repository, environment, pipeline, condition or "always()", ref
    )
    workflow = {
        "name": _workflow_name(environment),
        "on": _trigger(environment, pipeline),
        "permissions": {"contents": "read"},
        "jobs": {name: {"name": name} | job for name, job in jobs.items()},
    }
    return emit(_header(repository), workflow)


def _workflow_name(environment: EnvironmentName) -> str:
    """The name by which another workflow waits for this one."""
    return FILES[environment].removesuffix(".yml")


def _trigger(environment: EnvironmentName, pipeline: Pipeline) -> dict[str, Any]:
    branch = [getattr(pipeline.branches, environment)]
    if environment != "prod":
        return {"push": {"branches": branch}}
    producer = [_workflow_name("test")]
    return {"workflow_run": {"workflows": producer, "types": ["completed"], "branches": branch}}


def _header(repository: str) -> list[str]:
    return [
        "This file is managed by slipway: changes made here are overwritten.",
        f"Change the declaration {repository}.yaml in the stack that onboards this repository.",
    ]
