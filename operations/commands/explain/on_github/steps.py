"""The questions about a repository and its workflow file: would GitHub start this job at all?

Deliberately absent: the environment's rules (`rules`).
"""

from collections.abc import Iterator
from functools import partial

from components.documents.workflows import workflow_branches
from operations.commands.explain.job import ON_DEFAULT, path_of
from operations.commands.explain.on_github.jobs import job_step
from operations.commands.explain.on_github.scene import PULL, Scene
from operations.commands.explain.on_github.triggers import named_triggers, starts
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import GITHUB, Mend, Result, Step
from operations.live.obstacles import obstacles

#: Obstacles that stop every job. The others matter where a step compares them.
_STOPPING = {"missing", "archived", "no_commit"}
_BRANCH = "refs/heads/"
_found = partial(Step, side=GITHUB)


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
    if scene.gone:
        yield _missing_ref(scene)
        for name in ("workflow file", "event"):
            yield _found(name=name, result=Result.NOT_ASKED, answer="there is no such ref")
        yield _job_without_file(scene, "there is no such ref")
        return
    if scene.place.text is None:
        yield _missing_file(scene)
        yield _found(name="event", result=Result.NOT_ASKED, answer="there is no file")
        yield _job_without_file(scene, "there is no file")
        return
    yield _file(scene)
    yield _event(scene)
    yield job_step(scene)


def _missing_file(scene: Scene) -> Step:
    job = scene.job
    if job.ref.startswith(PULL):
        answer = f"GitHub does not show {job.path} on {job.ref}, a merge that it makes by itself"
        return _found(name="workflow file", result=Result.UNKNOWN, answer=answer)
    step = partial(_found, name="workflow file", result=Result.NO)
    return step(answer=f"{job.ref} has no {job.path}", mend=_bring_file(scene))


def _bring_file(scene: Scene) -> Mend:
    """The change that brings the file to the ref."""
    job, repository, live = scene.job, scene.world.repository, scene.home.live
    branch = job.ref.removeprefix(_BRANCH)
    carriers = workflow_branches(repository, live.default_branch).get(job.file, [])
    request = live.by_pull_request.get(branch)
    if branch not in carriers and carriers:
        pushed = [repository.trigger_branch(scene.environment)]
        return _other_branch(scene, pushed if _deploys_pushes(scene) else carriers)
    if request is not None and request.url and request.pending:
        return Mend(text="merge the pull request that brings it", url=request.url)
    if branch in carriers and (scene.place.ref_exists or branch == repository.dev_branch):
        return scene.world.up("writes it")
    return Mend(text=f"push a {job.path} to {job.ref}")


def _missing_ref(scene: Scene) -> Step:
    """The ref that the job would be on is not there."""
    ref, step = scene.job.ref, partial(_found, name="git ref")
    if scene.claims is not None:
        return step(result=Result.NOTE, answer=f"{ref} does not exist any more")
    if scene.place.tag_exists:
        mend = Mend(text=f"a tag? write refs/tags/{ref.removeprefix(_BRANCH)}")
        return step(result=Result.NO, answer=f"{ref} does not exist, a tag does", mend=mend)
    return step(result=Result.NO, answer=f"{ref} does not exist", mend=_bring_file(scene))


def _job_without_file(scene: Scene, why: str) -> Step:
    """The question about the job, which only a token answers without the file."""
    if scene.claims is not None:
        return job_step(scene)
    return _found(name="job", result=Result.NOT_ASKED, answer=why)


def _other_branch(scene: Scene, carriers: list[str]) -> Mend:
    """The mend of a job on a branch that the declaration does not deploy."""
    environment, ref = scene.environment, scene.job.ref
    text = f"deploy from {' or '.join(carriers)}"
    if _deploys_pushes(scene) and ref.startswith(_BRANCH) and not scene.gone:
        name = ref.removeprefix(_BRANCH)
        place = scene.world.at(("branches", environment), "")
        declared = f"branches.{environment}: {name}"
        if environment == "test":  # prod follows its runs, on the same branch
            declared = f"branches: {{test: {name}, prod: {name}}}"
        return Mend(text=f"{text}, or declare `{declared}`", place=place)
    return Mend(text=text)


def _file(scene: Scene) -> Step:
    where = f"{scene.job.path} on {scene.job.commit or scene.job.ref}"
    step = partial(_found, name="workflow file")
    if scene.declared_text is None:
        return step(result=Result.NOTE, answer=f"{where}: slipway does not write this file")
    if scene.is_declared:
        return step(result=Result.OK, answer=f"{where} is as declared")
    mend = scene.world.up("restores it")
    return step(result=Result.NOTE, answer=f"{where} is not as declared", mend=mend)


def _event(scene: Scene) -> Step:
    job = scene.job
    step = partial(_found, name="event")
    started = starts(scene.workflow, job.event, job.ref)
    triggers = named_triggers(scene.workflow)
    if job.event in ON_DEFAULT and job.ref != (default := _default_ref(scene)):
        return step(
            result=Result.NO,
            answer=f"GitHub runs {job.event} on the default branch only",
            expected=default,
            got=job.ref,
            mend=start_mend(scene),
        )
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
        mend=start_mend(scene),
    )


def _deploys_pushes(scene: Scene) -> bool:
    """Whether it is the declared file of an environment that a push deploys to."""
    return scene.environment != "prod" and scene.job.path == path_of(scene.environment)


def is_started(scene: Scene) -> bool | None:
    """Whether the event on that ref starts the file; None if it depends on more."""
    job = scene.job
    if job.event in ON_DEFAULT and job.ref != _default_ref(scene):
        return False
    return starts(scene.workflow, job.event, job.ref)


def start_mend(scene: Scene) -> Mend:
    """The change by which an event starts the workflow."""
    job = scene.job
    if job.event in ON_DEFAULT and job.ref != (default := _default_ref(scene)):
        return Mend(text=f"start it by {job.event}, which is on {default}")
    if scene.place.text is None:
        return _bring_file(scene)
    if not scene.is_declared and starts(scene.declared, job.event, job.ref):
        return scene.world.up("restores the file")
    if job.event == "push" and _deploys_pushes(scene):
        branch = scene.world.repository.trigger_branch(scene.environment)
        return _other_branch(scene, [branch])
    return Mend(text=f"start it by {named_triggers(scene.workflow)}")


def _default_ref(scene: Scene) -> str:
    return f"{_BRANCH}{scene.home.live.default_branch}"
