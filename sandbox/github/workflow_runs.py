"""Workflow runs as GitHub lists them (docs.github.com/rest/actions/workflow-runs).

`head_branch` is only a name: of the pushed branch or tag, or of a pull request's branch, which may
be in a fork.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.github.clock import now
from sandbox.github.repositories import Repository


@dataclass(frozen=True)
class Review:
    """A decision about the deployments of a run."""

    environments: tuple[int, ...]
    """Ids of the environments."""
    state: str
    """`approved` or `rejected`."""
    login: str
    comment: str


@dataclass(eq=False)
class WorkflowRun:
    """One run of a workflow file."""

    id: int
    number: int
    repository: Repository
    head_repository: Repository
    event: str
    head_branch: str
    head_sha: str
    path: str
    actor: str
    title: str
    #: None while the run is in progress.
    conclusion: str | None = None
    created_at: datetime = field(default_factory=now)
    #: Ids of environments whose rules its jobs wait for.
    waiting: set[int] = field(default_factory=set)
    #: In the order in which they were made.
    reviews: list[Review] = field(default_factory=list)

    @property
    def status(self) -> str:
        """GitHub's `status`: `in_progress` or `completed`."""
        return "in_progress" if self.conclusion is None else "completed"
