"""AWS's side: each question by itself, with what is known of the account."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.commands.explain.asked import Asked
from operations.commands.explain.on_aws.steps import aws_steps
from operations.commands.explain.seen.world import World
from operations.commands.explain.step import Result, Step
from operations.live.observed import ObservedAccount, ObservedRole
from tests.sandbox.aws.documents import GITHUB, SUBJECT, trust
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

ACCOUNT = "111111111111"
ARN = f"arn:aws:iam::{ACCOUNT}:role/slipway/acme.billing-dev"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
AUDIENCE = "sts.amazonaws.com"


def role(document: dict[str, Any], **changes: Any) -> ObservedRole:
    """Dev's role with this trust policy."""
    members: dict[str, Any] = {
        "name": "acme.billing-dev",
        "arn": ARN,
        "path": "/slipway/",
        "description": "",
        "trust": document,
        "inline_policies": {},
        "managed_policies": frozenset(),
        "permissions_boundary": None,
        "max_session_seconds": 3600,
        "tags": {},
    }
    return ObservedRole(**{**members, **changes})


@pytest.fixture
def files(write_stack: WriteStack) -> StackFiles:
    """A stack with one repository."""
    folder: Path = write_stack(billing="repository: billing\n")
    return StackFiles(folder)


def steps(
    files: StackFiles,
    *roles: ObservedRole,
    audiences: frozenset[str] | None = frozenset({AUDIENCE}),
    given: Sequence[str] = (AUDIENCE,),
    seen: bool = True,
    **asked: Any,
) -> dict[str, Step]:
    """The steps by name, of a job with dev's subject."""
    account = ObservedAccount(
        ACCOUNT, {one.name.lower(): one for one in roles}, PROVIDER, audiences, complete=False
    )
    (repository,) = files.stack.repositories
    accounts = {ACCOUNT: account} if seen else {}
    world = World(files, repository, None, accounts, {} if seen else {ACCOUNT: "no credentials"})
    members: dict[str, Any] = {"claims": {"sub": SUBJECT}, "audiences": given}
    request = Asked(**{**members, "seconds": "3600", **asked})
    return {step.name: step for step in aws_steps(world, "dev", request)}


def document(condition: object = None, **changes: Any) -> dict[str, Any]:
    """A trust policy."""
    found: dict[str, Any] = json.loads(trust(ACCOUNT, condition, **changes))
    return found


def test_everything_as_it_should_be_is_fine(files: StackFiles) -> None:
    """No step fails for the right job, role and provider."""
    found = steps(files, role(document()))
    assert {step.result for step in found.values()} == {Result.OK}
    assert list(found) == ["provider", "audience", "role", "trust", "session"]


def test_an_account_that_does_not_answer_is_not_guessed(files: StackFiles) -> None:
    """The reason is told, and nothing else of the account is asked."""
    (step,) = steps(files, seen=False).values()
    assert step.result is Result.UNKNOWN
    assert step.answer == f"{ACCOUNT} cannot be read: no credentials"


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


@pytest.mark.parametrize(
    ("seconds", "result"),
    [
        ("900", Result.OK),
        ("899", Result.NO),
        ("3600", Result.OK),
        ("3601", Result.NO),
        ("${{ vars.SECONDS }}", Result.UNKNOWN),
        ("", Result.NOTE),
    ],
)
def test_a_session_is_as_long_as_the_role_allows(
    files: StackFiles, seconds: str, result: Result
) -> None:
    """STS gives sessions of 900 seconds up to the role's maximum."""
    assert steps(files, role(document()), seconds=seconds)["session"].result is result


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"Action": "sts:AssumeRole"}, "no statement allows this provider to assume the role"),
        (
            {"Principal": {"Federated": f"{PROVIDER}x"}},
            "no statement allows this provider to assume the role",
        ),
        ({"Effect": "Deny"}, "statement 1 denies it"),
        ({"Effect": "Deny", "Sid": "Stop"}, "statement 1 (Stop) denies it"),
        (
            {"Condition": {"StringLike": {f"{GITHUB}:sub": "repo:other/*"}}},
            f"no statement admits the token: {GITHUB}:sub is another",
        ),
    ],
)
def test_a_refusal_names_its_reason(
    files: StackFiles, changes: dict[str, Any], answer: str
) -> None:
    """The statement that denies, or the condition that fails, is named."""
    step = steps(files, role(document(**changes)))["trust"]
    assert (step.result, step.answer) == (Result.NO, answer)


def test_a_part_that_cannot_be_judged_is_named(files: StackFiles) -> None:
    """An operator that is not evaluated makes the answer unknown, with the reason."""
    condition = {"NumericEquals": {f"{GITHUB}:sub": "1"}}
    step = steps(files, role(document(condition)))["trust"]
    assert step.result is Result.UNKNOWN
    assert step.answer == (
        f"statement 1 cannot be judged: NumericEquals {GITHUB}:sub: "
        "the operator NumericEquals is not known here"
    )
