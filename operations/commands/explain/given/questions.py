"""Which jobs are asked about: those that the options name, or the standard's own.

A token, a run or an event of CloudTrail tells its job, and usually its environment.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from components.documents.role import role_arn
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import EnvironmentName
from operations.commands.explain.asked import Asked
from operations.commands.explain.given import cloudtrail, run, token
from operations.commands.explain.given.cloudtrail import Event
from operations.commands.explain.given.source import problem
from operations.commands.explain.job import EVENTS, ON_DEFAULT, Job, full_ref, path_of, usual_job
from operations.commands.explain.on_github.workflow import other_environments
from operations.commands.explain.seen.look import read_text
from operations.commands.explain.seen.world import World
from operations.diff.workflows.text import read_workflow
from operations.live.github.api import GitHub

_LIVE = "what GitHub tells of the repository"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One job and one environment."""

    environment: EnvironmentName
    job: Job | None
    """None: the event tells nothing of GitHub's side."""
    asked: Asked | None = None
    """The request to STS; None: it follows from the job."""
    source: str = _LIVE
    """Where the claims come from, in words."""
    names_no_environment: bool = False
    """Whether CloudTrail's subject is that of a job without an environment."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The job that was read before GitHub and AWS are asked."""

    environments: Sequence[EnvironmentName]
    """Those whose accounts are asked."""
    jobs: Sequence[Question] = ()
    """The job of a token or an event."""


def read_given_jobs(
    options: argparse.Namespace, settings: StackSettings, repository: Repository
) -> Given:
    """The token or the event that the options name.

    Raises:
        ConfigurationError: it cannot be read, or tells no environment of the repository.
    """
    by_hand = options.event or options.ref
    if by_hand and (options.token or options.run or options.cloudtrail):
        text = "a token, a run or an event of CloudTrail tells its event and ref: leave these out"
        raise problem("--event, --ref", text)
    if options.event and options.event not in EVENTS:
        known = ", ".join(sorted(EVENTS))
        text = f"slipway knows no event {options.event} of GitHub; it knows: {known}"
        raise problem("--event", text)
    if options.event == "pull_request" and not options.ref:
        text = "pull_request is on the merge of a pull request: add --ref refs/pull/NUMBER/merge"
        raise problem("--event", text)
    wanted: EnvironmentName | None = options.environment
    if options.token:
        claims = token.read_claims(options.token)
        job, asked = token.job_of(claims), token.asked_with(claims)
        name = wanted or _named(repository, claims.get("environment"))
        names = [name] if name else _fitting(repository, job)
        source = "the token's; its signature was not checked"
        return Given(
            environments=names,
            jobs=[Question(environment=one, job=job, asked=asked, source=source) for one in names],
        )
    if options.cloudtrail:
        events = cloudtrail.read_events(options.cloudtrail)
        name, event = _chosen(events, settings, repository, wanted)
        more = f", the newest of {len(events)}" if len(events) > 1 else ""
        source = f"CloudTrail's event of {event.when}{more}"
        question = Question(
            environment=name,
            job=None,
            asked=event.asked,
            source=source,
            names_no_environment=event.names_no_environment,
        )
        return Given(environments=[name], jobs=[question])
    return Given(environments=[wanted] if wanted else repository.environment_names)


def questions(
    options: argparse.Namespace, world: World, github: GitHub, given: Given
) -> list[Question]:
    """The jobs.

    Raises:
        ConfigurationError: GitHub does not show the run; or GitHub refuses, or cannot be reached.
    """
    if given.jobs:
        return list(given.jobs)
    if options.run:
        return _of_run(options, world, github)
    return list(_usual(options, world, given.environments))


def _named(repository: Repository, name: object) -> EnvironmentName | None:
    """The declared environment of a name; GitHub ignores its case."""
    lower = str(name).lower()
    return next((one for one in repository.environment_names if one == lower), None)


def _fitting(repository: Repository, job: Job) -> list[EnvironmentName]:
    """The environments that a job which names none may be meant for: by its file, else its ref."""
    names = repository.environment_names
    by_file = [name for name in names if path_of(name) == job.path]
    by_ref = [name for name in names if job.ref == f"refs/heads/{repository.trigger_branch(name)}"]
    return by_file or by_ref or list(names)


def _chosen(
    events: Sequence[Event],
    settings: StackSettings,
    repository: Repository,
    wanted: EnvironmentName | None,
) -> tuple[EnvironmentName, Event]:
    """The newest event about a role of the repository, or by one of its jobs."""
    names = [wanted] if wanted else list(repository.environment_names)
    for event in events:
        for name in names:
            if _is_of(event.role, role_arn(settings, repository, name)):
                return name, event
    full_name = f"{settings.owner}/{repository.name}".lower()
    for event in events:
        told = event.told
        of_job = wanted or _named(repository, told.get("environment"))
        if of_job and told.get("repository", "").lower() == full_name:
            return of_job, event
    if wanted:
        return wanted, events[0]
    arns = ", ".join(role_arn(settings, repository, name) for name in names)
    raise problem(cloudtrail.OPTION, f"no event asks for a role of {repository.name}: {arns}")


def _is_of(arn: str, role: str) -> bool:
    """Whether two ARNs are of one role, whose name ignores case, with any path."""
    one, other = ([part.split(":")[4:5], part.rpartition("/")[2].lower()] for part in (arn, role))
    return one == other


def _of_run(options: argparse.Namespace, world: World, github: GitHub) -> list[Question]:
    if world.home is None:
        raise problem(run.OPTION, f"GitHub shows no repository {world.declared.name}")
    found = run.read_run(github, world.home, world.settings.github, options.run)
    job, live = found.job, world.home.live
    text = read_text(github, live.full_name, job.path, job.commit or job.ref)
    in_file = other_environments((read_workflow(text) if text else None) or {})
    named = [_named(world.declared, one) for one in (*found.environments, *in_file)]
    wanted: EnvironmentName | None = options.environment
    name = wanted or next(filter(None, named), None)
    names = [name] if name else _fitting(world.repository, job)
    source = f"{_LIVE} and of the run"
    return [Question(environment=one, job=job, source=source) for one in names]


def _usual(
    options: argparse.Namespace, world: World, environments: Sequence[EnvironmentName]
) -> Iterator[Question]:
    default = world.home.live.default_branch if world.home else "main"
    for name in environments:
        job = usual_job(world.repository, name, default)
        if options.event:
            on_default = options.event in ON_DEFAULT
            branch = default if on_default else world.repository.trigger_branch(name)
            job = replace(job, event=options.event, ref=full_ref(branch))
        if options.ref:
            job = replace(job, ref=full_ref(options.ref))
        yield Question(environment=name, job=job)
