"""Combine the jobs into one file per environment, each with its own trigger."""

import json
import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from components.documents.workflows.ci_jobs import ci_jobs
from components.documents.workflows.deploy_job import deploy_job
from components.documents.workflows.emit import Explained, Inline, as_read, emit
from components.documents.workflows.package_steps import ZIP, PackageSteps
from components.documents.workflows.source import BY_HAND, TESTED_RUN, Source
from components.documents.workflows.tested_job import TESTED, tested_job
from components.documents.workflows.triggers import FILES, run_concurrency, triggers, workflow_name
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import EnvironmentName

#: Rendered texts by a hash of all that they depend on: an `up` needs those of a repository four
#: times. They are compressed, or they would be most of the memory of a large stack's observation.
_RENDERED: Final[dict[bytes, bytes]] = {}


def declared_workflows(repository: Repository, settings: StackSettings) -> dict[str, str]:
    """The text of each workflow file of a declared repository, by file name."""
    return render_workflows(repository.name, Pipeline.of(repository, settings))


def render_workflows(repository: str, pipeline: Pipeline) -> dict[str, str]:
    """The text of each workflow file by file name; equal ones are rendered once in a process.

    Args:
        repository: name of the repository, without the owner.
        pipeline: its resolved declaration.
    """
    key = sha256(f"{repository}\n{pipeline.model_dump_json()}".encode()).digest()
    if key in _RENDERED:
        kept: dict[str, str] = json.loads(zlib.decompress(_RENDERED[key]))
        return kept
    texts = _texts(repository, pipeline)
    _RENDERED[key] = zlib.compress(json.dumps(texts).encode(), level=1)
    return texts


def _texts(repository: str, pipeline: Pipeline) -> dict[str, str]:
    header = (
        f"Written by slipway from {pipeline.declared_in}: change that, `pulumi up` overwrites this."
    )
    return {
        FILES[environment]: emit([header], _workflow(repository, environment, pipeline))
        for environment in pipeline.workflows
    }


def workflow_contents(repository: str, pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """The content of each workflow file by file name, as a YAML reader finds it in the text."""
    return {
        FILES[environment]: as_read(_workflow(repository, environment, pipeline))
        for environment in pipeline.workflows
    }


def _workflow(repository: str, environment: EnvironmentName, pipeline: Pipeline) -> dict[str, Any]:
    # The deployment builds them.
    built = pipeline.packages if environment in pipeline.environments else ()
    packages = [PackageSteps(package, pipeline, environment, repository) for package in built]
    workflow = {
        "name": workflow_name(environment),
        "run-name": _run_name(environment, pipeline) if pipeline.strict else None,
        "on": triggers(environment, pipeline),
        "permissions": _permissions(pipeline),
        "concurrency": run_concurrency(environment, pipeline),
        "env": _env(packages),
        "jobs": _jobs(packages, environment, pipeline),
    }
    return {key: value for key, value in workflow.items() if value is not None}


def _permissions(pipeline: Pipeline) -> Any:
    if pipeline.strict:
        return {"contents": Explained("read", "check out")}
    return Inline({"contents": "read"})


def _run_name(environment: EnvironmentName, pipeline: Pipeline) -> str | None:
    """Name production's runs after the commit that they deploy, which GitHub does not show."""
    if environment != "prod":
        return None
    return f"{workflow_name(environment)} {Source(pipeline, environment).commit}"


def _env(packages: Sequence[PackageSteps]) -> Inline | None:
    """Names of the packages' file and artifacts, for other steps and tools."""
    zips = [steps for steps in packages if steps.package.kind == "lambda-zip"]
    built = [steps for steps in packages if steps.package.kind != "none"]
    env = {"LAMBDA_PACKAGE": ZIP} if zips else {}
    for steps in built:
        kind = "WHEEL" if steps.package.kind == "wheel" else "LAMBDA_PACKAGE"
        env[f"{kind}_ARTIFACT{steps.suffix.upper().replace('-', '_')}"] = steps.artifact
    return Inline(env) if env else None


def _jobs(
    packages: Sequence[PackageSteps], environment: EnvironmentName, pipeline: Pipeline
) -> dict[str, Any]:
    source = Source(pipeline, environment)
    asks_first = environment == "prod" or pipeline.manual
    jobs: dict[str, Any] = {TESTED: tested_job(source)} if asks_first else {}
    jobs |= ci_jobs(pipeline, TESTED if asks_first else None, source.ref)
    if environment not in pipeline.environments:
        return jobs
    condition = _condition(environment, pipeline)
    jobs[f"deploy-{environment}"] = deploy_job(packages, environment, pipeline, condition, source)
    return jobs


def _condition(environment: EnvironmentName, pipeline: Pipeline) -> str | None:
    """The `if` of the deployment; None: it runs after the success of all jobs that it needs."""
    if environment == "prod":
        # Without a status function GitHub skips the deployment with the jobs that it needs.
        by_hand = f"{BY_HAND} || " if pipeline.manual else ""
        return f"${{{{ {by_hand}{TESTED_RUN}.conclusion == 'success' }}}}"
    # The standard requires `always()`, which deploys even after a user has pressed Cancel.
    in_any_case = "!cancelled()" if pipeline.strict else "always()"
    despite_findings = None if pipeline.blocks else in_any_case
    no_pull_request = "github.event_name != 'pull_request'" if pipeline.ci.pull_requests else None
    return " && ".join(one for one in (despite_findings, no_pull_request) if one) or None
