"""Events that could start workflows, before any filter of a workflow file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """A push of a branch or a tag, or an activity on a pull request."""

    #: `push` or `pull_request`.
    name: str
    #: The pushed reference, or the base branch of a pull request in full.
    ref: str
    #: The pushed commit, or the head of a pull request. Its message may skip the runs.
    sha: str
    #: The commit before a push, or the tip of the base branch of a pull request.
    before: str | None
    #: `opened`, `synchronize`, `reopened`, `closed` or `edited` of a pull request.
    action: str | None = None
    #: The head branch of a pull request.
    head: str | None = None
    actor: str = ""
