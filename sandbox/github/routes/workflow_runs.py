"""Workflow runs: one by its id, and those of a workflow file, newest first."""

from flask import Response, request

from sandbox.github import access, errors
from sandbox.github.paging import answer, page
from sandbox.github.render import workflow_runs as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.workflow_runs import WorkflowRun

routes = Family("workflow_runs", REPOSITORY)


@routes.get("/actions/workflows/<workflow_id>/runs")
def list_workflow_runs(workflow_id: str) -> Response:
    """List workflow runs for a workflow, given the name of its file.

    Filters: `branch`, `event`, `head_sha`, `status` (which is a status or a conclusion).
    docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
    """
    repository = access.repository()
    path = f".github/workflows/{workflow_id}"
    state = access.store()
    runs = [run for run in state.workflow_runs.values() if run.repository is repository]
    of_file = [run for run in runs if run.path == path]
    tip = repository.git.ref(f"refs/heads/{repository.default_branch}")
    if not of_file and not (tip and repository.git.lookup(tip, path)):
        raise errors.not_found()
    found = sorted(filter(_wanted, of_file), key=lambda run: run.id, reverse=True)
    listed = [render.workflow_run(state, run) for run in page(found)]
    return answer({"total_count": len(found), "workflow_runs": listed})


@routes.get("/actions/runs/<int:run_id>")
def get_workflow_run(run_id: int) -> Response:
    """Get a workflow run.

    docs.github.com/rest/actions/workflow-runs#get-a-workflow-run
    """
    return answer(render.workflow_run(access.store(), run_of(run_id)))


def run_of(run_id: int) -> WorkflowRun:
    """The repository's run of that id.

    Raises:
        GitHubError: 404 if there is none.
    """
    repository = access.repository()
    found = access.store().workflow_runs.get(run_id)
    if found is None or found.repository is not repository:
        raise errors.not_found()
    return found


def _wanted(run: WorkflowRun) -> bool:
    """Whether the run matches all filters of the request. Filters compare names only."""
    given = request.args
    return (
        given.get("branch", run.head_branch) == run.head_branch
        and given.get("event", run.event) == run.event
        and given.get("head_sha", run.head_sha) == run.head_sha
        and given.get("status", run.status) in {run.status, run.conclusion}
    )
