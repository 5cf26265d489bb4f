"""Put the jobs together: one file an environment, each with its own trigger.

dev and test are triggered by a push; prod by a successful run of the test workflow, for which
GitHub takes the file from the default branch.
"""

import re
from typing import Any, Final

from components.documents.workflows.ci_jobs import ci_jobs
from components.documents.workflows.deploy_job import PACKAGE, artifact_name, deploy_job
from components.documents.workflows.emit import Explained, emit
from components.model.pipeline import Pipeline
from components.model.terms import EnvironmentName

#: File names by environment, as the standard has them.
FILES: Final[dict[EnvironmentName, str]] = {
    "dev": "python-dev.yml",
    "test": "python-test.yml",
    "prod": "python-prd.yml",
}
_PRODUCER: Final = "github.event.workflow_run"
_SUCCEEDED: Final = f"{_PRODUCER}.conclusion == 'success'"
#: A pull request of a fork can carry a test workflow of its own, from a branch of the same name;
#: only a push is surely made by somebody who may write to this repository.
_PUSHED: Final = f"{_PRODUCER}.event == 'push'"


def render_workflows(repository: str, pipeline: Pipeline) -> dict[str, str]:
    """The text of each workflow file by file name.

    Args:
        repository: name of the repository, without the owner.
        pipeline: what its declaration says.
    """
    return {name: _render(repository, env, pipeline) for env, name in FILES.items()}


def _render(repository: str, environment: EnvironmentName, pipeline: Pipeline) -> str:
    workflow = {
        "name": workflow_name(environment),
        "on": _trigger(environment, pipeline),
        "permissions": {"contents": "read"},
        "env": Explained(
            {"LAMBDA_PACKAGE": PACKAGE, "LAMBDA_PACKAGE_ARTIFACT": artifact_name(environment)},
            "Where the deployment leaves the package: the file, and the artifact's name.",
        ),
        "jobs": _jobs(repository, environment, pipeline),
    }
    header = [
        "Managed by slipway: a change made here is overwritten by the next `pulumi up`.",
        f"Change the declaration of {repository} in slipway's stacks instead.",
    ]
    return emit(header, workflow)


def _jobs(
    repository: str, environment: EnvironmentName, pipeline: Pipeline
) -> dict[str, Explained]:
    versions = pipeline.python_versions
    if environment != "prod":
        jobs = ci_jobs(versions, condition=None, ref=None)
        deployment = deploy_job(repository, environment, pipeline, "always()", None)
    else:
        # The deployment needs no second condition: it is skipped with the jobs that it needs.
        branch = _expression(f"{_PRODUCER}.head_branch")
        jobs = ci_jobs(versions, _expression(f"{_SUCCEEDED} && {_PUSHED}"), branch)
        condition = _expression(_SUCCEEDED)
        deployment = deploy_job(repository, environment, pipeline, condition, branch)
    return jobs | {f"deploy-{environment}": deployment}


def workflow_name(environment: EnvironmentName) -> str:
    """The name by which another workflow waits for this one."""
    return FILES[environment].removesuffix(".yml")


def _trigger(environment: EnvironmentName, pipeline: Pipeline) -> Any:
    branch = [_literally(getattr(pipeline.branches, environment))]
    if environment != "prod":
        return {"push": {"branches": branch}}
    producer = [workflow_name("test")]
    return Explained(
        {"workflow_run": {"workflows": producer, "types": ["completed"], "branches": branch}},
        "After each run of the test workflow. The jobs ask whether it succeeded, and whether a\n"
        "push started it: a fork's pull request can bring a test workflow of its own.",
    )


def _literally(branch: str) -> str:
    """The branch filter that matches this name alone: `+` repeats, a leading `!` excludes."""
    return re.sub(r"^!|\+", r"\\\g<0>", branch)


def _expression(text: str) -> str:
    return f"${{{{ {text} }}}}"
