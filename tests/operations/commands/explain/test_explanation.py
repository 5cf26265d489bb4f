"""A whole explanation: which questions are asked of a job, in which order, and with which mends."""

import base64
from dataclasses import replace
from typing import Any, cast

import pytest
from syrupy.assertion import SnapshotAssertion

from components.config.stack_files import StackFiles
from operations.commands.explain.asked import Asked
from operations.commands.explain.explanation import explained, with_mends
from operations.commands.explain.given.questions import Question
from operations.commands.explain.job import usual_job
from operations.commands.explain.mends import name_environment
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import AWS, GITHUB, Mend, Result, Step
from operations.live.github.api import GitHub
from tests.operations.commands.explain.on_github.scenes import Case, lines, world_of
from tests.sandbox.aws.documents import GITHUB as ISSUER
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

ARN = "arn:aws:iam::111111111111:role/slipway/acme.billing-dev"
ACTION = "aws-actions/configure-aws-credentials@v6"
DEV = {
    "sub": "repo:acme/billing:environment:dev",
    "environment": "dev",
    "repository": "acme/billing",
    "repository_id": "7",
    "aud": "sts.amazonaws.com",
}
OF_A_REF = {"sub": "repo:acme/billing:ref:refs/heads/develop", "environment": None}


class Served:
    """GitHub with one workflow file on each ref."""

    url = "https://github"

    def __init__(self, text: str) -> None:
        """Serve this text."""
        self._text = text

    def get(self, path: str) -> Any:
        """The file; nothing else is there."""
        content = base64.b64encode(self._text.encode()).decode()
        return {"content": content} if "/contents/" in path else None


def file(**inputs: str) -> str:
    """A file that deploys to dev with these inputs."""
    given = ", ".join(f"{key.replace('_', '-')}: '{value}'" for key, value in inputs.items())
    return (
        "on: push\npermissions: {id-token: write}\njobs:\n  deploy: {environment: Dev, "
        f"steps: [{{uses: '{ACTION}', with: {{{given}}}}}]}}\n"
    )


def asked(**claims: str | None) -> Asked:
    """The request of a token with dev's claims and these."""
    return Asked(claims={**DEV, **claims}, audiences=["sts.amazonaws.com"])


def question(world: World, *, event: bool = False, **changes: Any) -> Question:
    """A question about dev's job."""
    job = None if event else usual_job(world.repository, "dev", "main")
    return replace(Question(environment="dev", job=job, source="a test"), **changes)


def asking_for(world: World, key: str, value: str) -> World:
    """The world whose trust policy for dev has this condition alone."""
    account = world.accounts["111111111111"]
    ((name, role),) = account.roles.items()
    (statement,) = role.trust["Statement"]
    condition = {"StringEquals": {key: value}}
    role = replace(role, trust={"Statement": [{**statement, "Condition": condition}]})
    accounts = {**world.accounts, "111111111111": replace(account, roles={name: role})}
    return replace(world, accounts=accounts)


#: The facts, the text of the file (None: as declared), and the question.
CASES: dict[str, tuple[Case, str | None, dict[str, Any]]] = {
    "as declared": (Case(), None, {}),
    "no commit": (Case(live={"workflows": {}}), None, {}),
    "inputs of the file": (
        Case(),
        file(role_session_name="own", role_duration_seconds="7200", audience="other"),
        {},
    ),
    "expressions in the file": (
        Case(),
        file(role_session_name="${{ x }}", role_duration_seconds="${{ x }}", audience="${{ x }}"),
        {},
    ),
    "the action's defaults": (Case(), file(), {}),
    "no job of the environment": (Case(), "on: push\n", {}),
    "a token": (Case(), None, {"asked": asked()}),
    "a token and inputs of the file": (
        Case(),
        file(role_session_name="own", role_duration_seconds="7200", audience="other"),
        {"asked": asked()},
    ),
    "a token of another repository": (
        Case(),
        None,
        {"asked": asked(repository_id="8", repository="acme/other")},
    ),
    "an event": (Case(), None, {"event": True, "asked": asked()}),
    "an event of a ref": (
        Case(),
        None,
        {"event": True, "asked": asked(**OF_A_REF), "names_no_environment": True},
    ),
    "an event of a ref, customised": (
        Case(live={"subject_claims": ("repo", "ref")}),
        None,
        {"event": True, "asked": asked(**OF_A_REF), "names_no_environment": True},
    ),
    "an event that tells no claims": (Case(), None, {"event": True, "names_no_environment": True}),
}


