"""Merge a pull request; ask whether it is merged."""

from typing import Literal

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.pull_requests.merging import Merge, merge
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.pulls import numbered

routes = Family("pull_merges", REPOSITORY)


class MergeBody(Body):
    """How to merge; `sha` is the head that the client knows."""

    commit_title: str | None = None
    commit_message: str | None = None
    sha: str | None = None
    merge_method: Literal["merge", "squash", "rebase"] = "merge"


@routes.get("/pulls/<int:pull_number>/merge")
def check_if_merged(pull_number: int) -> Response:
    """Check if a pull request has been merged.

    docs.github.com/rest/pulls/pulls#check-if-a-pull-request-has-been-merged
    """
    _, found = numbered(pull_number)
    if not found.merged:
        raise errors.not_found()
    return Response(status=204)


@routes.put("/pulls/<int:pull_number>/merge")
def merge_pull_request(pull_number: int) -> Response:
    """Merge a pull request.

    docs.github.com/rest/pulls/pulls#merge-a-pull-request
    """
    repository, found = numbered(pull_number, Permission.PUSH)
    body = read(MergeBody)
    if body.sha is not None and body.sha != found.head_sha:
        raise errors.conflict("Head branch was modified. Review and try the merge again.")
    actor, title, text = access.actor(), body.commit_title, body.commit_message
    sha = merge(Merge(actor, repository, found, body.merge_method, title, text))
    return answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})
