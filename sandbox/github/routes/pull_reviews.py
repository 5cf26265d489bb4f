"""Reviews of a pull request: list and create. Deliberately absent: pending reviews, comments."""

from typing import Final, Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.paging import answer, page
from sandbox.github.pull_requests.pull_request import Review
from sandbox.github.render import pull_requests as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.pulls import numbered

routes = Family("pull_reviews", REPOSITORY)

_STATES: Final = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


class ReviewBody(Body):
    """A review with its verdict."""

    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
    body: str = ""
    commit_id: str | None = None


@routes.get("/pulls/<int:pull_number>/reviews")
def list_reviews(pull_number: int) -> Response:
    """List reviews for a pull request, oldest first.

    docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request
    """
    repository, found = numbered(pull_number)
    return answer([render.review(repository, found, each) for each in page(found.reviews)])


@routes.post("/pulls/<int:pull_number>/reviews")
def create_review(pull_number: int) -> Response:
    """Create a review for a pull request; its author cannot approve it.

    docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request
    """
    repository, found = numbered(pull_number)
    body, caller = read(ReviewBody), access.caller()
    if found.user is caller and body.event != "COMMENT":
        verb = "approve" if body.event == "APPROVE" else "request changes on"
        raise errors.validation_failed_simply(f"Can not {verb} your own pull request")
    written = Review(
        access.store().next_id(),
        caller,
        _STATES[body.event],
        body.body,
        body.commit_id or found.head_sha,
        now(),
    )
    found.reviews.append(written)
    return answer(render.review(repository, found, written))