@pytest.mark.parametrize("name", CASES)
def test_every_question_is_asked_in_its_place(
    name: str, write_stack: WriteStack, snapshot: SnapshotAssertion
) -> None:
    """GitHub's questions go before AWS's; those after a failure that ends the job are not asked."""
    case, text, changes = CASES[name]
    world = world_of(StackFiles(write_stack(billing="repository: billing\n")), case)
    served = Served(world.contents["python-dev.yml"] if text is None else text)
    found = explained(world, cast("GitHub", served), question(world, **changes))
    assert lines(found.steps) == snapshot


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (file(role_session_name="own"), Result.OK),
        (file(), Result.NO),
        (file(role_session_name="${{ x }}"), Result.UNKNOWN),
        ("on: push\n", Result.UNKNOWN),
    ],
)
def test_the_session_has_the_name_that_the_file_gives(
    text: str, result: Result, write_stack: WriteStack
) -> None:
    """A trust policy may ask for it, with a token as well; without a job it is not known."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    world = asking_for(world_of(files, Case()), "sts:RoleSessionName", "own")
    for given in (None, asked()):
        found = explained(world, cast("GitHub", Served(text)), question(world, asked=given))
        assert next(one.result for one in found.steps if one.name == "trust") is result


def test_the_claims_have_the_name_of_the_live_file(write_stack: WriteStack) -> None:
    """A trust policy may ask for the workflow's name, which the live file has."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    world = asking_for(world_of(files, Case()), f"{ISSUER}:workflow", "own")
    served = cast("GitHub", Served(f"name: own\n{file()}"))
    found = explained(world, served, question(world))
    assert next(one.result for one in found.steps if one.name == "trust") is Result.OK


def test_an_explanation_names_the_job_and_its_role(write_stack: WriteStack) -> None:
    """Repository and role are as declared; the job of an event is not known."""
    world = world_of(StackFiles(write_stack(billing="repository: billing\n")), Case())
    served = cast("GitHub", Served(""))
    found = explained(world, served, question(world))
    assert (found.stack, found.repository, found.environment) == ("s", "acme/billing", "dev")
    assert (found.role, found.source) == (ARN, "a test")
    assert found.job == "push on refs/heads/develop, python-dev.yml"
    event = explained(world, served, question(world, event=True, asked=asked()))
    assert event.job == "the one of CloudTrail's event"


def test_a_repository_that_github_does_not_show_has_no_job(write_stack: WriteStack) -> None:
    """The account is not asked about a job without claims; it is asked about a token."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    world = replace(world_of(files, Case()), home=None)
    served = cast("GitHub", Served(""))
    found = explained(world, served, question(world))
    assert [(one.name, one.result) for one in found.steps] == [
        ("repository", Result.NO),
        ("trust", Result.NOT_ASKED),
    ]
    of_a_ref = {"asked": asked(**OF_A_REF), "names_no_environment": True}
    event = explained(world, served, question(world, event=True, **of_a_ref))
    assert (event.steps[0].name, event.steps[0].result) == ("job", Result.NO)
    with_token = explained(world, served, question(world, asked=asked()))
    assert [one.name for one in with_token.steps if one.side == GITHUB] == ["repository"]
    assert next(one.result for one in with_token.steps if one.name == "trust") is Result.OK


def test_mends_of_one_reason_agree(write_stack: WriteStack) -> None:
    """The trust policy's mend is the job's where both ask for the environment in the job."""
    world = world_of(StackFiles(write_stack(billing="repository: billing\n")), Case())
    request = asked(environment="test")
    restored, other = Mend(text="restored"), Mend(text="other")
    job = Step(side=GITHUB, name="job", result=Result.NO, answer="", mend=restored)
    ref = replace(job, name="ref", mend=other)
    trust = Step(
        side=AWS,
        name="trust",
        result=Result.NO,
        answer="",
        mend=name_environment("dev", request.claims),
    )
    with_token = question(world, asked=request)

    def mends(asked_about: Question, *steps: Step) -> list[Mend | None]:
        return [one.mend for one in with_mends(asked_about, steps)]

    assert mends(with_token, ref, job, trust) == [other, restored, restored]
    assert mends(with_token, replace(job, result=Result.OK), trust)[1] == trust.mend
    assert mends(question(world), job, trust)[1] == trust.mend
    assert mends(with_token, job, replace(trust, mend=other))[1] == other


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "give the job itself: --run URL, or --token FILE"),
        ({"asked": asked()}, "run the job: slipway cannot evaluate this part"),
        ({"event": True}, "give the job itself: --token FILE"),
        ({"event": True, "asked": asked()}, "give the job itself: --token FILE"),
        ({"actor": {"actor": "octocat"}}, "give the job itself: --token FILE"),
    ],
)
def test_a_step_that_cannot_be_judged_names_an_option_that_tells_more(
    changes: dict[str, Any], text: str, write_stack: WriteStack
) -> None:
    """A run tells less than a token; a step with a mend keeps it, and another result has none."""
    world = world_of(StackFiles(write_stack(billing="repository: billing\n")), Case())
    actor = changes.get("actor")
    about = question(world, **{key: changes[key] for key in changes if key != "actor"})
    if about.job is not None:
        about = replace(about, job=replace(about.job, actor=actor))
    unknown = Step(side=GITHUB, name="job", result=Result.UNKNOWN, answer="")
    own = Mend(text="own")
    steps = (unknown, replace(unknown, mend=own), replace(unknown, result=Result.NOTE))
    assert [one.mend for one in with_mends(about, steps)] == [Mend(text=text), own, None]
