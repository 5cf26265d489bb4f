"""Deployments of a run that wait for the rules of their environments, and decisions about them."""

from typing import Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.paging import answer
from sandbox.github.render import run_reviews as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.workflow_runs import run_of
from sandbox.github.workflow_runs import Review

routes = Family("run_reviews", REPOSITORY)


class ReviewBody(Body):
    """A decision."""

    environment_ids: list[int]
    state: Literal["approved", "rejected"]
    comment: str


@routes.get("/actions/runs/<int:run_id>/approvals")
def list_reviews(run_id: int) -> Response:
    """Get the review history for a workflow run.

    docs.github.com/rest/actions/workflow-runs#get-the-review-history-for-a-workflow-run
    """
    run = run_of(run_id)
    return answer([render.review(access.store(), run, one) for one in run.reviews])


@routes.get("/actions/runs/<int:run_id>/pending_deployments")
def list_pending_deployments(run_id: int) -> Response:
    """Get pending deployments for a workflow run.

    docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
    """
    run, caller = run_of(run_id), access.caller()
    there = run.repository.environments.values()
    waiting = [one for one in there if one.id in run.waiting]
    return answer([render.pending(run, one, caller) for one in waiting])


@routes.post("/actions/runs/<int:run_id>/pending_deployments")
def review_pending_deployments(run_id: int) -> Response:
    """Review pending deployments for a workflow run; the caller must be a required reviewer.

    GitHub documents no refusal. Here it is 422.
    docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run
    """
    run, caller, body = run_of(run_id), access.caller(), read(ReviewBody)
    there = {one.id: one for one in run.repository.environments.values() if one.id in run.waiting}
    if unknown := [str(one) for one in body.environment_ids if one not in there]:
        raise errors.unprocessable(f"No pending deployment for environments {', '.join(unknown)}")
    found = [there[one] for one in body.environment_ids]
    if not all(render.may_approve(one, caller) for one in found):
        raise errors.unprocessable("You are not a required reviewer")
    run.waiting -= set(body.environment_ids)
    run.reviews.append(Review(tuple(body.environment_ids), body.state, caller.login, body.comment))
    return answer([render.deployment(run, one, caller) for one in found])
