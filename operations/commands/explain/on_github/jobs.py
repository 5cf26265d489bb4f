"""The question whether a job names the environment and may request a token.

A token tells it of its own job; otherwise the workflow file does.
"""

from functools import partial

from operations.commands.explain.asked import Claims
from operations.commands.explain.job import path_of
from operations.commands.explain.mends import file_of, name_environment
from operations.commands.explain.on_github.scene import Scene
from operations.commands.explain.on_github.workflow import (
    calls_elsewhere,
    deploy_job,
    other_environments,
)
from operations.commands.explain.step import GITHUB, Mend, Result, Step

_found = partial(Step, side=GITHUB)


def job_step(scene: Scene) -> Step:
    """Whether a job names the environment, runs, and may request a token."""
    if scene.claims is not None:
        return _job_of_token(scene, scene.claims)
    return _job_of_file(scene)


def _job_of_file(scene: Scene) -> Step:
    found, step = scene.deploying, partial(_found, name="job")
    if found is None and calls_elsewhere(scene.workflow):
        answer = f"no job names {scene.environment}; jobs of called workflows are not read"
        return step(result=Result.UNKNOWN, answer=answer)
    if found is None:
        named = ", ".join(other_environments(scene.workflow)) or "none"
        mend = _restored(scene, f"add `environment: {scene.environment}` to the job")
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


def _job_of_token(scene: Scene, claims: Claims) -> Step:
    """Whether the job that has the token names the environment: the token tells it."""
    environment, named = scene.environment, claims.get("environment")
    step = partial(_found, name="job")
    if named and named.lower() == environment:
        return step(result=Result.OK, answer=f"the token's job names {named}")
    mend = name_environment(environment, claims)
    own = f"/{path_of(environment)}@" in file_of(claims)
    if own and scene.is_declared:
        text = f"start a new run: the job in {file_of(claims)} names {environment} by now"
        mend = Mend(text=text)
    elif own:
        mend = _restored(scene, f"add `environment: {environment}` to the job")
    answer = f"the job names environment {named}" if named else "the job names no environment"
    return step(
        result=Result.NO, answer=answer, expected=environment, got=named or "none", mend=mend
    )


def _restored(scene: Scene, otherwise: str) -> Mend:
    """`slipway up` where the declared file does what is asked, else a change of the file."""
    wanted = deploy_job(scene.declared, scene.environment, scene.job.event)
    if not scene.is_declared and wanted and not wanted.excluded:
        return scene.world.up("restores the file")
    return Mend(text=f"{otherwise} in {scene.job.path}")
