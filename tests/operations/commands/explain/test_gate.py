"""`slipway explain` and the sandbox's gate never disagree; each has an evaluator of its own."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.commands.explain.iam.request import ACTION, Request, condition_claims
from operations.commands.explain.iam.trust import judge
from sandbox.aws.refusal import RefusedError
from sandbox.aws.trust import admits
from sandbox.aws.web_identity import compared_claims
from tests.operations.commands.explain.policies import (
    NAMES,
    PROVIDER,
    near,
    policies,
    tokens,
    unknown_parts,
)
from tests.sandbox.aws.documents import GITHUB

SESSION = "GitHubActions"
EXAMPLES = 1000


def explained(document: Mapping[str, Any], claims: Mapping[str, str | None]) -> bool | None:
    """The answer of `slipway explain`."""
    request = Request(provider=PROVIDER, issuer=GITHUB, claims=claims, session_name=SESSION)
    return judge(document, request).allowed


def admitted(document: Mapping[str, Any], claims: Mapping[str, str | None]) -> bool | None:
    """The answer of the sandbox's gate; None if it does not emulate a part."""
    given_ = {name: value for name, value in claims.items() if value is not None}
    context = {f"{GITHUB}:{name}": [value] for name, value in given_.items()}
    context["sts:rolesessionname"] = [SESSION]
    try:
        return admits(json.dumps(document), PROVIDER, ACTION, context)
    except RefusedError as refused:
        if refused.status != 501:
            raise
        return None


@settings(max_examples=EXAMPLES)
@given(policies(), tokens)
def test_explain_says_what_the_gate_does(document: dict[str, Any], claims: dict[str, str]) -> None:
    """For every policy that both evaluate, and every token, the two answers are one."""
    said = explained(document, claims)
    assert said is not None
    assert said is admitted(document, claims)


@settings(max_examples=EXAMPLES)
@given(near)
def test_explain_and_the_gate_agree_on_values_that_are_nearly_the_same(
    case: tuple[dict[str, Any], dict[str, str]],
) -> None:
    """Case, one character and a wildcard more or less mean the same to both."""
    document, claims = case
    assert explained(document, claims) is admitted(document, claims) is not None


@settings(max_examples=EXAMPLES)
@given(policies(known=False), tokens)
def test_explain_knows_no_more_than_the_gate(
    document: dict[str, Any], claims: dict[str, str]
) -> None:
    """Where the gate answers, explain has the same answer, also if it could not know all parts.

    Where the gate refuses a part, explain's answer does not depend on that part: it stays the same
    with a condition in its place that is always met, and with one that never is.
    """
    said, gate = explained(document, claims), admitted(document, claims)
    if gate is not None:
        assert said is gate
    elif said is not None:
        assert {admitted(one, claims) for one in replaced(document)} == {said}


def replaced(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with every part that cannot be evaluated met, and with every one not met."""
    unknown = unknown_parts()
    for met in ("StringLike", "StringNotLike"):
        copied = copy.deepcopy(dict(document))
        found = copied["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            condition = statement.get("Condition", {})
            for operator in list(condition):
                for key, values in list(condition[operator].items()):
                    if {operator: {key: values}} in unknown:
                        del condition[operator][key]
                        # A session always has a name.
                        condition.setdefault(met, {})["STS:ROLESESSIONNAME"] = "*"
        yield copied


@settings(max_examples=EXAMPLES)
@given(policies(), tokens, st.sets(st.sampled_from(NAMES), max_size=3))
def test_an_answer_without_some_claims_is_right_for_all_of_their_values(
    document: dict[str, Any], claims: dict[str, str], hidden: set[str]
) -> None:
    """If claims are not known, explain answers only what is true with and without each of them."""
    said = explained(document, {**claims, **dict.fromkeys(hidden)})
    if said is None:
        return
    for value in (None, "prod", "Prod", "refs/heads/main", "repo:acme/billing:environment:prod"):
        full = {name: text for name, text in claims.items() if name not in hidden}
        full |= {} if value is None else dict.fromkeys(hidden, value)
        assert admitted(document, full) is said, (value, hidden)


@pytest.mark.parametrize(
    ("issuer", "known"),
    [
        (GITHUB, True),
        (f"{GITHUB}/acme", True),
        ("token.actions.octocorp.ghe.com", True),
        ("github.com/enterprises/acme", True),
        ("token.actions.octocorp.ghe.com/acme", False),
        ("github.example.com/_services/token", False),
        (f"{GITHUB}.example.com", False),
        ("accounts.google.com", False),
    ],
)
def test_both_know_the_claims_of_the_same_issuers(
    issuer: str,
    known: bool,  # noqa: FBT001 - a table
) -> None:
    """AWS has the ten claims as condition keys for github.com, its enterprises and ghe.com."""
    assert set(condition_claims(issuer)) - {"aud", "sub"} == set(compared_claims(issuer))
    assert bool(compared_claims(issuer)) is known


@pytest.mark.parametrize("part", unknown_parts(), ids=json.dumps)
def test_a_part_that_cannot_be_judged_is_said(part: dict[str, Any]) -> None:
    """An operator, key or variable that is not evaluated is named with the reason."""
    statement = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": ACTION}
    document = {"Statement": statement | {"Condition": part}}
    request = Request(provider=PROVIDER, issuer=GITHUB, claims={"sub": "x"}, session_name=SESSION)
    trust = judge(document, request)
    assert trust.allowed is None
    assert admitted(document, {"sub": "x"}) is None
    ((condition,),) = (one.conditions for one in trust.statements)
    assert condition.met is None
    assert condition.why


@pytest.mark.parametrize(
    "statement",
    [
        {"NotPrincipal": {"AWS": "111111111111"}, "Action": ACTION},
        {"Principal": {"Federated": PROVIDER}},
        {"Principal": {"Federated": PROVIDER}, "Action": ACTION, "Condition": ["x"]},
        {"Principal": {"Federated": PROVIDER}, "Action": ACTION, "Condition": {"StringLike": "x"}},
        {"Principal": "me", "Action": ACTION},
        {"Principal": {"Federated": PROVIDER}, "Action": ACTION, "Effect": "Perhaps"},
        "text",
    ],
)
def test_a_statement_of_another_shape_is_not_guessed(statement: Any) -> None:
    """A statement that cannot be read may allow or deny: nothing is said, and the reason is."""
    given_ = {"Effect": "Allow"} | statement if isinstance(statement, dict) else statement
    request = Request(provider=PROVIDER, issuer=GITHUB, claims={})
    (judged,) = judge({"Statement": given_}, request).statements
    assert judged.applies is None
    assert judge({"Statement": given_}, request).allowed is None
