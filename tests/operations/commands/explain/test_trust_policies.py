"""A whole trust policy: its statements' parts, and whether the role opens."""

from typing import Any

import pytest

from operations.commands.explain.iam.logic import Truth
from operations.commands.explain.iam.trust import Statement, judge
from tests.operations.commands.explain.test_conditions import ISSUER, PROVIDER, REQUEST

ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Federated": PROVIDER},
    "Action": "sts:AssumeRoleWithWebIdentity",
}
DENY = ALLOW | {"Effect": "Deny"}
MET = {"Condition": {"StringEquals": {f"{ISSUER}:aud": "Ab"}}}
UNMET = {"Condition": {"StringEquals": {f"{ISSUER}:aud": "other"}}}
UNKNOWN = {"Condition": {"StringEquals": {f"{ISSUER}:ref": "x"}}}


def opens(*statements: Any) -> Truth:
    """Whether the role opens."""
    return judge({"Statement": list(statements)}, REQUEST).allowed


def one(given: Any) -> Statement:
    """The only statement, judged."""
    (found,) = judge({"Statement": given}, REQUEST).statements
    return found


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([], False),
        ([ALLOW], True),
        ([ALLOW | MET], True),
        ([ALLOW | UNMET], False),
        ([ALLOW | UNKNOWN], None),
        ([ALLOW | UNMET, ALLOW], True),
        ([ALLOW | UNKNOWN, ALLOW], True),
        ([ALLOW | UNKNOWN, ALLOW | UNMET], None),
        ([ALLOW, DENY], False),
        ([DENY, ALLOW], False),
        ([ALLOW, DENY | UNMET], True),
        ([ALLOW, DENY | UNKNOWN], None),
        ([ALLOW | UNMET, DENY | UNKNOWN], False),
        ([DENY], False),
        ([ALLOW | {"Effect": "Perhaps"}], None),
        ([ALLOW, ALLOW | {"Effect": "Perhaps"}], None),
        ([ALLOW, {**UNMET, **ALLOW, "Effect": "Perhaps"}], True),
        ([ALLOW | {"Effect": "Perhaps"}, DENY], False),
        ([ALLOW, "text"], None),
    ],
)
def test_a_role_opens_by_an_allow_without_a_deny(statements: list[Any], expected: Truth) -> None:
    """A part that cannot be judged counts only if the answer depends on it."""
    assert opens(*statements) is expected


def test_a_document_is_read_in_its_order() -> None:
    """Statements are counted from 1, with their names; one may be without brackets."""
    first, second = judge({"Statement": [ALLOW | {"Sid": "A"}, DENY | MET]}, REQUEST).statements
    assert (first.number, first.sid, first.effect, first.conditions) == (1, "A", "Allow", ())
    assert (second.number, second.sid, second.effect) == (2, "", "Deny")
    assert [each.met for each in second.conditions] == [True]
    assert one(ALLOW).applies is True
    assert judge({}, REQUEST).statements == ()


def test_the_statements_that_count_are_told() -> None:
    """Only those of the effect that are known to apply."""
    trust = judge({"Statement": [ALLOW | UNMET, ALLOW, DENY, ALLOW | UNKNOWN]}, REQUEST)
    assert [each.number for each in trust.applying("Allow")] == [2]
    assert [each.number for each in trust.applying("Deny")] == [3]


@pytest.mark.parametrize(
    ("principal", "expected", "why"),
    [
        ({"Principal": "*"}, True, ""),
        ({"Principal": {"AWS": "*"}}, True, ""),
        ({"Principal": {"AWS": ["111111111111", "*"]}}, True, ""),
        ({"Principal": {"Federated": "*"}}, True, ""),
        ({"Principal": {"Federated": ["x", PROVIDER]}}, True, ""),
        ({"Principal": {"Federated": "x", "AWS": PROVIDER}}, False, ""),
        ({"Principal": {"AWS": "111111111111"}}, False, ""),
        ({"Principal": {"Federated": PROVIDER.upper()}}, False, ""),
        ({"Principal": PROVIDER}, None, "its Principal is no object"),
        ({}, False, ""),
        ({"NotPrincipal": {"Federated": "x"}}, None, "NotPrincipal is not evaluated"),
    ],
)
def test_a_principal_is_the_provider_or_everybody(
    principal: dict[str, Any], expected: Truth, why: str
) -> None:
    """The provider's ARN is compared as it is; a principal of another form is not guessed."""
    given = {key: value for key, value in ALLOW.items() if key != "Principal"} | principal
    assert (one(given).principal, one(given).why) == (expected, why)
    assert one(given).applies is expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"Action": ["sts:TagSession", "STS:assumerolewithweb*"]}, True),
        ({"Action": "sts:AssumeRole"}, False),
        ({"NotAction": "sts:AssumeRole"}, True),
        ({"NotAction": ["sts:*"]}, False),
        ({"Action": [7]}, False),
        ({}, None),
    ],
)
def test_an_action_is_named_or_left_out_of_others(action: dict[str, Any], expected: Truth) -> None:
    """Names of actions ignore case and have wildcards; without one nothing is said."""
    given = {key: value for key, value in ALLOW.items() if key != "Action"} | action
    assert (one(given).action, one(given).applies) == (expected, expected)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("text", "it is no object"),
        (ALLOW | {"Condition": "x"}, "its Condition is no object"),
        (ALLOW | {"Condition": {"Null": 1}}, "its condition Null is no object"),
        (ALLOW | {"Effect": "allow"}, "its Effect is neither Allow nor Deny"),
        (
            {key: ALLOW[key] for key in ("Principal", "Action")},
            "its Effect is neither Allow nor Deny",
        ),
    ],
)
def test_a_statement_that_cannot_be_read_says_why(given: Any, why: str) -> None:
    """It may count or not."""
    found = one(given)
    assert (found.why, found.applies) == (why, None)
    assert found.number == 1
    assert found.conditions == ()
    assert found.effect == (given.get("Effect", "") if isinstance(given, dict) else "")
    if given == "text":
        assert (found.sid, found.effect, found.principal, found.action) == ("", "", None, None)
