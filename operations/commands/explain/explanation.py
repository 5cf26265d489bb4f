"""Put the questions about one job to GitHub and AWS, in the order in which these ask them."""

from collections.abc import Iterator
from dataclasses import replace

from components.documents.role import role_arn
from operations.commands.explain.asked import Asked
from operations.commands.explain.on_aws.steps import aws_steps
from operations.commands.explain.on_github.claims import derived
from operations.commands.explain.on_github.rules import asked_role, environment_steps
from operations.commands.explain.on_github.steps import Scene, repository_steps, workflow_steps
from operations.commands.explain.questions import Question
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
        steps=tuple(_steps(world, github, question)),
    )


def _steps(world: World, github: GitHub, question: Question) -> Iterator[Step]:
    asked = question.asked
    if question.job is None:
        answer = "a job of GitHub had a token: CloudTrail has no more of it"
        yield Step(side=GITHUB, name="job", result=Result.NOT_ASKED, answer=answer)
    else:
        yield from repository_steps(world)
        home = world.home
        other = _other_repository(world, asked) if asked else None
        if other is not None:
            yield other
        elif home is not None and not home.live.empty:
            place = read_place(github, home.live, question.job)
            scene = Scene(world, question.environment, question.job, place)
            yield from workflow_steps(scene)
            yield from environment_steps(scene, asked_role(scene))
            asked = _asked(scene, asked)
    if asked is None:
        answer = "the job's claims are not known"
        yield Step(side=AWS, name="trust", result=Result.NOT_ASKED, answer=answer)
    else:
        yield from aws_steps(world, question.environment, asked)


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
        mend=Mend(text="explain that repository, or let a job of this one ask"),
    )


def _asked(scene: Scene, given: Asked | None) -> Asked:
    """The job's request to STS; `given` has the claims of a token."""
    home, found = scene.world.home, scene.deploying
    assert home is not None
    name = found.session_name if found else ""
    session = None if not name or _EXPRESSION in name else name
    seconds = found.seconds if found else _DEFAULT_SECONDS
    if given is not None:
        return replace(given, session_name=session, seconds=seconds)
    audience = (found.audience if found else "") or scene.world.account(scene.environment).audience
    spelled = found.environment if found else scene.environment
    claims = derived(home, scene.job, spelled, scene.workflow_name, audience)
    audiences = [] if _EXPRESSION in audience else [audience]
    return Asked(claims=claims, audiences=audiences, session_name=session, seconds=seconds)
