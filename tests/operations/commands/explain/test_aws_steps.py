"""AWS's side: each question by itself, with what is known of the account."""

import time
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace

import pytest

from components.config.problems import Problem
from components.config.stack_files import StackFiles
from operations.commands.explain.asked import Times
from operations.commands.explain.step import AWS, Mend, Result, Step
from tests.operations.commands.explain.asking import (
    ACCOUNT,
    ARN,
    AUDIENCE,
    PROVIDER,
    consented,
    document,
    role,
    shown,
    steps,
)
from tests.operations.commands.explain.asking import files as files  # noqa: PLC0414 - a fixture
from tests.sandbox.aws.documents import GITHUB, SUBJECT
from tests.stacks import SETTINGS, WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture


def test_everything_as_it_should_be_is_fine(files: StackFiles) -> None:
    """No step fails for the right job, role and provider."""
    found = steps(files, role(document()))
    assert {step.result for step in found.values()} == {Result.OK}
    assert list(found) == ["provider", "audience", "role", "trust", "session"]


def test_an_account_that_does_not_answer_is_not_guessed(files: StackFiles) -> None:
    """The reason is told, and nothing else of the account is asked."""
    for unseen, why in (("no credentials", "no credentials"), ("", "it was not asked")):
        answer = f"{ACCOUNT} cannot be read: {why}"
        (step,) = steps(files, seen=False, unseen=unseen).values()
        assert step == Step(side=AWS, name="account", result=Result.UNKNOWN, answer=answer)


def test_without_a_provider_or_a_role_their_questions_are_not_asked(files: StackFiles) -> None:
    """A missing object is a failure; questions that depend on it are no further ones."""
    found = steps(files, audiences=None)
    assert {name: step.result for name, step in found.items()} == {
        "provider": Result.NO,
        "audience": Result.NOT_ASKED,
        "role": Result.NO,
        "trust": Result.NOT_ASKED,
        "session": Result.NOT_ASKED,
    }


def test_one_of_several_audiences_is_enough(files: StackFiles) -> None:
    """Conditions see the audience that the provider takes."""
    condition = {"StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": SUBJECT}}
    found = steps(files, role(document(condition)), given=["other", AUDIENCE])
    assert found["audience"].result is found["trust"].result is Result.OK
    refused = steps(files, role(document(condition)), given=["other"])
    assert (refused["audience"].result, refused["audience"].got) == (Result.NO, "other")
    assert refused["trust"].result is Result.NO


NOW = 1000.0
RENEW = Mend(text="request a new one in the job")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in Tokyo, at 1,000 seconds since 1970."""
    clock = "operations.commands.explain.on_aws.steps.time"
    with monkeypatch.context() as patch:
        patch.setattr(clock, SimpleNamespace(time=lambda: NOW))
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("begins", "ends", "result", "answer", "mend"),
    [
        (None, None, Result.NO, "it has no expiry", RENEW),
        (
            *(None, NOW, Result.NO, "it expired at 1970-01-01T00:16:40Z"),
            Mend(text=f"{RENEW.text}, right before it is used"),
        ),
        (
            *(NOW + 1, NOW + 2, Result.NO, "it is not valid before 1970-01-01T00:16:41Z"),
            Mend(text="set the clock of this machine"),
        ),
        (
            *(NOW, NOW + 1, Result.OK),
            "it is valid until 1970-01-01T00:16:41Z; its signature was not checked",
            None,
        ),
        (
            *(None, 1e20, Result.OK),
            "it is valid until 1e+20 seconds since 1970; its signature was not checked",
            None,
        ),
    ],
)
def test_a_token_is_valid_for_a_time(
    files: StackFiles,
    *,
    begins: float | None,
    ends: float | None,
    result: Result,
    answer: str,
    mend: Mend | None,
) -> None:
    """A token is refused from its expiry on, and before its beginning; times are told in UTC."""
    times = Times(begins=begins, ends=ends)
    step = steps(files, times=times, issuer=f"https://{GITHUB}")["token"]
    assert step == Step(side=AWS, name="token", result=result, answer=answer, mend=mend)


def test_a_token_of_another_github_is_refused(files: StackFiles) -> None:
    """Both issuers are told; its times do not matter."""
    step = steps(files, times=Times(begins=None, ends=None), issuer="https://git.example")["token"]
    assert step == Step(
        side=AWS,
        name="token",
        result=Result.NO,
        answer="another issuer made it",
        expected=f"https://{GITHUB}",
        got="https://git.example",
        mend=Mend(text="give a token of that GitHub"),
    )


BY_HAND = Problem("stacks/s/_stack.yaml", 3, "accounts.dev.oidc_provider", "")


@pytest.mark.parametrize(
    ("made_by", "mends"),
    [
        ("create", (Mend(text="`slipway up s` makes it"), consented("adds it"))),
        (
            "existing",
            (
                Mend(text=f"make it in IAM, with that URL: {PROVIDER}", place=BY_HAND),
                Mend(text=f"add {AUDIENCE} to the audiences of {PROVIDER} in IAM", place=BY_HAND),
            ),
        ),
    ],
)
def test_the_provider_is_mended_where_it_is_made(
    write_stack: WriteStack, made_by: str, mends: tuple[Mend, Mend]
) -> None:
    """`up` makes the stack's own provider and its audience; another one is changed in IAM."""
    settings = SETTINGS.replace('1", region', f'1", oidc_provider: {made_by}, region')
    files = StackFiles(write_stack(settings, billing="repository: billing\n"))
    home = shown(files)
    missing = steps(files, audiences=None, home=home)
    assert missing["provider"] == Step(
        side=AWS,
        name="provider",
        result=Result.NO,
        answer=f"the account has no OIDC provider for {GITHUB}",
        expected=PROVIDER,
        mend=mends[0],
    )
    untaken = steps(files, audiences=frozenset(), given=["other", AUDIENCE], home=home)
    assert untaken["audience"] == Step(
        side=AWS,
        name="audience",
        result=Result.NO,
        answer="the provider does not take other",
        expected="none",
        got="other",
        mend=mends[1],
    )


