"""A job where it runs: its place on GitHub, its file, and the environment that is asked about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from components.model.types import EnvironmentName
from operations.commands.explain.asked import Claims
from operations.commands.explain.job import Job
from operations.commands.explain.on_github.workflow import DeployJob, deploy_job
from operations.commands.explain.seen.look import Home, Place
from operations.commands.explain.seen.world import World
from operations.diff.workflows.text import Workflow, read_workflow

#: The refs that GitHub makes for pull requests.
PULL: Final = "refs/pull/"


@dataclass(frozen=True)
class Scene:
    """A job, its place, and the environment that it is asked about."""

    world: World
    environment: EnvironmentName
    job: Job
    place: Place
    claims: Claims | None = None
    """The claims of the job's token; None without one."""

    @property
    def home(self) -> Home:
        """The repository: a job has a place only in one that GitHub shows."""
        found = self.world.home
        assert found is not None
        return found

    @cached_property
    def workflow(self) -> Workflow:
        """The content of the live file; empty if there is none that can be read."""
        return (read_workflow(self.place.text) if self.place.text else None) or {}

    @property
    def declared_text(self) -> str | None:
        """The file as declared; None if slipway does not write it."""
        return self.world.contents.get(self.job.file)

    @cached_property
    def declared(self) -> Workflow:
        """The content of the declared file; empty if slipway does not write it."""
        return (read_workflow(self.declared_text) if self.declared_text else None) or {}

    @property
    def is_declared(self) -> bool:
        """Whether the live file is the declared one."""
        return self.place.text == self.declared_text

    @cached_property
    def deploying(self) -> DeployJob | None:
        """The job of the file that names the environment."""
        return deploy_job(self.workflow, self.environment, self.job.event)

    @property
    def workflow_name(self) -> str:
        """The claim `workflow`."""
        return str(self.workflow.get("name") or self.job.path)

    @property
    def gone(self) -> bool:
        """Whether the ref is not there; GitHub makes those of pull requests by itself."""
        pull = self.job.ref.startswith(PULL)
        return not (self.place.ref_exists or pull or self.job.commit)
