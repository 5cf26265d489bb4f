"""The job that is asked about: its event, its ref, its workflow file, and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from components.documents.workflows import FILES
from components.model.repository import Repository
from components.model.types import EnvironmentName

FOLDER: Final = ".github/workflows/"
#: Events whose runs are on the default branch, whatever started them (docs.github.com: events that
#: trigger workflows).
ON_DEFAULT: Final = frozenset({"workflow_run", "schedule"})
#: Events that start runs (docs.github.com: events that trigger workflows). Absent: `workflow_call`,
#: whose runs have the caller's event.
EVENTS: Final = frozenset(
    (
        *("branch_protection_rule", "check_run", "check_suite", "create", "delete", "deployment"),
        *("deployment_status", "discussion", "discussion_comment", "fork", "gollum"),
        *("image_version", "issue_comment", "issues", "label", "merge_group", "milestone"),
        *("page_build", "public", "pull_request", "pull_request_review"),
        *("pull_request_review_comment", "pull_request_target", "push", "registry_package"),
        *("release", "repository_dispatch", "schedule", "status", "watch", "workflow_dispatch"),
        "workflow_run",
    )
)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job that deploys, or would."""

    event: str
    """The event that starts the run, such as `push`."""
    ref: str
    """The run's full ref: `refs/heads/main`."""
    path: str
    """Its workflow file."""
    commit: str | None = None
    """The commit whose file counts; None: the ref's last one."""
    of_fork: bool = False
    """Whether the pull request of a fork starts it."""
    actor: Mapping[str, str | None] | None = None
    """The claims about who started it, if they are known."""
    notes: tuple[str, ...] = ()
    """Further facts about the run, such as reviews that it waits for."""

    @property
    def file(self) -> str:
        """The name of its workflow file."""
        return self.path.removeprefix(FOLDER)

    @property
    def words(self) -> str:
        """The job in words."""
        return f"{self.event} on {self.ref}, {self.file}"


def usual_job(repository: Repository, environment: EnvironmentName, default_branch: str) -> Job:
    """The job by which the standard deploys to the environment."""
    event = "workflow_run" if environment == "prod" else "push"
    branch = default_branch if environment == "prod" else repository.trigger_branch(environment)
    return Job(event=event, ref=f"refs/heads/{branch}", path=path_of(environment))


def path_of(environment: EnvironmentName) -> str:
    """The workflow file that deploys to the environment."""
    return FOLDER + FILES[environment]


def full_ref(ref: str) -> str:
    """The ref in full: a bare name is a branch."""
    return ref if ref.startswith("refs/") else f"refs/heads/{ref}"
