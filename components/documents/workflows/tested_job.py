"""The job before production's: is the run that triggers this one what it seems to be?

`workflow_run` filters by names: of the workflow, which any file can have, and of the branch, which
a tag and a fork's branch can have as well (docs.github.com: events that trigger workflows). So who
may push a tag, and nothing to the branch, could have a commit of his own deployed. The condition
asks for the file, a push and this repository, the script for a commit of the branch itself.
"""

from typing import Any, Final

from components.documents.workflows import deploy_scripts as scripts
from components.documents.workflows.emit import Explained
from components.documents.workflows.steps import Step, in_url, runs_on
from components.model.pipeline import Pipeline

#: Id of the job, which every CI job of production needs.
TESTED: Final = "python-tested"
_RUN: Final = "github.event.workflow_run"
_CONDITION: Final = (
    f"{_RUN}.conclusion == 'success'",
    f"{_RUN}.event == 'push'",
    f"{_RUN}.head_repository.full_name == github.repository",
    "github.event.workflow.path == '.github/workflows/python-test.yml'",
)


def tested_job(pipeline: Pipeline) -> Explained:
    """The job; whatever needs it is skipped where it is skipped or fails."""
    step = Step(
        name="Check the tested commit",
        env={
            "TESTED": f"${{{{ {_RUN}.head_sha }}}}",
            "BRANCH": in_url(pipeline.branches.prod),
            "GH_TOKEN": "${{ github.token }}",
        },
        run=scripts.CHECK_TESTED,
    )
    content: dict[str, Any] = {
        "name": TESTED,
        "if": f"${{{{ {' && '.join(_CONDITION)} }}}}",
        "runs-on": runs_on(pipeline.runs_on),
        "timeout-minutes": pipeline.timeout_minutes,
        "steps": [step.tree()],
    }
    job = {key: value for key, value in content.items() if value is not None}
    return Explained(job, "Did a push to the branch itself start the test run, and did it succeed?")
