"""Reviews that a pull request needs before it is merged.

Deliberately absent: owners of code (CODEOWNERS) and conversations, which the sandbox does not have.
"""

from sandbox.github.permissions import Permission
from sandbox.github.pull_requests.pull_request import PullRequest
from sandbox.github.repositories import Repository
from sandbox.github.store import Store


def missing(
    store: Store, repository: Repository, found: PullRequest, needed: int, *, last_push: bool
) -> list[str]:
    """The sentence about reviews that a change lacks, if any.

    The words are those of github.com/Reviewable/Reviewable/issues/561; a review counts if its
    author may push (docs.github.com: about protected branches).
    """
    latest = {}
    for review in found.reviews:
        if review.state in {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}:
            latest[review.user.login.lower()] = review
    counted = [
        review
        for login, review in latest.items()
        if review.user is not found.user and store.permission(login, repository) >= Permission.PUSH
    ]
    if any(review.state == "CHANGES_REQUESTED" for review in counted) and needed:
        return ["Changes have been requested by a reviewer with write access."]
    approvals = [review for review in counted if review.state == "APPROVED"]
    if last_push and needed:
        approvals = [review for review in approvals if review.sha == found.head_sha]
    if len(approvals) >= needed:
        return []
    noun = "review is" if needed == 1 else "reviews are"
    return [f"At least {needed} approving {noun} required by reviewers with write access."]
