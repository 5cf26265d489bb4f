"""Issues with their comments and labels: state, and who stands where to a repository."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.github.accounts import Account


@dataclass(eq=False)
class Label:
    """A label. GitHub's nine default labels are not made with a repository here."""

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
    """An issue. Nobody is assigned and there are no milestones."""

    id: int
    number: int
    user: Account
    title: str
    body: str | None
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    #: Why it has the state: `completed`, `not_planned`, `duplicate`, `reopened`; None at first.
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
