"""The first job of production, which checks the test run that triggers it.

`workflow_run` filters by names: of the workflow, which any file can have, and of the branch, which
a tag and a fork's branch can have as well (docs.github.com: events that trigger workflows). So a
user who may push a tag, but not to the branch, could deploy any commit. The condition requires the
file, a push and this repository; the script requires a commit of the branch itself.
"""

from typing import Any, Final

from components.documents.workflows import commit_scripts as scripts
from components.documents.workflows.emit import Explained
from components.documents.workflows.source import BY_HAND, TESTED_RUN, Source
from components.documents.workflows.steps import RenderedStep, runs_on

#: Id of the job, which every CI job of production needs.
TESTED: Final = "python-tested"
_CONDITION: Final = " && ".join(
    (
        f"{TESTED_RUN}.conclusion == 'success'",
        f"{TESTED_RUN}.event == 'push'",
        f"{TESTED_RUN}.head_repository.full_name == github.repository",
        "github.event.workflow.path == '.github/workflows/python-test.yml'",
    )
)


def tested_job(source: Source) -> Explained:
    """The job; if it is skipped or fails, GitHub skips all jobs that need it.

    In the workflows of dev and test it checks runs by hand only, before code of the given commit
    runs; every push passes.
    """
    pipeline, after_test = source.pipeline, source.environment == "prod"
    step = RenderedStep(
        name="Check the tested commit" if after_test else "Check the given commit",
        when=None if after_test else BY_HAND,
        env=source.question(source.commit),
        run=scripts.CHECK_ON_BRANCH,
    )
    condition = f"{BY_HAND} || ({_CONDITION})" if pipeline.manual else _CONDITION
    content: dict[str, Any] = {
        "name": TESTED,
        "if": f"${{{{ {condition} }}}}" if after_test else None,
        "runs-on": runs_on(pipeline.runs_on),
        "timeout-minutes": pipeline.timeout_minutes,
        "steps": [step.tree()],
    }
    job = {key: value for key, value in content.items() if value is not None}
    why = "Did a push to the branch itself start the test run, and did it succeed?"
    return Explained(job, why if after_test else "")
