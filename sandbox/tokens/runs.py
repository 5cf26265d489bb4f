"""Workflow runs that a runner registers; GitHub must have been able to start them.

Each event's ref and commit follow docs.github.com, "Events that trigger workflows". A pull request
of a fork has a `head_repository`, and its jobs get no id-token. All jobs of a new run wait for the
rules of their environments until these are reviewed; they get tokens all the same, as a runner asks
for those of jobs that may run. Deliberately absent: repeated attempts, and a check that the
workflow's `on` has the event, which is the runner's task.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.github.accounts import Account
from sandbox.github.environments import Environment
from sandbox.github.git import GitError, GitRepository
from sandbox.github.repositories import Repository
from sandbox.github.store import Store
from sandbox.github.workflow_runs import WorkflowRun
from sandbox.tokens.refusal import TokenRefusedError
from sandbox.tokens.workflow_file import named_environments

#: Events that always run on the default branch.
_DEFAULT_BRANCH: Final = ("workflow_run", "schedule")
_MERGE: Final = re.compile(r"refs/pull/\d+/merge")

Event = Literal["push", "pull_request", "workflow_dispatch", "workflow_run", "schedule"]


class RunBody(BaseModel):
    """A run to register."""

    model_config = ConfigDict(extra="forbid")

    repository: str
    event: Event
    workflow: Annotated[str, Field(pattern=r"^\.github/workflows/[^/]+\.ya?ml$")]
    actor: str
    ref: str = ""
    sha: str = ""
    run_id: int | None = None
    head_ref: str = ""
    base_ref: str = ""
    head_repository: str = ""


class RunEnd(BaseModel):
    """The end of a run."""

    model_config = ConfigDict(extra="forbid")

    conclusion: Literal["success", "failure", "cancelled", "skipped"]
    title: str = ""


@dataclass(eq=False)
class Run:
    """One run. It refers to its repository and actor, and so follows their renames."""

    id: int
    number: int
    repository: Repository
    event: str
    ref: str
    sha: str
    workflow: str
    actor: Account
    head_ref: str
    base_ref: str
    #: Whether a pull request of a fork started it.
    of_fork: bool = False
    request_token: str = field(repr=False, default_factory=lambda: secrets.token_urlsafe(32))
    #: Ids of the jobs' check runs, by job.
    check_runs: dict[str, int] = field(default_factory=dict)

    def is_of(self, repository: Repository, workflow: str) -> bool:
        """Whether this is a run of the repository's workflow."""
        return self.repository is repository and self.workflow == workflow

    def file(self) -> bytes:
        """The workflow file at the run's commit.

        Raises:
            TokenRefusedError: 422 if the commit does not have the file.
        """
        git = self.repository.git
        entry = git.lookup(self.sha, self.workflow)
        text = git.blob(entry.sha) if entry else None
        if text is None:
            raise TokenRefusedError(422, f"commit {self.sha} has no file {self.workflow}")
        return text


