"""Issues: list, create, get, update."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Literal

from flask import Response, request
from pydantic import Field

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.issues import Issue
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import issues as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.labels import labels_named

routes = Family("issues", REPOSITORY)

_STATES: Final = ("open", "closed", "all")
_SORTS: Final[dict[str, Callable[[Issue], datetime | int]]] = {
    "comments": lambda issue: len(issue.comments),
    "created": lambda issue: issue.created_at,
    "updated": lambda issue: issue.updated_at,
}


class LabelName(Body):
    """A label as an object with its name; a body may also have the name alone."""

    name: str


class NewIssue(Body):
    """A new issue."""

    title: str | int
    body: str | None = None
    labels: list[str | LabelName] = Field(default_factory=list)


class ChangedIssue(Body):
    """Members of an issue to change; `labels` replaces all labels."""

    title: str | int | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    state_reason: Literal["completed", "not_planned", "duplicate", "reopened"] | None = None
    labels: list[str | LabelName] | None = None


@routes.get("/issues")
def list_issues() -> Response:
    """List repository issues and pull requests: newest first; by default only open ones.

    docs.github.com/rest/issues/issues#list-repository-issues
    """
    repository = with_issues()
    given = request.args
    state, sort = given.get("state", "open"), given.get("sort", "created")
    if state not in _STATES:
        raise errors.validation_failed("Issue", "state", "invalid")
    if sort not in _SORTS:
        raise errors.validation_failed("Issue", "sort", "invalid")
    wanted = {name.strip().lower() for name in given.get("labels", "").split(",") if name.strip()}
    creator, since = given.get("creator", "").lower(), _moment(given.get("since"))
    pulls = [each.issue for each in repository.pull_requests.values()]
    found = [
        issue
        for issue in (*repository.issues.values(), *pulls)
        if state in {issue.state, "all"}
        and wanted <= {label.name.lower() for label in issue.labels}
        and creator in {"", issue.user.login.lower()}
        and issue.updated_at >= since
    ]
    found.sort(
        key=lambda issue: (_SORTS[sort](issue), issue.number),
        reverse=given.get("direction", "desc") != "asc",
    )
    return answer([render.issue(repository, issue) for issue in page(found)])


@routes.post("/issues")
def create_issue() -> Response:
    """Create an issue; the permission to read is enough.

    If the user may not push, GitHub drops the labels without an error.

    docs.github.com/rest/issues/issues#create-an-issue
    """
    repository = with_issues()
    body = read(NewIssue)
    moment = now()
    issue = Issue(
        id=access.store().next_id(),
        number=repository.next_number,
        user=access.caller(),
        title=_title(body.title),
        body=body.body,
        created_at=moment,
        updated_at=moment,
    )
    _label(repository, issue, body.labels)
    repository.issues[issue.number] = issue
    shown = render.issue(repository, issue)
    return answer(shown, 201, {"Location": shown["url"]})


@routes.get("/issues/<int:issue_number>")
def get_issue(issue_number: int) -> Response:
    """Get an issue.

    docs.github.com/rest/issues/issues#get-an-issue
    """
    return answer(render.issue(*numbered(issue_number)))


@routes.patch("/issues/<int:issue_number>")
def update_issue(issue_number: int) -> Response:
    """Update an issue; its author may, and users with the permission to triage.

    A pull request is changed by its own routes only: 501 here.

    docs.github.com/rest/issues/issues#update-an-issue
    """
    repository, issue = numbered(issue_number)
    if issue_number in repository.pull_requests:
        raise errors.not_emulated()
    caller = access.caller()
    if issue.user is not caller and access.permission(repository) < Permission.TRIAGE:
        raise access.refusal()
    body = read(ChangedIssue)
    if body.title is not None:
        issue.title = _title(body.title)
    if "body" in body.model_fields_set:
        issue.body = body.body
    if body.labels is not None:
        _label(repository, issue, body.labels)
    if body.state == "closed" and (issue.state == "open" or body.state_reason):
        issue.state, issue.state_reason = "closed", body.state_reason or "completed"
        issue.closed_at, issue.closed_by = now(), caller
    elif body.state == "open" and issue.state == "closed":
        issue.state, issue.state_reason = "open", "reopened"
        issue.closed_at = issue.closed_by = None
    issue.updated_at = now()
    return answer(render.issue(repository, issue))


def with_issues() -> Repository:
    """The repository in the path, which must have issues enabled.

    Raises:
        GitHubError: as `access.repository`, and 410 if issues are disabled.
    """
    repository = access.repository()
    if not repository.settings["has_issues"]:
        raise errors.gone("Issues has been disabled in this repository.")
    return repository


def numbered(number: int) -> tuple[Repository, Issue]:
    """An issue with its repository; a pull request is an issue, too.

    Raises:
        GitHubError: as `with_issues`, and 404 if the issue does not exist.
    """
    repository = with_issues()
    pull = repository.pull_requests.get(number)
    found = pull.issue if pull else repository.issues.get(number)
    if found is None:
        raise errors.not_found()
    return repository, found


def _label(repository: Repository, issue: Issue, labels: list[str | LabelName]) -> None:
    if access.permission(repository) >= Permission.PUSH:
        names = [each if isinstance(each, str) else each.name for each in labels]
        issue.labels = labels_named(repository, names)


def _title(given: str | int) -> str:
    title = str(given)
    if not title.strip():
        raise errors.validation_failed("Issue", "title", "missing_field")
    return title


def _moment(given: str | None) -> datetime:
    try:
        return datetime.fromisoformat(given) if given else datetime.min.replace(tzinfo=UTC)
    except ValueError as error:
        raise errors.validation_failed("Issue", "since", "invalid") from error
