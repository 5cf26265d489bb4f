"""Comments on issues: list and create."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.issues import Comment
from sandbox.github.paging import answer, page
from sandbox.github.render import issues as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.issues import numbered

routes = Family("issue_comments", REPOSITORY)


class CommentBody(Body):
    """A comment."""

    body: str


@routes.get("/issues/<int:issue_number>/comments")
def list_comments(issue_number: int) -> Response:
    """List issue comments, by ascending id.

    docs.github.com/rest/issues/comments#list-issue-comments
    """
    repository, issue = numbered(issue_number)
    return answer([render.comment(repository, issue, each) for each in page(issue.comments)])


@routes.post("/issues/<int:issue_number>/comments")
def create_comment(issue_number: int) -> Response:
    """Create an issue comment; the permission to read is enough.

    docs.github.com/rest/issues/comments#create-an-issue-comment
    """
    repository, issue = numbered(issue_number)
    text = read(CommentBody).body
    if not text.strip():
        raise errors.validation_failed("IssueComment", "body", "missing_field")
    moment = now()
    written = Comment(access.store().next_id(), access.caller(), text, moment, moment)
    issue.comments.append(written)
    issue.updated_at = moment
    shown = render.comment(repository, issue, written)
    return answer(shown, 201, {"Location": shown["url"]})
