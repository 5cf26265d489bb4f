"""Which jobs are asked about, by the options: the standard's, a token's, an event's or a run's."""

import argparse
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from components.model.types import EnvironmentName
from operations.commands.explain.given.cloudtrail import read_events
from operations.commands.explain.given.questions import (
    Given,
    Question,
    questions,
    read_given_jobs,
)
from operations.commands.explain.given.token import asked_with
from operations.commands.explain.job import EVENTS, Job
from operations.commands.explain.seen.look import Home
from operations.commands.explain.seen.world import World
from tests.operations.commands.explain.asking import files as files  # noqa: PLC0414 - a fixture
from tests.operations.commands.explain.asking import shown
from tests.operations.commands.explain.github import github
from tests.operations.commands.explain.test_run import PAGE, RUN, TOLD
from tests.operations.commands.explain.test_token import token
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

FOLDER = ".github/workflows"
SIGNATURE = "the token's; its signature was not checked"
LIVE = "what GitHub tells of the repository"
EVERY: tuple[EnvironmentName, ...] = ("dev", "test", "prod")


def options(**given: str) -> argparse.Namespace:
    """The options of a command line."""
    names = ("environment", "event", "ref", "token", "run", "cloudtrail")
    return argparse.Namespace(**dict.fromkeys(names) | given)


def given(files: StackFiles, **wanted: str) -> Given:
    """What is read before GitHub and AWS are asked."""
    (repository,) = files.stack.repositories
    return read_given_jobs(options(**wanted), files.stack.settings, repository)


def asked(
    files: StackFiles, home: Home | None, answers: dict[str, Any] | None = None, /, **wanted: str
) -> list[Question]:
    """The jobs."""
    (repository,) = files.stack.repositories
    world = World(files, repository, home, {}, {})
    return questions(options(**wanted), world, github(answers or {}), given(files, **wanted))


def refused(files: StackFiles, **wanted: str) -> tuple[Problem, ...]:
    """The problems with options."""
    with pytest.raises(ConfigurationError) as error:
        given(files, **wanted)
    return error.value.problems


@pytest.mark.parametrize("by_hand", [{"event": "push"}, {"ref": "main"}])
@pytest.mark.parametrize("name", ["token", "run", "cloudtrail"])
def test_a_given_job_has_its_own_event_and_ref(
    files: StackFiles, by_hand: dict[str, str], name: str
) -> None:
    """Neither can be given beside it."""
    text = "a token, a run or an event of CloudTrail tells its event and ref: leave these out"
    assert refused(files, **by_hand, **{name: "-"}) == (Problem("--event, --ref", 0, "", text),)


def test_an_event_is_one_of_githubs(files: StackFiles) -> None:
    """The known ones are listed; a pull request needs its ref."""
    (told,) = refused(files, event="pushed")
    assert told.text == (
        f"slipway knows no event pushed of GitHub; it knows: {', '.join(sorted(EVENTS))}"
    )
    text = "pull_request is on the merge of a pull request: add --ref refs/pull/NUMBER/merge"
    assert refused(files, event="pull_request") == (Problem("--event", 0, "", text),)
    assert told.file == "--event"


@pytest.mark.parametrize("wanted", [None, "test"])
def test_without_a_job_each_environment_is_asked(files: StackFiles, wanted: str | None) -> None:
    """Or the one that the options name."""
    found = given(files, **({"environment": wanted} if wanted else {}))
    assert found == Given(environments=[wanted] if wanted else EVERY)  # type: ignore[list-item]  # a name of an environment


PUSH = {
    "dev": Job(event="push", ref="refs/heads/develop", path=f"{FOLDER}/python-dev.yml"),
    "test": Job(event="push", ref="refs/heads/main", path=f"{FOLDER}/python-test.yml"),
    "prod": Job(event="workflow_run", ref="refs/heads/trunk", path=f"{FOLDER}/python-prd.yml"),
}


def test_the_usual_jobs_are_the_standards(files: StackFiles) -> None:
    """Each environment's own event, branch and file; without GitHub the default branch is main."""
    home = shown(files, default_branch="trunk")
    assert asked(files, home) == [Question(environment=name, job=PUSH[name]) for name in EVERY]
    (unseen,) = asked(files, None, environment="prod")
    assert unseen.job is not None
    assert unseen.job.ref == "refs/heads/main"
    assert unseen.source == LIVE


