"""Workflow runs."""

import zlib
from typing import Any

from sandbox.github.clock import iso
from sandbox.github.permissions import Permission
from sandbox.github.render.accounts import simple_user
from sandbox.github.render.commits import git_commit
from sandbox.github.render.repositories import minimal
from sandbox.github.render.urls import api, html, node_id
from sandbox.github.store import Store
from sandbox.github.workflow_runs import WorkflowRun


def workflow_run(store: Store, run: WorkflowRun) -> dict[str, Any]:
    """`workflow-run`; the sandbox does not serve its addresses of check suites and logs."""
    base = api(f"/repos/{run.repository.full_name}")
    url = f"{base}/actions/runs/{run.id}"
    workflow = zlib.crc32(f"{run.repository.id}:{run.path}".encode())
    actor = store.account(run.actor)
    who = simple_user(actor) if actor else None
    return {
        "id": run.id,
        "name": run.path,
        "node_id": node_id("WorkflowRun", run.id),
        "head_branch": run.head_branch,
        "head_sha": run.head_sha,
        "path": run.path,
        "display_title": run.title,
        "run_number": run.number,
        "run_attempt": 1,
        "event": run.event,
        "status": run.status,
        "conclusion": run.conclusion,
        "workflow_id": workflow,
        "check_suite_id": run.id,
        "check_suite_node_id": node_id("CheckSuite", run.id),
        "url": url,
        "html_url": html(f"{run.repository.full_name}/actions/runs/{run.id}"),
        "pull_requests": [],
        "created_at": iso(run.created_at),
        "updated_at": iso(run.created_at),
        "run_started_at": iso(run.created_at),
        **({"actor": who, "triggering_actor": who} if who else {}),
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": f"{base}/check-suites/{run.id}",
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": None,
        "workflow_url": f"{base}/actions/workflows/{workflow}",
        "head_commit": _head_commit(run),
        "repository": _listed(run.repository),
        "head_repository": _listed(run.head_repository),
    }


def _head_commit(run: WorkflowRun) -> dict[str, Any] | None:
    """`nullable-simple-commit`."""
    found = run.head_repository.git.commit(run.head_sha)
    if found is None:
        return None
    core = git_commit(run.head_repository, run.head_sha, found)
    people = {
        who: {key: core[who][key] for key in ("name", "email")} for who in ("author", "committer")
    }
    return {
        "id": run.head_sha,
        "tree_id": core["tree"]["sha"],
        "message": core["message"],
        "timestamp": core["author"]["date"],
        **people,
    }


def _listed(repository: Any) -> dict[str, Any]:
    return minimal(repository, Permission.PULL)
