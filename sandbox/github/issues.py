"""Issues with their comments and labels: state without behaviour."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.github.accounts import Account


@dataclass(eq=False)
class Label:
    """A label. A new repository does not get GitHub's nine default labels here."""

    id: int
    name: str
    color: str
    description: str | None


@dataclass(eq=False)
class Comment:
    """A comment on an issue."""

    id: int
    user: Account
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class Issue:
    """An issue. Deliberately absent: assignees and milestones."""

    id: int
    number: int
    user: Account
    title: str
    body: str | None
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    #: The reason of the state: `completed`, `not_planned`, `duplicate`, `reopened`; None at first.
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
