"""AWS's side: the trust policy of a role, and the change that lets a job in."""

from typing import Any

import pytest

from components.config.stack_files import StackFiles
from operations.commands.explain.step import Result
from tests.operations.commands.explain.asking import (
    PROVIDER,
    consented,
    document,
    role,
    shown,
    steps,
)
from tests.operations.commands.explain.asking import files as files  # noqa: PLC0414 - a fixture
from tests.sandbox.aws.documents import GITHUB, SUBJECT
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture


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


def whole(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of several statements, each with changes of the usual one."""
    return {"Statement": [document(**one)["Statement"][0] for one in statements]}


def where(**claims: str | list[str]) -> dict[str, Any]:
    """A condition on claims."""
    return {"Condition": {"StringEquals": {f"{GITHUB}:{key}": one for key, one in claims.items()}}}


def test_the_statement_that_admits_is_named(files: StackFiles) -> None:
    """The step has the judged policy; a session's name is known if the job tells it."""
    named = {"Sid": "Ok", "Condition": {"StringEquals": {"sts:RoleSessionName": "x"}}}
    step = steps(files, role(whole(where(sub="y"), named)), session_name="x")["trust"]
    assert (step.result, step.answer) == (Result.OK, "statement 2 (Ok) admits the token")
    assert step.trust is not None
    assert [one.applies for one in step.trust.statements] == [False, True]
    assert steps(files, role(whole(named)))["trust"].result is Result.UNKNOWN


@pytest.mark.parametrize(
    ("sub", "words"),
    [
        (SUBJECT, "would admit it"),
        ("repo:acme/billing:pull_request", "would not admit it"),
        (None, "cannot be judged"),
    ],
)
def test_without_a_role_the_declared_policy_is_judged(
    files: StackFiles, sub: str | None, words: str
) -> None:
    """It is not asked; if GitHub shows the repository, the declared policy is judged."""
    step = steps(files, claims={"sub": sub}, home=shown(files))["trust"]
    assert step.answer == f"there is no role; the declared trust policy {words}"
    assert (step.result, step.trust is None) == (Result.NOT_ASKED, False)
    unseen = steps(files, claims={"sub": sub})["trust"]
    assert (unseen.result, unseen.answer) == (Result.NOT_ASKED, "there is no role")


@pytest.mark.parametrize(
    ("live", "expected", "got"),
    [
        (whole(where(sub="x")), "x", SUBJECT),
        (whole(where(sub=["x", "y"])), "x or y", SUBJECT),
        (whole(where(sub=[])), "nothing", SUBJECT),
        (whole(where(ref="x")), "x", "the token has none"),
        (whole(where(ref="x", actor="y"), where(sub="z")), "z", SUBJECT),
        (whole(where(sub="z"), {"Action": "sts:TagSession"} | where(ref="x")), "z", SUBJECT),
        (
            whole({"Principal": {"AWS": "1"}} | where(ref="x"), where(ref="y", actor="y")),
            "y",
            "the token has none",
        ),
        (
            whole({"Effect": "Deny"} | where(ref="x"), where(ref="y", actor="y")),
            "y",
            "the token has none",
        ),
        (whole({"Effect": "Deny"}, where(sub="x")), "", ""),
        ({"Statement": []}, "", ""),
    ],
)
def test_the_nearest_condition_is_shown(
    files: StackFiles, live: dict[str, Any], expected: str, got: str
) -> None:
    """Of the statements that could admit it, the one with the fewest conditions that fail."""
    step = steps(files, role(live))["trust"]
    assert (step.result, step.expected, step.got) == (Result.NO, expected, got)
    assert step.trust is not None


def test_a_policy_without_an_allow_is_told(files: StackFiles) -> None:
    """A Deny that does not apply is no reason by itself."""
    step = steps(files, role(whole({"Effect": "Deny"} | where(sub="x"))))["trust"]
    assert step.answer == "no statement allows anything"


def test_a_statement_without_an_action_cannot_be_judged(files: StackFiles) -> None:
    """AWS refuses such a policy; the step has the judged one."""
    step = steps(files, role(whole({"Action": None})))["trust"]
    assert step.answer == "statement 1 cannot be judged: it names no action"
    assert step.trust is not None


IMMUTABLE = "repo:acme@1/billing@7"
DEV = ".github/workflows/python-dev.yml"


@pytest.mark.parametrize(
    ("live", "facts", "claims", "text"),
    [
        (whole(where(sub="x")), {}, {}, "`slipway up s` writes the declared trust policy"),
        ({"Statement": []}, {}, {}, consented("writes the declared trust policy").text),
        (
            whole(where(sub="x")),
            {"archived": True},
            {"sub": "repo:acme/other:x"},
            "unarchive it, or leave it out of the stack",
        ),
        (
            whole(where(sub="x")),
            {"subject_prefix": IMMUTABLE},
            {},
            f"run the job again: GitHub sends {IMMUTABLE}:environment:dev by now",
        ),
        (
            whole(where(sub="x")),
            {},
            {"sub": "repo:acme/other:environment:dev"},
            f"deploy with the sub {SUBJECT}: no other is admitted",
        ),
        (
            whole(where(sub="x")),
            {},
            {"sub": "repo:acme/billing:pull_request"},
            f"add `environment: dev` to the job, or deploy from {DEV}, whose job has it",
        ),
        (whole(where(sub="x")), None, {}, "create it, or let the token see it"),
        (
            whole({"Effect": "Deny"}),
            {},
            {"sub": None},
            f"deploy from {DEV}, whose job the declared trust policy admits",
        ),
    ],
)
def test_the_change_that_lets_the_job_in(
    files: StackFiles,
    live: dict[str, Any],
    facts: dict[str, Any] | None,
    claims: dict[str, str | None],
    text: str,
) -> None:
    """`up`, if the declared policy admits the job; else a change of the repository or the job."""
    home = None if facts is None else shown(files, **facts)
    step = steps(files, role(live), claims={"sub": SUBJECT} | claims, home=home)["trust"]
    assert step.mend is not None
    assert step.mend.text == text
