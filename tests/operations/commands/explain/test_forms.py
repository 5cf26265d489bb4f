"""The two forms of an explanation: the text, and JSON as its schema describes."""

import io
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from components.config.problems import Problem
from operations.commands.explain.forms.as_json import as_json
from operations.commands.explain.forms.as_text import print_explanations
from operations.commands.explain.iam.request import ACTION, Request
from operations.commands.explain.iam.trust import judge
from operations.commands.explain.step import (
    AWS,
    GITHUB,
    Explanation,
    Mend,
    Result,
    Step,
    Verdict,
)
from operations.terminal.output import PROJECT
from tests.operations.commands.explain.policies import PROVIDER
from tests.sandbox.aws.documents import GITHUB as ISSUER

SCHEMA = json.loads(
    (PROJECT / "operations/commands/explain/forms/explain.schema.json").read_text("utf-8")
)
#: It would colour the terminal, and show the text in another order.
HOSTILE = "\x1b[31mred\u202e\nnext"
SHOWN = r"\x1b[31mred\u202e\nnext"


def explanation(*steps: Step, **changes: Any) -> Explanation:
    """An explanation of these steps."""
    members = {
        "stack": "s",
        "repository": "acme/billing",
        "environment": "dev",
        "role": "arn:aws:iam::111111111111:role/r",
        "job": "push on refs/heads/main, x.yml",
        "source": "GitHub",
        "steps": steps,
    }
    return Explanation(**{**members, **changes})


def step(result: Result, name: str = "ref", **changes: Any) -> Step:
    """A step of GitHub's side."""
    return Step(**{"side": GITHUB, "name": name, "result": result, "answer": "why", **changes})


def trust_step(values: str = "x") -> Step:
    """A step with a policy that compares this value."""
    statement = {
        "Sid": values,
        "Effect": "Deny",
        "Principal": {"Federated": f"{PROVIDER}x"},
        "NotAction": ACTION,
        "Condition": {
            "StringEquals": {f"{ISSUER}:sub": values, f"{ISSUER}:ref": values},
            values: {f"{ISSUER}:sub": "y"},
        },
    }
    request = Request(provider=PROVIDER, issuer=ISSUER, claims={"sub": values, "ref": None})
    trust = judge({"Statement": [statement, "broken"]}, request)
    return step(Result.UNKNOWN, "trust", side=AWS, trust=trust)


def printed(*explanations: Explanation) -> str:
    """The text form."""
    console = Console(file=io.StringIO(), highlight=False, soft_wrap=True)
    print_explanations(explanations, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("results", "verdict", "reason"),
    [
        ([Result.OK, Result.NOTE, Result.NOT_ASKED], Verdict.YES, None),
        ([Result.OK, Result.UNKNOWN, Result.NO, Result.NO], Verdict.NO, 2),
        ([Result.OK, Result.NOTE, Result.UNKNOWN, Result.UNKNOWN], Verdict.UNKNOWN, 2),
    ],
)
def test_the_first_failure_is_the_reason(
    results: list[Result], verdict: Verdict, reason: int | None
) -> None:
    """One failure is enough; what cannot be judged is the reason only without one."""
    found = explanation(*(step(result, str(n)) for n, result in enumerate(results)))
    assert found.verdict is verdict
    assert (None if found.reason is None else found.reason.name) == (
        None if reason is None else str(reason)
    )


def test_the_json_is_as_its_schema_describes() -> None:
    """Every kind of step, mend, statement and condition fits the schema."""
    Draft202012Validator.check_schema(SCHEMA)
    place = Problem("stacks/s/billing.yaml", 3, "environments.dev", "")
    mends = [None, Mend(text="a"), Mend(text="b", place=place), Mend(text="c", url="https://x")]
    steps = [step(result, mend=mend) for result in Result for mend in mends]
    found = json.loads(as_json([explanation(*steps, trust_step())]))
    Draft202012Validator(SCHEMA).validate(found)
    (one,) = found["explanations"]
    assert {each["result"] for each in one["steps"]} == set(map(str, Result))


def test_the_text_says_the_reason_and_its_place_first() -> None:
    """The reason, its mend, and file and line are above the steps."""
    place = Problem("stacks/s/billing.yaml", 3, "branches.dev", "")
    failed = step(Result.NO, mend=Mend(text="`slipway up s` makes it", place=place))
    head, _, steps = printed(explanation(step(Result.OK, "event"), failed)).partition("\nGitHub\n")
    assert "  why     ref: why\n" in head
    assert "  mend    slipway up s makes it\n" in head
    assert "  at      stacks/s/billing.yaml:3: branches.dev" in head
    assert steps.index("event") < steps.index("ref")


@pytest.mark.parametrize(("failing", "words"), [(1, "role\n"), (3, "role: 3 things fail\n")])
def test_several_failures_are_counted_in_the_head(failing: int, words: str) -> None:
    """The first line says how many things fail, if they are several."""
    steps = [step(Result.NOTE), *(step(Result.NO) for _ in range(failing))]
    first = printed(explanation(*steps)).splitlines(keepends=True)[0]
    assert first.endswith(f"does not get this {words}")


def test_an_answer_that_cannot_be_said_has_a_next_step() -> None:
    """The head names the option that tells more; nothing is broken that it would mend."""
    text = printed(explanation(step(Result.UNKNOWN, mend=Mend(text="give --token FILE"))))
    assert "  next    give --token FILE\n" in text
    assert "mend" not in text


def test_foreign_text_acts_on_no_terminal() -> None:
    """Values of GitHub, AWS and tokens are made visible, wherever they are shown."""
    place = Problem(HOSTILE, 1, HOSTILE, "")
    hostile = step(
        Result.NO,
        answer=HOSTILE,
        expected=HOSTILE,
        got=HOSTILE,
        mend=Mend(text=HOSTILE, place=place, url=HOSTILE),
    )
    found = explanation(
        hostile, trust_step(HOSTILE), job=HOSTILE, role=HOSTILE, repository=HOSTILE, source=HOSTILE
    )
    text = printed(found)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count(SHOWN) >= 15
    assert "next" not in {line.strip() for line in text.splitlines()}