class Runs:
    """All registered runs."""

    def __init__(self) -> None:
        """Start without runs."""
        self._runs: dict[int, Run] = {}

    def register(self, store: Store, body: RunBody) -> Run:
        """Register a run.

        Raises:
            TokenRefusedError: 422 if GitHub could not have started the run.
        """
        repository = store.repository(*body.repository.partition("/")[::2])
        if repository is None:
            raise TokenRefusedError(422, f"no repository {body.repository}")
        actor = store.account(body.actor)
        if actor is None:
            raise TokenRefusedError(422, f"no account {body.actor}")
        run_id = store.next_id() if body.run_id is None else body.run_id
        if self._run(store, run_id) is not None:
            raise TokenRefusedError(422, f"run {run_id} is registered already")
        ref, sha = _origin(repository, body)
        head = _head_repository(store, repository, body)
        run = Run(
            id=run_id,
            number=1 + sum(run.is_of(repository, body.workflow) for run in self._runs.values()),
            repository=repository,
            event=body.event,
            ref=ref,
            sha=sha,
            workflow=body.workflow,
            actor=actor,
            head_ref=body.head_ref,
            base_ref=body.base_ref,
            of_fork=head is not repository,
        )
        named = named_environments(run.file())
        self._runs[run.id] = run
        listed = _listed(run, head)
        listed.waiting = {one.id for one in _protected(repository, named)}
        store.workflow_runs[run.id] = listed
        return run

    def end(self, store: Store, run_id: int, end: RunEnd) -> None:
        """End a run.

        Raises:
            TokenRefusedError: 404 if the run does not exist.
        """
        if self._run(store, run_id) is None:
            raise TokenRefusedError(404, f"no run {run_id}")
        listed = store.workflow_runs[run_id]
        listed.conclusion = end.conclusion
        listed.title = end.title or listed.title

    def authorized(self, store: Store, run_id: int, request_token: str) -> Run:
        """The run with this id, for a request with its token.

        Raises:
            TokenRefusedError: 404 if the run does not exist or has ended, 401 if the token is not
                the run's.
        """
        run = self._run(store, run_id)
        if run is None:
            raise TokenRefusedError(404, f"no run {run_id}")
        if not hmac.compare_digest(run.request_token.encode(), request_token.encode()):
            raise TokenRefusedError(401, f"wrong request token for run {run_id}")
        return run

    def _run(self, store: Store, run_id: int) -> Run | None:
        """The run, or None if it is unknown or its repository was deleted."""
        found = self._runs.get(run_id)
        known = found is not None and store.repositories.get(found.repository.id)
        return found if found is not None and known is found.repository else None


def _head_repository(store: Store, repository: Repository, body: RunBody) -> Repository:
    """The repository of the commit: another one only for the pull request of a fork."""
    if not body.head_repository:
        return repository
    found = store.repository(*body.head_repository.partition("/")[::2])
    if found is None or body.event != "pull_request":
        raise TokenRefusedError(422, f"{body.head_repository} is no fork that a pull request names")
    return found


def _protected(repository: Repository, names: Iterable[str]) -> Iterator[Environment]:
    """The environments whose jobs wait for an approval or for a time."""
    for name in names:
        found = repository.environments.get(name.lower())
        if found and (found.protection.reviewers or found.protection.wait_timer):
            yield found


def _listed(run: Run, head: Repository) -> WorkflowRun:
    """The run for the REST API; for a pull request with the branch's name and last commit."""
    branch = run.head_ref or run.ref.removeprefix("refs/").partition("/")[2]
    tip = head.git.ref(f"refs/heads/{branch}") if run.head_ref else None
    return WorkflowRun(
        id=run.id,
        number=run.number,
        repository=run.repository,
        head_repository=head,
        event=run.event,
        head_branch=branch,
        head_sha=tip or run.sha,
        path=run.workflow,
        actor=run.actor.login,
        title=run.workflow,
    )


def _origin(repository: Repository, body: RunBody) -> tuple[str, str]:
    """The ref and the commit of the run."""
    git = repository.git
    if body.event in _DEFAULT_BRANCH:
        ref = f"refs/heads/{repository.default_branch}"
        sha = git.ref(ref)
        if sha is None:
            raise TokenRefusedError(422, f"{repository.full_name} has no commit")
        return ref, sha
    if git.commit(body.sha) is None:
        raise TokenRefusedError(422, f"{repository.full_name} has no commit {body.sha}")
    if body.event == "pull_request":
        if not _MERGE.fullmatch(body.ref) or not body.head_ref or not body.base_ref:
            raise TokenRefusedError(
                422, "a pull_request run has refs/pull/NUMBER/merge, head_ref and base_ref"
            )
    elif not _is_in(git, body.sha, body.ref) or body.head_ref or body.base_ref:
        raise TokenRefusedError(
            422, f"{body.sha} is in no branch or tag {body.ref}, or it is no pull request's"
        )
    return body.ref, body.sha


def _is_in(git: GitRepository, sha: str, ref: str) -> bool:
    """Whether a branch or a tag contains the commit: GitHub starts runs for these only."""
    if not ref.startswith(("refs/heads/", "refs/tags/")) or git.ref(ref) is None:
        return False
    tip = git.resolve(ref)
    try:
        return tip is not None and git.is_ancestor(sha, tip)
    except GitError:
        return False
