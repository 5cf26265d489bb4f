"""The triggers of a workflow, and the concurrency group of its runs.

A push triggers dev and test; a successful run of the test workflow triggers prod, for which GitHub
takes the file from the default branch.
"""

import re
from typing import Any, Final

from components.documents.workflows.emit import Explained, Inline
from components.model.pipeline import Pipeline
from components.model.types import EnvironmentName

#: File names by environment, as the standard has them.
FILES: Final[dict[EnvironmentName, str]] = {
    "dev": "python-dev.yml",
    "test": "python-test.yml",
    "prod": "python-prd.yml",
}


def workflow_name(environment: EnvironmentName) -> str:
    """The name by which another workflow waits for this one."""
    return FILES[environment].removesuffix(".yml")


def triggers(environment: EnvironmentName, pipeline: Pipeline) -> Any:
    """The value of `on`."""
    branch = [_literally(getattr(pipeline.branches, environment))]
    found: dict[str, Any]
    if environment == "prod":
        producer = {"workflows": [workflow_name("test")], "types": ["completed"]}
        found = {"workflow_run": {**producer, "branches": branch}}
    else:
        found = {"push": {"branches": branch}}
        if pipeline.ci.pull_requests:
            found["pull_request"] = {"branches": branch}
    if pipeline.strict and (excused := _excused(environment, pipeline)):
        first = next(iter(found))
        found[first] = Explained(found[first], f"zizmor: ignore[{','.join(excused)}]")
    if pipeline.manual:
        about = f"Commit of {getattr(pipeline.branches, environment)}, in full, to deploy"
        commit = {"description": about, "required": True, "type": "string"}
        found["workflow_dispatch"] = {"inputs": {"commit": commit}}
    return found


def _excused(environment: EnvironmentName, pipeline: Pipeline) -> list[str]:
    """Intended findings of zizmor's pedantic persona; see `tested_job` and `run_concurrency`."""
    dangerous = ["dangerous-triggers"] if environment == "prod" else []
    unlimited = run_concurrency(environment, pipeline) is None
    return dangerous + (["concurrency-limits"] if unlimited else [])


def run_concurrency(environment: EnvironmentName, pipeline: Pipeline) -> Inline | None:
    """The group of whole runs: the runs of one branch wait in the order of their pushes.

    A group of the deployments only would follow the order in which CI ends, so an older commit
    could be deployed last (docs.github.com: concurrency). None if a run may wait for approval and
    hold the group, and for production: a run without a deployment could replace one that waits.
    """
    if environment == "prod" or pipeline.awaits_approval[environment]:
        return None
    group = f"{workflow_name(environment)}-${{{{ github.ref }}}}"
    return Inline({"group": group, "cancel-in-progress": False})


def _literally(branch: str) -> str:
    """The branch filter that matches this name alone: `+` repeats, a leading `!` excludes."""
    return re.sub(r"^!|\+", r"\\\g<0>", branch)
