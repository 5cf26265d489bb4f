import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws.conditions import holds, like
from sandbox.aws.refusal import RefusedError
from sandbox.aws.trust import admits
from tests.sandbox.aws.documents import GITHUB, SUBJECT

SUB = f"{GITHUB}:sub"
NONE = f"{GITHUB}:environment"
POLICY = "iam:policyarn"
CONTEXT = {
    SUB: [SUBJECT],
    f"{GITHUB}:amr": ["a", "b"],
    POLICY: ["arn:aws:iam::aws:policy/job-function/Billing"],
    "iam:permissionsboundary": [],
}
ARN = f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"
ACTION = "sts:AssumeRoleWithWebIdentity"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Principal": {"Federated": ARN}, "Action": ACTION}


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", SUB, SUBJECT, True),
        ("StringEquals", SUB.upper(), ["x", SUBJECT], True),
        ("StringEquals", SUB, SUBJECT.upper(), False),
        ("StringEqualsIgnoreCase", SUB, SUBJECT.upper(), True),
        ("StringLike", SUB, "repo:acme/*:dev", True),
        ("StringLike", SUB, "repo:acme/?", False),
        ("StringNotEquals", SUB, ["x", SUBJECT], False),
        ("StringNotEquals", SUB, ["x", "y"], True),
        ("StringNotLike", SUB, "repo:*", False),
        ("StringEquals", NONE, "x", False),
        ("StringNotEquals", NONE, "x", True),
        ("StringEqualsIfExists", NONE, "x", True),
        ("StringEqualsIfExists", SUB, "x", False),
        ("Null", NONE, "true", True),
        ("Null", NONE, "false", False),
        ("Null", SUB, False, True),
        ("ForAnyValue:StringEquals", f"{GITHUB}:amr", ["b", "c"], True),
        ("ForAllValues:StringEquals", f"{GITHUB}:amr", ["b", "c"], False),
        ("ForAllValues:StringEquals", NONE, "x", True),
        ("ForAnyValue:StringEquals", NONE, "x", False),
        ("ForAnyValue:StringNotEquals", NONE, "x", False),
        ("ForAnyValue:StringLikeIfExists", SUB, "repo:*", True),
        ("ArnEquals", POLICY, "arn:aws:iam::aws:policy/job-function/Billing", True),
        ("ArnLike", POLICY, "arn:aws:iam::*:policy/*", True),
        ("ArnLike", POLICY, "arn:*:policy/*", False),
        ("ArnNotEquals", POLICY, "arn:aws:iam::aws:policy/Billing", True),
        ("StringEquals", "iam:PermissionsBoundary", "x", False),
        ("StringNotEquals", "iam:PermissionsBoundary", "x", True),
    ],
)
def test_operators_mean_what_iam_documents(
    operator: str,
    key: str,
    values: object,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """Keys ignore case, values do not; an absent key meets only the documented operators."""
    assert holds({operator: {key: values}}, CONTEXT) is expected


@pytest.mark.parametrize(
    "condition",
    [
        {"DateEquals": {SUB: "*"}},
        {"StringSomething": {SUB: "*"}},
        {"NullIfExists": {SUB: "true"}},
        {"ForAnyValue:StringLikeIfExists": {NONE: "x"}},
        {"StringNotEquals": {"aws:SourceIp": "x"}},
        {"StringEquals": {SUB: "${aws:username}"}},
        {"StringEquals": {SUB: "x"}, "Bool": {SUB: "true"}},
    ],
)
def test_what_cannot_be_evaluated_is_refused(condition: dict[str, Any]) -> None:
    """An unsupported part is refused, even after a part that is not met."""
    with pytest.raises(RefusedError) as refused:
        holds(condition, CONTEXT)
    assert (refused.value.code, refused.value.status) == ("NotEmulated", 501)


@given(st.text(), st.text())
def test_a_pattern_without_wildcards_is_its_only_match(value: str, other: str) -> None:
    """No character but `*` and `?` is special in a pattern."""
    plain = value.replace("*", "").replace("?", "")
    assert like(plain, plain)
    assert like(other, plain) == (other == plain)
    assert like(plain + other, f"{plain}*")


@given(st.lists(st.sampled_from(["Allow", "Deny", "other"]), min_size=1))
def test_one_deny_outweighs_every_allow(effects: list[str]) -> None:
    """Without an Allow, or with a Deny, the principal is refused; order does not matter."""
    deny = ALLOW | {"Effect": "Deny"}
    other = ALLOW | {"Principal": {"Federated": f"{ARN}x"}}
    kinds = {"Allow": ALLOW, "Deny": deny, "other": other}
    document = json.dumps({"Statement": [kinds[effect] for effect in effects]})
    expected = "Allow" in effects and "Deny" not in effects
    assert admits(document, ARN, ACTION, CONTEXT) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Action": "sts:*"}, True),
        ({"Action": ["s3:*", "STS:assumerolewith*"]}, True),
        ({"Action": "sts:AssumeRole"}, False),
        ({"Principal": {"Federated": [f"{ARN}x", ARN]}}, True),
        ({"Principal": {"AWS": "111111111111"}}, False),
        ({"Principal": "*"}, True),
        ({"Condition": {"StringEquals": {SUB: "x"}}}, False),
    ],
)
def test_a_statement_counts_for_whom_and_what_it_names(
    changes: dict[str, Any],
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    """A statement applies to its principal and actions; actions may have wildcards, ARNs not."""
    document = json.dumps({"Statement": ALLOW | changes})
    assert admits(document, ARN, ACTION, CONTEXT) is expected