def test_an_audience_is_one_that_the_provider_takes(files: StackFiles) -> None:
    """Otherwise the job requests another one; without a provider or a token it is not judged."""
    step = partial(Step, side=AWS, name="audience")
    found = steps(files, given=["other"], audiences=frozenset({"y", "x"}))["audience"]
    mend = Mend(text=f"request the token in the job for the audience {AUDIENCE}")
    answer = "the provider does not take other"
    assert found == step(result=Result.NO, answer=answer, expected="x, y", got="other", mend=mend)
    for given, audiences, result, answer in (
        ([], None, Result.NOT_ASKED, "there is no provider"),
        ([], frozenset({AUDIENCE}), Result.UNKNOWN, "the token's audience is not known"),
        ([AUDIENCE], frozenset({AUDIENCE}), Result.OK, f"the provider takes {AUDIENCE}"),
    ):
        found = steps(files, given=given, audiences=audiences)["audience"]
        assert found == step(result=result, answer=answer)


def test_objects_that_are_there_are_named(files: StackFiles) -> None:
    """A provider and a role are named by their ARNs; `up` makes a role that is not there."""
    found = steps(files, role(document()))
    assert found["provider"].answer == f"{PROVIDER} exists"
    assert found["role"].answer == f"{ARN} exists"
    missing = steps(files, home=shown(files))["role"]
    assert (missing.answer, missing.mend) == (
        f"{ARN} does not exist",
        Mend(text="`slipway up s` makes it"),
    )


@pytest.mark.parametrize(
    ("code", "told"), [("", "AWS gave credentials"), ("AccessDenied", "AccessDenied: no")]
)
def test_the_answer_of_the_time_is_told(files: StackFiles, code: str, told: str) -> None:
    """An event's answer is a note, and the role that it asks for is compared."""
    outcome = {"when": "2026-01-01", "code": code, "message": "no"}
    found = steps(files, role(document()), outcome=outcome, role=ARN)
    answer = f"at 2026-01-01: {told}; the rest is judged as things are now"
    assert found["answer then"] == Step(
        side=AWS, name="answer then", result=Result.NOTE, answer=answer
    )
    assert found["role"].result is Result.OK
    other = steps(files, role(document()), outcome=outcome, role=f"{ARN}x")["role"]
    assert other == Step(
        side=AWS,
        name="role",
        result=Result.NO,
        answer="the event asks for another role",
        expected=ARN,
        got=f"{ARN}x",
        mend=Mend(text=f"ask for {ARN} in the job"),
    )


PLACE = Problem("stacks/s/billing.yaml", 1, "environments.dev.role.max_session_seconds", "")


@pytest.mark.parametrize(
    ("seconds", "most", "result", "answer", "mend"),
    [
        ("900", 3600, Result.OK, "900 seconds of at most 3600", None),
        ("3600", 3600, Result.OK, "3600 seconds of at most 3600", None),
        ("899", 3600, Result.NO, "", Mend(text="ask for 900 seconds or more in the job")),
        ("3600", 3599, Result.NO, "", consented("sets it")),
        ("3601", 3600, Result.NO, "", Mend(text="declare at least 3601", place=PLACE)),
        ("${{ vars.S }}", 3600, Result.UNKNOWN, "the job asks for ${{ vars.S }} seconds", None),
        ("", 3600, Result.NOTE, "at most 3600 seconds", None),
        ("900", None, Result.NOT_ASKED, "there is no role", None),
    ],
)
def test_a_session_is_as_long_as_the_role_allows(
    files: StackFiles,
    *,
    seconds: str,
    most: int | None,
    result: Result,
    answer: str,
    mend: Mend | None,
) -> None:
    """STS gives sessions of 900 seconds up to the role's maximum."""
    roles = [role(document(), max_session_seconds=most)] if most else []
    step = steps(files, *roles, seconds=seconds, home=shown(files))["session"]
    expected = {Result.NO: f"900 to {most}", Result.UNKNOWN: "3600"}.get(result, "")
    assert step == Step(
        side=AWS,
        name="session",
        result=result,
        answer=answer or f"the job asks for {seconds} seconds",
        expected=expected,
        got=seconds if result is Result.NO else "",
        mend=mend,
    )
