"""The questions about a repository and its workflow file: would GitHub start this job at all?

Deliberately absent: the environment's rules (`rules`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from components.documents.workflows import workflow_branches
from components.model.types import EnvironmentName
from operations.commands.explain.job import Job, path_of
from operations.commands.explain.on_github.triggers import named_triggers, starts
from operations.commands.explain.on_github.workflow import (
    DeployJob,
    calls_elsewhere,
    deploy_job,
    other_environments,
)
from operations.commands.explain.seen.look import Place
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import GITHUB, Mend, Result, Step
from operations.diff.workflows.text import Workflow, read_workflow
from operations.live.obstacles import obstacles

#: Obstacles that stop every job. The others matter where a step compares them.
_STOPPING = {"missing", "archived", "no_commit"}
_PULL = "refs/pull/"
_found = partial(Step, side=GITHUB)


@dataclass(frozen=True)
class Scene:
    """A job, its place, and the environment that it is asked about."""

    world: World
    environment: EnvironmentName
    job: Job
    place: Place

    @cached_property
    def workflow(self) -> Workflow:
        """The content of the live file; empty if there is none that can be read."""
        return (read_workflow(self.place.text) if self.place.text else None) or {}

    @property
    def declared_text(self) -> str | None:
        """The file as declared; None if slipway does not write it."""
        return self.world.contents.get(self.job.file)

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


def repository_steps(world: World) -> Iterator[Step]:
    """Whether the repository can start jobs."""
    full_name = f"{world.settings.owner}/{world.declared.name}"
    live = world.home.live if world.home else None
    stopped = False
    for one in obstacles(full_name, live):
        if one.kind == "rights":
            continue  # of slipway's token, not of the job
        stops = one.kind in _STOPPING
        stopped = stopped or stops
        yield _found(
            name="repository",
            result=Result.NO if stops else Result.NOTE,
            answer=f"{full_name} {one.text.partition(':')[0]}",
            got=one.found,
            mend=world.mend_of(one),
        )
    if not stopped:
        assert live is not None
        yield _found(name="repository", result=Result.OK, answer=f"{live.full_name} is there")


def workflow_steps(scene: Scene) -> Iterator[Step]:
    """Whether the file is there, the event starts it, and its job may get a token."""
    if scene.job.of_fork:
        mend = Mend(text="merge it: GitHub gives no id-token to pull requests of forks")
        answer = "the pull request of a fork starts it"
        yield _found(name="event", result=Result.NO, answer=answer, mend=mend)
        return
    if scene.place.text is None:
        yield _missing_file(scene)
        yield _found(name="event", result=Result.NOT_ASKED, answer="there is no file")
        yield _found(name="job", result=Result.NOT_ASKED, answer="there is no file")
        return
    yield _file(scene)
    yield _event(scene)
    yield _job(scene)


def _missing_file(scene: Scene) -> Step:
    job, repository = scene.job, scene.world.repository
    if job.ref.startswith(_PULL):
        answer = f"GitHub does not show {job.path} on {job.ref}, a merge that it makes by itself"
        return _found(name="workflow file", result=Result.UNKNOWN, answer=answer)
    step = partial(_found, name="workflow file", result=Result.NO)
    home = scene.world.home
    assert home is not None
    branch = job.ref.removeprefix("refs/heads/")
    carriers = workflow_branches(repository, home.live.default_branch).get(job.file, [])
    request = home.live.by_pull_request.get(branch)
    mend = Mend(text=f"push a {job.path} to {job.ref}")
    if branch not in carriers and carriers:
        pushed = [repository.trigger_branch(scene.environment)]
        mend = _other_branch(scene, pushed if _deploys_pushes(scene) else carriers)
    elif request is not None and request.url and request.pending:
        mend = Mend(text="merge the pull request that brings it", url=request.url)
    elif branch in carriers and (scene.place.ref_exists or branch == repository.dev_branch):
        mend = scene.world.up("writes it", "workflow/", "branch/")
    if not scene.place.ref_exists:
        return step(answer=f"{job.ref} does not exist", mend=mend)
    return step(answer=f"{job.ref} has no {job.path}", mend=mend)


def _other_branch(scene: Scene, carriers: list[str]) -> Mend:
    """The mend of a job on a branch that the declaration does not deploy."""
    environment, ref = scene.environment, scene.job.ref
    text = f"deploy from {' or '.join(carriers)}"
    if _deploys_pushes(scene) and ref.startswith("refs/heads/"):
        name = ref.removeprefix("refs/heads/")
        place = scene.world.at(("branches", environment), "")
        return Mend(text=f"{text}, or declare `branches.{environment}: {name}`", place=place)
    return Mend(text=text)


def _file(scene: Scene) -> Step:
    where = f"{scene.job.path} on {scene.job.commit or scene.job.ref}"
    step = partial(_found, name="workflow file")
    if scene.declared_text is None:
        return step(result=Result.NOTE, answer=f"{where}: slipway does not write this file")
    if scene.is_declared:
        return step(result=Result.OK, answer=f"{where} is as declared")
    mend = scene.world.up("restores it", "workflow/")
    return step(result=Result.NOTE, answer=f"{where} is not as declared", mend=mend)


def _event(scene: Scene) -> Step:
    job = scene.job
    step = partial(_found, name="event")
    started = starts(scene.workflow, job.event, job.ref)
    triggers = named_triggers(scene.workflow)
    if started and job.event == "workflow_dispatch" and not scene.place.on_default:
        mend = Mend(text="push the file to the default branch, too")
        return step(
            result=Result.NO, answer="the default branch has no such file to run by hand", mend=mend
        )
    if started:
        return step(result=Result.OK, answer=f"{job.event} on {job.ref} starts it")
    if started is None:
        answer = "it depends on changed paths, or on the base of the pull request"
        return step(result=Result.UNKNOWN, answer=answer, expected=triggers)
    return step(
        result=Result.NO,
        answer=f"{job.event} on {job.ref} does not start it",
        expected=triggers,
        got=f"{job.event} on {job.ref}",
        mend=_start(scene, triggers),
    )


def _deploys_pushes(scene: Scene) -> bool:
    """Whether it is the declared file of an environment that a push deploys to."""
    return scene.environment != "prod" and scene.job.path == path_of(scene.environment)


def _start(scene: Scene, triggers: str) -> Mend:
    declared = read_workflow(scene.declared_text or "") or {}
    if not scene.is_declared and starts(declared, scene.job.event, scene.job.ref):
        return scene.world.up("restores the file", "workflow/")
    if scene.job.event == "push" and _deploys_pushes(scene):
        branch = scene.world.repository.trigger_branch(scene.environment)
        return _other_branch(scene, [branch])
    return Mend(text=f"start it by {triggers}")


def _job(scene: Scene) -> Step:
    """Whether a job names the environment, runs, and may request a token."""
    found, step = scene.deploying, partial(_found, name="job")
    if found is None and calls_elsewhere(scene.workflow):
        answer = f"no job names {scene.environment}; jobs of called workflows are not read"
        return step(result=Result.UNKNOWN, answer=answer)
    if found is None:
        named = ", ".join(other_environments(scene.workflow)) or "none"
        mend = _restored(scene, f"let the job name `environment: {scene.environment}`")
        answer = f"no job names environment {scene.environment}"
        return step(
            result=Result.NO, answer=answer, expected=scene.environment, got=named, mend=mend
        )
    if "${{" in found.environment:
        answer = f"job {found.id} names the environment by an expression: {found.environment}"
        return step(result=Result.UNKNOWN, answer=answer)
    if found.excluded:
        mend = _restored(scene, f"let the `if` of job {found.id} admit {scene.job.event}")
        answer = f"the `if` of job {found.id} excludes {scene.job.event}"
        return step(result=Result.NO, answer=answer, mend=mend)
    if not found.may_have_token:
        mend = _restored(scene, f"give job {found.id} `permissions: {{id-token: write}}`")
        answer = f"job {found.id} has no permission id-token: write"
        return step(result=Result.NO, answer=answer, mend=mend)
    answer = f"{found.id} names {found.environment} and may request an id-token"
    return step(result=Result.OK, answer=answer)


def _restored(scene: Scene, otherwise: str) -> Mend:
    """`slipway up` where the declared file does what is asked, else a change of the file."""
    declared = read_workflow(scene.declared_text or "") or {}
    wanted = deploy_job(declared, scene.environment, scene.job.event)
    if not scene.is_declared and wanted and not wanted.excluded:
        return scene.world.up("restores the file", "workflow/")
    return Mend(text=f"{otherwise} in {scene.job.path}")
