"""Single parts of a branch's classic protection that have routes of their own."""

from flask import Response

from sandbox.github import errors
from sandbox.github.body import read
from sandbox.github.paging import answer
from sandbox.github.render import protection as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.protection import ReviewsBody, protected, reviews

routes = Family("protection_parts", REPOSITORY)

_BASE = "/branches/<path:branch>/protection"
_ADMINS = f"{_BASE}/enforce_admins"
_SIGNATURES = f"{_BASE}/required_signatures"
_REVIEWS = f"{_BASE}/required_pull_request_reviews"


@routes.get(_ADMINS)
def get_admin_branch_protection(branch: str) -> Response:
    """Get admin branch protection.

    docs.github.com/rest/branches/branch-protection#get-admin-branch-protection
    """
    return answer(render.branch_protection(*protected(branch))["enforce_admins"])


@routes.post(_ADMINS)
def set_admin_branch_protection(branch: str) -> Response:
    """Set admin branch protection.

    docs.github.com/rest/branches/branch-protection#set-admin-branch-protection
    """
    place = protected(branch)
    place[2].enforce_admins = True
    return answer(render.branch_protection(*place)["enforce_admins"])


@routes.delete(_ADMINS)
def delete_admin_branch_protection(branch: str) -> Response:
    """Delete admin branch protection.

    docs.github.com/rest/branches/branch-protection#delete-admin-branch-protection
    """
    protected(branch)[2].enforce_admins = False
    return Response(status=204)


@routes.get(_SIGNATURES)
def get_commit_signature_protection(branch: str) -> Response:
    """Get commit signature protection.

    docs.github.com/rest/branches/branch-protection#get-commit-signature-protection
    """
    return answer(render.branch_protection(*protected(branch))["required_signatures"])


@routes.post(_SIGNATURES)
def create_commit_signature_protection(branch: str) -> Response:
    """Create commit signature protection.

    docs.github.com/rest/branches/branch-protection#create-commit-signature-protection
    """
    place = protected(branch)
    place[2].signatures = True
    return answer(render.branch_protection(*place)["required_signatures"])


@routes.delete(_SIGNATURES)
def delete_commit_signature_protection(branch: str) -> Response:
    """Delete commit signature protection.

    docs.github.com/rest/branches/branch-protection#delete-commit-signature-protection
    """
    protected(branch)[2].signatures = False
    return Response(status=204)


@routes.get(_REVIEWS)
def get_pull_request_review_protection(branch: str) -> Response:
    """Get pull request review protection.

    docs.github.com/rest/branches/branch-protection#get-pull-request-review-protection
    """
    place = protected(branch)
    if place[2].reviews is None:
        raise errors.not_found("Pull request review protection is not enabled on this branch")
    return answer(render.branch_protection(*place)["required_pull_request_reviews"])


@routes.patch(_REVIEWS)
def update_pull_request_review_protection(branch: str) -> Response:
    """Update pull request review protection.

    docs.github.com/rest/branches/branch-protection#update-pull-request-review-protection
    """
    place = protected(branch)
    place[2].reviews = reviews(place[0], read(ReviewsBody))
    return answer(render.branch_protection(*place)["required_pull_request_reviews"])


@routes.delete(_REVIEWS)
def delete_pull_request_review_protection(branch: str) -> Response:
    """Delete pull request review protection.

    docs.github.com/rest/branches/branch-protection#delete-pull-request-review-protection
    """
    place = protected(branch)
    if place[2].reviews is None:
        raise errors.not_found("Pull request review protection is not enabled on this branch")
    place[2].reviews = None
    return Response(status=204)
