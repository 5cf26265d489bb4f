"""Foreign trust policies: whom they admit, and for which repository alone."""

import json
from typing import Any

import pytest

from operations.diff.iam.trust_analysis import (
    admits_subject,
    is_only_for,
    lets_github_in,
    openings,
    subjects_alone,
)

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"
GITLAB = "arn:aws:iam::333333333333:oidc-provider/gitlab.com"
NAME = "acme/Billing"
PROD, DEV = (f"repo:{NAME}:environment:{name}" for name in ("prod", "dev"))


def statement(operator: str = "", /, issuer: str = ISSUER, **claims: Any) -> dict[str, Any]:
    """A statement that trusts GitHub, with one operator or without a condition."""
    keys = {f"{issuer}:{claim}": value for claim, value in claims.items()}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        **({"Condition": {operator: keys}} if operator else {}),
    }


def trust(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def under(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A statement that demands the conditions of several."""
    together: dict[str, Any] = {}
    for one in conditions:
        together |= one["Condition"]
    return statement() | {"Condition": together}


LIKE = statement("StringLike", sub="repo:acme/*")
EQUAL = statement("StringEquals", sub=PROD)
DENY = statement() | {"Effect": "Deny"}
SERVICE = statement() | {"Principal": {"Service": "lambda.amazonaws.com"}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (trust(EQUAL), True),
        ({"Statement": EQUAL}, True),
        ({}, False),
        (trust(statement("StringEquals", sub=DEV)), False),
        (trust(statement("StringEquals", sub=[DEV, PROD])), True),
        (trust(statement("StringEquals", sub=DEV), EQUAL), True),
        (trust(statement("StringEquals", sub=PROD.lower())), False),
        (trust(statement("StringEqualsIgnoreCase", sub=PROD.upper())), True),
        (trust(statement("StringEqualsIgnoreCase", sub=DEV)), False),
        (trust(LIKE), True),
        (trust(statement("StringLike", sub="repo:other/*")), False),
        (trust(statement("StringEquals", sub="repo:acme/*")), False),
        (trust(under(LIKE, statement("StringEquals", sub=DEV))), False),
        (trust(under(LIKE, EQUAL)), True),
        (trust(statement()), True),
        (trust(statement("StringNotEquals", sub=DEV)), True),
        (trust(statement("StringEquals", aud="sts.amazonaws.com")), True),
        (trust(statement("StringEquals", "gitlab.com", sub=DEV)), True),
        (trust(DENY), False),
        (trust(SERVICE), False),
        (trust(EQUAL | {"Principal": {"Federated": [GITLAB, PROVIDER]}}), True),
        (trust(EQUAL | {"Principal": "*"}), True),
    ],
)
def test_a_subject_is_admitted_if_one_statement_admits_it(
    given: dict[str, Any],
    *,
    expected: bool,
) -> None:
    """All operators that compare `sub` must have a value for it; a star of an equality is none."""
    assert admits_subject(given, ISSUER, PROD) is expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"Federated": PROVIDER}, True),
        ({"Federated": [GITLAB, PROVIDER], "AWS": "333333333333"}, True),
        ({"Federated": GITLAB}, False),
        ({"Federated": f"{PROVIDER}/other"}, False),
        ({"AWS": PROVIDER}, False),
        ("*", True),
        ("333333333333", False),
        (None, False),
    ],
)
def test_github_is_a_principal_by_its_providers_arn(principal: Any, *, expected: bool) -> None:
    """GitHub's provider is one of the principals, or everyone is."""
    given = trust(DENY, statement() | {"Principal": principal})
    assert lets_github_in(given, ISSUER) is expected


def opened(*statements: dict[str, Any]) -> list[str]:
    """The openings for jobs of the repository."""
    beginnings = (f"repo:{NAME}:", "repo:acme@1/Billing@7:")
    return openings(trust(*statements), ISSUER, beginnings, NAME, 7)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([EQUAL], [PROD]),
        ([statement()], ["*"]),
        ([DENY, SERVICE, EQUAL], [PROD]),
        ([EQUAL, LIKE, EQUAL], [PROD, "repo:acme/*"]),
        ([statement("StringEquals", sub=["repo:acme/other:x", DEV, PROD])], [DEV, PROD]),
        ([statement("StringEquals", sub="repo:acme/other:x"), LIKE], ["repo:acme/*"]),
        ([statement("StringEquals", repository="acme/other"), LIKE], ["repo:acme/*"]),
        ([statement("StringEquals", sub="repo:acme/*")], []),
        ([statement("StringEquals", sub="repo:acme@1/Billing@7:x")], ["repo:acme@1/Billing@7:x"]),
        ([statement("StringEquals", sub=PROD.lower())], []),
        ([statement("StringEqualsIgnoreCase", sub=PROD.upper())], [PROD.upper()]),
        ([statement("StringEqualsIgnoreCase", sub="repo:acme/other:x")], []),
        ([statement("StringLike", sub="*")], ["*"]),
        ([statement("StringLike", sub="repo:other/*")], []),
        ([statement("StringLikeIfExists", sub="repo:other/*")], []),
        ([statement("StringLikeIfExists", sub="repo:acme/*")], ["repo:acme/*"]),
        ([statement("ForAnyValue:StringLike", sub="repo:other/*")], []),
        ([statement("ForAllValues:StringLike", sub="repo:acme/*")], ["repo:acme/*"]),
        ([statement("stringequals", sub="repo:other/x:y")], []),
        ([statement("StringNotEquals", sub=PROD)], ["*"]),
        ([under(LIKE, statement("StringEquals", sub=DEV))], ["repo:acme/*", DEV]),
        ([under(LIKE, statement("StringEquals", sub="repo:acme/other:x"))], []),
        ([statement("StringEquals", repository=NAME)], ["*"]),
        ([statement("StringEquals", repository=["acme/other", NAME])], ["*"]),
        ([statement("StringEquals", repository=NAME.lower())], []),
        ([statement("StringEqualsIgnoreCase", repository=NAME.upper())], ["*"]),
        ([statement("StringEqualsIgnoreCase", repository="acme/other")], []),
        ([statement("StringLike", repository="acme/*")], ["*"]),
        ([statement("StringLike", repository="other/*")], []),
        ([statement("StringEquals", repository="acme/*")], []),
        ([statement("StringEquals", repository_id="7")], ["*"]),
        ([statement("NumericEquals", repository_id="8")], ["*"]),
        ([statement("StringEquals", repository_id="8")], []),
        ([statement("StringEquals", REPOSITORY_ID="8")], []),
        ([statement("StringEquals", SUB=PROD)], [PROD]),
        ([statement("StringEquals", sub=PROD, repository="acme/other")], []),
        ([statement("StringEquals", "gitlab.com", sub=DEV)], ["*"]),
    ],
)
def test_openings_are_the_subjects_that_jobs_of_the_repository_may_have(
    given: list[dict[str, Any]], expected: list[str]
) -> None:
    """Each statement alone opens the role, if all that it compares fits jobs of the repository."""
    assert opened(*given) == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ({"Action": "sts:*"}, True),
        ({"Action": "STS:assumerolewithwebidentity"}, True),
        ({"Action": ["sts:TagSession", "sts:AssumeRole*"]}, True),
        ({"Action": "sts:AssumeRole"}, False),
        ({"NotAction": "sts:AssumeRole"}, True),
        ({"NotAction": ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]}, False),
        ({"NotAction": "sts:*"}, False),
        ({}, False),
    ],
)
def test_a_statement_must_allow_to_assume_the_role(
    elements: dict[str, Any],
    *,
    expected: bool,
) -> None:
    """Action names sts:AssumeRoleWithWebIdentity, without case; NotAction does not name it."""
    others = {key: value for key, value in EQUAL.items() if key != "Action"}
    assert bool(opened(others | elements)) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (trust(EQUAL), True),
        (trust(EQUAL, DENY), True),
        (trust(statement("StringLike", sub="repo:acme/billing:*")), True),
        (trust(statement("StringLike", sub=[PROD, "repo:ACME@1/billing@7:*"])), True),
        (trust(statement("ForAnyValue:StringLike", sub=PROD)), True),
        (trust(statement("StringEquals", SUB=PROD)), True),
        (trust(EQUAL, statement("StringEquals", sub="repo:acme/other:x")), False),
        (trust(statement("StringEquals", sub=[PROD, "repo:acme/other:x"])), False),
        (trust(statement("StringEquals", sub="repo:acme/billing-2:x")), False),
        (trust(statement("StringLike", sub="repo:acme/billing*")), False),
        (trust(statement("StringEquals", sub="repository_id:7:environment:prod")), True),
        (trust(statement("StringEquals", sub="repository_id:8:environment:prod")), False),
        (trust(statement()), False),
        (trust(statement("StringNotEquals", sub=PROD)), False),
        (trust(statement("StringNotLike", sub=PROD)), False),
        (trust(statement("ArnLike", sub=PROD)), False),
        (trust(statement("StringEquals", aud=PROD)), False),
        (trust(statement("StringEquals", "gitlab.com", sub=PROD)), False),
        (trust(under(LIKE, statement("StringEquals", sub=PROD))), False),
        (trust(under(statement("StringNotLike", sub="x"), EQUAL)), True),
        (trust(EQUAL, SERVICE), False),
        (trust(EQUAL | {"Principal": "*"}), False),
        (trust(EQUAL | {"Principal": {"AWS": PROVIDER}}), False),
        (trust(EQUAL | {"Principal": {"Federated": [PROVIDER, GITLAB]}}), False),
        (trust(EQUAL | {"Principal": {"Federated": PROVIDER, "AWS": "333333333333"}}), False),
    ],
)
def test_a_trust_is_only_for_a_repository_if_every_statement_is(
    given: dict[str, Any],
    *,
    expected: bool,
) -> None:
    """Each Allow has GitHub's provider alone, and compares `sub` with subjects of the repository.

    Names are the same in any case, and with any ids.
    """
    exact = ("repository_id:7:environment:prod",)
    assert is_only_for(given, ISSUER, NAME, exact) is expected


