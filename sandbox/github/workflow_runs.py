"""Workflow runs as GitHub lists them.

docs.github.com/rest/actions/workflow-runs. `head_branch` is a name and nothing more: of the pushed
branch or tag, or of a pull request's branch, which may be a fork's.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.github.clock import now
from sandbox.github.repositories import Repository


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
    #: None while it runs.
    conclusion: str | None = None
    created_at: datetime = field(default_factory=now)

    @property
    def status(self) -> str:
        """How far it is."""
        return "in_progress" if self.conclusion is None else "completed"