@pytest.mark.parametrize(
    ("wanted", "event", "ref"),
    [
        ({"event": "push"}, "push", "refs/heads/develop"),
        ({"event": "schedule"}, "schedule", "refs/heads/trunk"),
        ({"ref": "x"}, "push", "refs/heads/x"),
        (
            {"event": "pull_request", "ref": "refs/pull/1/merge"},
            "pull_request",
            "refs/pull/1/merge",
        ),
    ],
)
def test_an_event_and_a_ref_replace_the_usual_ones(
    files: StackFiles, wanted: dict[str, str], event: str, ref: str
) -> None:
    """An event has its branch: the environment's, or the default one. A bare ref is a branch."""
    home = shown(files, default_branch="trunk")
    (found,) = asked(files, home, environment="dev", **wanted)
    assert found.job == Job(event=event, ref=ref, path=f"{FOLDER}/python-dev.yml")


@pytest.mark.parametrize(
    ("claims", "wanted", "names"),
    [
        ({"environment": "Test"}, {}, ["test"]),
        ({"environment": "Test"}, {"environment": "dev"}, ["dev"]),
        ({"environment": "staging", "workflow_ref": "python-prd.yml"}, {}, ["prod"]),
        ({"workflow_ref": "python-dev.yml"}, {}, ["dev"]),
        ({"ref": "refs/heads/develop"}, {}, ["dev"]),
        ({"ref": "refs/heads/main"}, {}, ["test", "prod"]),
        ({"ref": "refs/tags/main"}, {}, ["dev", "test", "prod"]),
    ],
)
def test_a_token_tells_its_environment(
    files: StackFiles,
    tmp_path: Path,
    claims: dict[str, str],
    wanted: dict[str, str],
    names: list[str],
) -> None:
    """By its claim, else by its file, else by its ref; an option comes before all."""
    file = claims.get("workflow_ref", "own.yml")
    whole = {"event_name": "push", "ref": "refs/heads/x", **claims}
    whole["workflow_ref"] = f"acme/billing/{FOLDER}/{file}@refs/heads/x"
    place = tmp_path / "t"
    place.write_text(token(whole), encoding="utf-8")
    found = given(files, token=str(place), **wanted)
    job = Job(event="push", ref=whole["ref"], path=f"{FOLDER}/{file}")
    assert found.environments == names
    assert found.jobs == [
        Question(environment=name, job=job, asked=asked_with(whole), source=SIGNATURE)
        for name in found.environments
    ]
    assert asked(files, None, token=str(place), **wanted) == found.jobs


ROLE = "arn:aws:iam::%s:role/slipway/acme.billing-%s"


def event(
    role: str, subject: str = "repo:acme/billing:ref:refs/heads/x", when: str = "1"
) -> dict[str, Any]:
    """An event of CloudTrail's."""
    return {
        "eventName": "AssumeRoleWithWebIdentity",
        "eventTime": when,
        "userIdentity": {"userName": subject},
        "requestParameters": {"roleArn": role},
    }


OTHER = ROLE % ("9" * 12, "dev")
DEV, TEST = ROLE % ("1" * 12, "dev"), ROLE % ("2" * 12, "test")
BY_DEV = "repo:Acme/Billing:environment:Dev"