def alone(before: Any, after: Any) -> tuple[str, str] | None:
    """The subjects, or None if the texts are left as they are."""
    texts = json.dumps(before), json.dumps(after)
    found = subjects_alone(*texts)
    return None if found == texts else found


def test_statements_that_differ_in_their_subjects_are_told_by_these() -> None:
    """Several subjects are separated by commas; another operator on them is no other difference."""
    wide = statement("StringLike", sub=["repo:acme/*", PROD])
    assert alone(EQUAL, wide) == (PROD, f"repo:acme/*, {PROD}")
    assert alone(wide, EQUAL) == (f"repo:acme/*, {PROD}", PROD)
    audience = {"aud": "sts.amazonaws.com"}
    both = [statement("StringEquals", sub=one, **audience) for one in (PROD, DEV)]
    assert alone(*both) == (PROD, DEV)
    server = statement("StringEquals", "github.example.com:8443/_services/token", sub=DEV)
    assert alone(EQUAL, server) == (PROD, DEV)
    other = statement("StringEquals", sub=DEV, aud="other")
    assert alone(both[0], other) is None


@pytest.mark.parametrize(
    "after",
    [
        statement("StringEquals", sub=DEV, aud="sts.amazonaws.com"),
        statement("StringEquals", sub=DEV, environment="dev"),
        statement("StringEquals", sub=DEV) | {"Principal": "*"},
        statement("StringEquals", aud=DEV),
        statement("StringNotEquals", sub=DEV),
        statement(),
        [],
        ["StringEquals"],
        {"Condition": []},
        {"Condition": {"StringEquals": "sub"}},
        7,
        None,
    ],
)
def test_statements_that_differ_in_more_are_left_as_they_are(after: Any) -> None:
    """Another element, another condition, no subject, or no statement at all: the texts remain."""
    assert alone(EQUAL, after) is None
    assert alone(after, EQUAL) is None


def test_a_text_that_is_no_json_is_left_as_it_is() -> None:
    """Texts of other fields of a change remain."""
    assert subjects_alone("30 days", "60 days") == ("30 days", "60 days")
    assert subjects_alone(json.dumps(EQUAL), "") == (json.dumps(EQUAL), "")
