"""Put the questions about one job to GitHub and AWS, in the order in which these ask them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from components.documents.role import role_arn
from operations.commands.explain.asked import Asked
from operations.commands.explain.given.questions import Question
from operations.commands.explain.mends import name_environment, next_step
from operations.commands.explain.on_aws.steps import aws_steps
from operations.commands.explain.on_github.claims import derived
from operations.commands.explain.on_github.rules import asked_role, environment_steps
from operations.commands.explain.on_github.scene import Scene
from operations.commands.explain.on_github.steps import repository_steps, workflow_steps
from operations.commands.explain.seen.look import read_place
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import AWS, GITHUB, Explanation, Mend, Result, Step
from operations.live.github.api import GitHub

_EXPRESSION = "${{"
#: Session of a job that does not use the action: STS's own default, in seconds.
_DEFAULT_SECONDS = "3600"


def explained(world: World, github: GitHub, question: Question) -> Explanation:
    """All steps of one job.

    Raises:
        ConfigurationError: GitHub refuses, or cannot be reached.
    """
    environment, job = question.environment, question.job
    return Explanation(
        stack=world.files.stack.name,
        repository=f"{world.settings.owner}/{world.declared.name}",
        environment=environment,
        role=role_arn(world.settings, world.repository, environment),
        job=job.words if job else "the one of CloudTrail's event",
        source=question.source,
        steps=tuple(with_mends(question, tuple(_steps(world, github, question)))),
    )


def with_mends(question: Question, steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, so that their mends agree, and those that cannot be judged have a next step."""
    claims = question.asked.claims if question.asked else None
    job = next((one for one in steps if one.name == "job" and one.result is Result.NO), None)
    for one in steps:
        mend = one.mend
        # One job has one file: both steps fail for one reason.
        if job and claims is not None and mend == name_environment(question.environment, claims):
            mend = job.mend
        if one.result is Result.UNKNOWN and mend is None:
            mend = next_step(one, _options(question))
        yield replace(one, mend=mend)


def _options(question: Question) -> str:
    """The options that tell more of the job than the question does."""
    if question.job is None or question.job.actor:
        return "--token FILE"
    return "" if question.asked else "--run URL, or --token FILE"


def _steps(world: World, github: GitHub, question: Question) -> Iterator[Step]:
    asked = question.asked
    if question.job is None:
        yield _job_of_event(world, question)
    else:
        yield from repository_steps(world)
        home = world.home
        other = _other_repository(world, asked) if asked else None
        if other is not None:
            yield other
        elif home is not None and not home.live.empty:
            place = read_place(github, home.live, question.job)
            claims = asked.claims if asked else None
            scene = Scene(world, question.environment, question.job, place, claims)
            yield from workflow_steps(scene)
            yield from environment_steps(scene, asked_role(scene))
            asked = _asked(scene, asked)
    if asked is None:
        answer = "the job's claims are not known"
        yield Step(side=AWS, name="trust", result=Result.NOT_ASKED, answer=answer)
    else:
        yield from aws_steps(world, question.environment, asked)


def _job_of_event(world: World, question: Question) -> Step:
    """The job of CloudTrail's event, of which only the subject is known."""
    step = partial(Step, side=GITHUB, name="job")
    custom = world.home.live.subject_claims if world.home else None
    # A customised subject may have the ref beside an environment that it does not have.
    if not question.names_no_environment or custom or question.asked is None:
        answer = "a job of GitHub had a token: CloudTrail has no more of it"
        return step(result=Result.NOT_ASKED, answer=answer)
    environment, claims = question.environment, question.asked.claims
    return step(
        result=Result.NO,
        answer="the job names no environment",
        expected=environment,
        got=str(claims["sub"]),
        mend=name_environment(environment, claims),
    )


def _other_repository(world: World, asked: Asked) -> Step | None:
    """The step of a token that another repository's job got."""
    if world.home is None:
        return None
    wanted, found = str(world.home.live.id), asked.claims.get("repository_id")
    name = asked.claims.get("repository")
    if wanted == found:
        return None
    return Step(
        side=GITHUB,
        name="repository",
        result=Result.NO,
        answer="the token is another repository's",
        expected=f"{world.home.live.full_name} ({wanted})",
        got=f"{name} ({found})",
        mend=Mend(text="explain that repository, or give a token of this one"),
    )


def _asked(scene: Scene, given: Asked | None) -> Asked:
    """The job's request to STS; `given` has the claims of a token."""
    found = scene.deploying
    name = found.session_name if found else ""
    session = None if not name or _EXPRESSION in name else name
    seconds = found.seconds if found else _DEFAULT_SECONDS
    if given is not None:
        return replace(given, session_name=session, seconds=seconds)
    audience = (found.audience if found else "") or scene.world.account(scene.environment).audience
    spelled = found.environment if found else scene.environment
    claims = derived(scene.home, scene.job, spelled, scene.workflow_name, audience)
    audiences = [] if _EXPRESSION in audience else [audience]
    return Asked(claims=claims, audiences=audiences, session_name=session, seconds=seconds)
