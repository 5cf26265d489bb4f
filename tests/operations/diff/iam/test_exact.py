"""Statements that compare audience, subject and claims exactly, told from all others."""

from typing import Any

import pytest

from components.documents.trust import policy, statement
from operations.diff.iam.exact import Exact, exact_statements, only_subject

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"
ONE, OTHER = "repo:acme/a:environment:prod", "repo:acme@9/a@4:environment:prod"
PLAIN = statement(PROVIDER, (ONE,))
PINNED = statement(PROVIDER, (ONE, OTHER), {"ref": ("refs/heads/main", "x"), "environment": ("p",)})


def read(*statements: Any) -> list[Exact | None]:
    """The content of each statement."""
    return list(exact_statements({"Statement": list(statements)}, PROVIDER))


def test_slipways_own_statements_are_read_back() -> None:
    """Subjects and claims are those that were written, in order, for each statement."""
    plain, pinned = read(PLAIN, PINNED)
    assert plain == Exact((ONE,), {})
    claims = {"ref": ("refs/heads/main", "x"), "environment": ("p",)}
    assert pinned == Exact((ONE, OTHER), claims)
    assert list(exact_statements({"Statement": PLAIN}, PROVIDER)) == [plain]
    assert list(exact_statements({}, PROVIDER)) == []


def test_another_way_to_write_the_same_is_read_as_well() -> None:
    """Another tool may name the statement, and write a list of one."""
    equal = {key: [value] for key, value in PLAIN["Condition"]["StringEquals"].items()}
    assert read(PLAIN | {"Sid": "GitHub", "Condition": {"StringEquals": equal}}) == read(PLAIN)


def with_condition(**operators: Any) -> dict[str, Any]:
    """The plain statement with these operators besides, or instead of, its own."""
    return PLAIN | {"Condition": PLAIN["Condition"] | operators}


@pytest.mark.parametrize(
    "given",
    [
        PLAIN | {"Effect": "Deny"},
        PLAIN | {"Action": "sts:*"},
        PLAIN | {"Principal": {"Federated": f"{PROVIDER}/x"}},
        PLAIN | {"Principal": "*"},
        {key: value for key, value in PLAIN.items() if key != "Condition"},
        PLAIN | {"Condition": {"StringLike": PLAIN["Condition"]["StringEquals"]}},
        with_condition(StringLike={f"{ISSUER}:ref": "*"}),
        with_condition(StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com"}),
        with_condition(StringEquals={f"{ISSUER}:sub": ONE}),
        with_condition(StringEquals={f"{ISSUER}:sub": ONE, f"{ISSUER}:aud": "other"}),
        with_condition(StringEquals={f"{ISSUER}:sub": "*", f"{ISSUER}:aud": "sts.amazonaws.com"}),
        with_condition(StringEquals={"gitlab.com:sub": ONE, f"{ISSUER}:aud": "sts.amazonaws.com"}),
        with_condition(
            StringEquals=PLAIN["Condition"]["StringEquals"] | {"aws:PrincipalTag/a": "b"}
        ),
        with_condition(StringEquals="sub"),
        with_condition(StringEquals=None),
        "Allow",
        None,
    ],
)
def test_a_statement_of_another_shape_is_not_read(given: Any) -> None:
    """Another effect, principal, action, operator, audience or key, a pattern, or no statement."""
    assert read(given) == [None]
    assert read(PLAIN, given) == [*read(PLAIN), None]


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        (policy(PLAIN), ONE),
        (policy(PINNED), None),
        (policy(statement(PROVIDER, (ONE, OTHER))), None),
        (policy(statement(PROVIDER, (ONE,), {"ref": ("x",)})), None),
        (policy(PLAIN, PLAIN), None),
        (policy(PLAIN | {"Effect": "Deny"}), None),
        (policy(), None),
    ],
)
def test_the_only_subject_is_that_of_a_plain_statement(
    trust: dict[str, Any], expected: str | None
) -> None:
    """One statement with one subject and no further claim."""
    assert only_subject(trust, PROVIDER) == expected