@pytest.mark.parametrize(
    ("events", "wanted", "chosen"),
    [
        ([event(DEV)], None, ("dev", "1")),
        ([event(DEV, when="2"), event(TEST, when="1")], None, ("dev", "2")),
        ([event(DEV, when="2"), event(TEST, when="1")], "test", ("test", "1")),
        ([event(DEV.replace("/slipway/acme", "/x/ACME"))], None, ("dev", "1")),
        ([event(DEV.replace("billing-dev", "billing-dev-2"))], None, None),
        ([event(OTHER)], None, None),
        ([event(OTHER)], "prod", ("prod", "1")),
        ([event(OTHER, when="2"), event(OTHER, when="1")], "prod", ("prod", "2")),
        ([event(OTHER, "x", "2"), event(OTHER, "x", "1")], "prod", ("prod", "2")),
        ([event(OTHER, BY_DEV)], None, ("dev", "1")),
        ([event(OTHER, BY_DEV, "2"), event(DEV, when="1")], None, ("dev", "1")),
        ([event(OTHER, when="2"), event(OTHER, BY_DEV, "1")], None, ("dev", "1")),
        ([event(OTHER, "x", "2"), event(OTHER, when="1")], "prod", ("prod", "1")),
        ([event(OTHER, BY_DEV.replace("Billing", "x"))], None, None),
        ([event(OTHER, BY_DEV.replace("Dev", "x"))], None, None),
    ],
)
def test_an_event_is_about_a_role_or_by_a_job_of_the_repository(
    files: StackFiles,
    tmp_path: Path,
    events: list[dict[str, Any]],
    wanted: str | None,
    chosen: tuple[EnvironmentName, str] | None,
) -> None:
    """The newest about a role, with any path; else by a job; else any, if an option says which."""
    place = tmp_path / "events"
    place.write_text(json.dumps(events), encoding="utf-8")
    more = {"environment": wanted} if wanted else {}
    if chosen is None:
        arns = ", ".join(
            ROLE % (number * 12, name) for number, name in zip("123", EVERY, strict=True)
        )
        text = f"no event asks for a role of billing: {arns}"
        problem = Problem("--cloudtrail", 0, "", text)
        assert refused(files, cloudtrail=str(place)) == (problem,)
        return
    name, when = chosen
    found = given(files, cloudtrail=str(place), **more)
    (one,) = [each for each in read_events(str(place)) if each.when == when]
    source = f"CloudTrail's event of {when}"
    source += f", the newest of {len(events)}" if len(events) > 1 else ""
    question = Question(
        environment=name,
        job=None,
        asked=one.asked,
        source=source,
        names_no_environment=one.names_no_environment,
    )
    assert found == Given(environments=[name], jobs=[question])


@pytest.mark.parametrize(
    ("file", "text", "reviewed", "wanted", "names"),
    [
        ("own.yml", None, "", "", ["dev", "test", "prod"]),
        ("own.yml", "jobs: {a: {environment: Test}}", "", "", ["test"]),
        (
            *("own.yml", "jobs: {a: {environment: other}, b: {environment: {name: dev}}}"),
            *("", "", ["dev"]),
        ),
        ("own.yml", "jobs: {a: {environment: dev}}", "", "prod", ["prod"]),
        ("own.yml", "jobs: {a: {environment: dev}}", "Prod", "", ["prod"]),
        ("own.yml", "[", "", "", ["dev", "test", "prod"]),
        ("python-prd.yml", None, "", "", ["prod"]),
    ],
)
def test_a_run_tells_its_environment(
    files: StackFiles, *, file: str, text: str | None, reviewed: str, wanted: str, names: list[str]
) -> None:
    """By its reviews, else by its file at its commit, else by the file's name or the ref."""
    path = f"{FOLDER}/{file}"
    review = {"state": "approved", "environments": [{"name": reviewed}]}
    content = base64.b64encode((text or "").encode()).decode()
    answers = {
        RUN: TOLD | {"path": path},
        f"{RUN}/approvals": [review] if reviewed else [],
        f"repos/acme/billing/contents/{path}?ref=abc": {"content": content} if text else None,
    }
    more = {"environment": wanted} if wanted else {}
    found = asked(files, shown(files), answers, run=PAGE, **more)
    assert [one.environment for one in found] == names
    assert {one.source for one in found} == {f"{LIVE} and of the run"}
    assert {(one.job.path, one.job.commit) for one in found if one.job} == {(path, "abc")}


def test_the_file_of_a_pull_requests_run_is_read_at_its_ref(files: StackFiles) -> None:
    """The commit of its merge is not known."""
    path = f"{FOLDER}/own.yml"
    content = base64.b64encode(b"jobs: {a: {environment: dev}}").decode()
    answers = {
        RUN: TOLD | {"event": "pull_request", "path": path, "pull_requests": [{"number": 3}]},
        f"repos/acme/billing/contents/{path}?ref=refs%2Fpull%2F3%2Fmerge": {"content": content},
    }
    (found,) = asked(files, shown(files), answers, run=PAGE)
    assert found.environment == "dev"


def test_a_run_of_a_repository_that_github_does_not_show_is_a_problem(files: StackFiles) -> None:
    """The repository is named."""
    with pytest.raises(ConfigurationError) as error:
        asked(files, None, run=PAGE)
    assert error.value.problems == (Problem("--run", 0, "", "GitHub shows no repository billing"),)
