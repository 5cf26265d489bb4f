"""Pull requests and their reviews: state without behaviour."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.github.accounts import Account
from sandbox.github.issues import Comment, Issue


@dataclass(eq=False)
class Review:
    """A review of one commit."""

    id: int
    user: Account
    #: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED` or `DISMISSED`.
    state: str
    body: str
    sha: str
    submitted_at: datetime


@dataclass(eq=False)
class PullRequest:
    """A pull request. Its number is no other issue's number."""

    id: int
    number: int
    user: Account
    title: str
    body: str | None
    #: Names of branches.
    head: str
    base: str
    #: The tip of the head branch; it stays when the pull request is closed.
    head_sha: str
    #: The tip of the base branch at the last push to the head branch.
    base_sha: str
    created_at: datetime
    updated_at: datetime
    draft: bool = False
    state: str = "open"
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit_sha: str | None = None
    reviews: list[Review] = field(default_factory=list)
    #: A pull request is an issue too, and has its comments.
    comments: list[Comment] = field(default_factory=list)

    @property
    def issue(self) -> Issue:
        """The pull request as an issue (docs.github.com/rest/issues: every pull request is one)."""
        return Issue(
            id=self.id,
            number=self.number,
            user=self.user,
            title=self.title,
            body=self.body,
            created_at=self.created_at,
            updated_at=self.updated_at,
            state=self.state,
            closed_at=self.closed_at,
            comments=self.comments,
        )

    @property
    def merged(self) -> bool:
        """Whether its commits are in the base branch."""
        return self.merged_at is not None
