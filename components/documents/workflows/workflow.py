"""Put the jobs together: one file an environment, each with its own trigger.

dev and test are triggered by a push; prod by a successful run of the test workflow, for which
GitHub takes the file from the default branch.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from components.documents.workflows.ci_jobs import ci_jobs
from components.documents.workflows.deploy_job import deploy_job
from components.documents.workflows.emit import Explained, emit
from components.documents.workflows.package_steps import ZIP, PackageSteps
from components.documents.workflows.tested_job import TESTED, tested_job
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


def render_workflows(repository: str, pipeline: Pipeline) -> dict[str, str]:
    """The text of each workflow file by file name.

    Args:
        repository: name of the repository, without the owner.
        pipeline: what its declaration says.
    """
    return {name: _render(repository, env, pipeline) for env, name in FILES.items()}


def _render(repository: str, environment: EnvironmentName, pipeline: Pipeline) -> str:
    packages = [
        PackageSteps(package, pipeline, environment, repository) for package in pipeline.packages
    ]
    workflow = {
        "name": workflow_name(environment),
        "run-name": _run_name(environment) if pipeline.strict else None,
        "on": _trigger(environment, pipeline),
        "permissions": {
            "contents": Explained("read", "check out") if pipeline.strict else "read",
        },
        "concurrency": _concurrency(environment) if pipeline.strict else None,
        "env": _env(packages),
        "jobs": _jobs(packages, environment, pipeline),
    }
    header = [
        "Managed by slipway: a change made here is overwritten by the next `pulumi up`.",
        f"Change the declaration of {repository} in slipway's stacks instead.",
    ]
    return emit(header, {key: value for key, value in workflow.items() if value is not None})


def _run_name(environment: EnvironmentName) -> str | None:
    """Production's runs are named after the commit that they deploy, which GitHub knows not."""
    commit = _expression(f"{_PRODUCER}.head_sha")
    return f"{workflow_name(environment)} {commit}" if environment == "prod" else None


def _env(packages: Sequence[PackageSteps]) -> Explained | None:
    """Where other steps and tools find the packages, for the whole workflow."""
    zips = [steps for steps in packages if steps.package.kind == "lambda-zip"]
    built = [steps for steps in packages if steps.package.kind != "none"]
    env = {"LAMBDA_PACKAGE": ZIP} if zips else {}
    for steps in built:
        kind = "WHEEL" if steps.package.kind == "wheel" else "LAMBDA_PACKAGE"
        env[f"{kind}_ARTIFACT{steps.suffix.upper().replace('-', '_')}"] = steps.artifact
    if not env:
        return None
    return Explained(env, "Where the deployment leaves the package: the file, the artifact's name.")


def _concurrency(environment: EnvironmentName) -> Explained:
    """Runs of one branch wait for each other; none is cancelled, for it may be deploying."""
    group = f"{workflow_name(environment)}-${{{{ github.ref }}}}"
    return Explained(
        {"group": group, "cancel-in-progress": False}, "Runs wait for each other, none is cut off."
    )


def _jobs(
    packages: Sequence[PackageSteps], environment: EnvironmentName, pipeline: Pipeline
) -> dict[str, Explained]:
    if environment != "prod":
        jobs = ci_jobs(pipeline, after=None, ref=None)
        # Without a condition of its own a job waits for the success of those that it needs.
        condition = None if pipeline.blocks else "always()"
        deployment = deploy_job(packages, environment, pipeline, condition, None)
    else:
        # The deployment needs no second condition: it is skipped with the jobs that it needs.
        tested = "head_sha" if pipeline.strict else "head_branch"
        ref = _expression(f"{_PRODUCER}.{tested}")
        jobs = {TESTED: tested_job(pipeline)} | ci_jobs(pipeline, TESTED, ref)
        condition = _expression(_SUCCEEDED)
        deployment = deploy_job(packages, environment, pipeline, condition, ref)
    return jobs | {f"deploy-{environment}": deployment}


def workflow_name(environment: EnvironmentName) -> str:
    """The name by which another workflow waits for this one."""
    return FILES[environment].removesuffix(".yml")


def _trigger(environment: EnvironmentName, pipeline: Pipeline) -> Any:
    branch = [_literally(getattr(pipeline.branches, environment))]
    if environment != "prod":
        return {"push": {"branches": branch}}
    producer: Any = [workflow_name("test")]
    if pipeline.strict:
        producer = Explained(producer, "zizmor: ignore[dangerous-triggers]")
    return Explained(
        {"workflow_run": {"workflows": producer, "types": ["completed"], "branches": branch}},
        "After each run of the test workflow on a branch, or a tag, of this name: see job one.",
    )


def _literally(branch: str) -> str:
    """The branch filter that matches this name alone: `+` repeats, a leading `!` excludes."""
    return re.sub(r"^!|\+", r"\\\g<0>", branch)


def _expression(text: str) -> str:
    return f"${{{{ {text} }}}}"
