"""One condition at a time: its operator, its key, its values, and why it cannot be judged."""

from typing import Any

import pytest

from operations.commands.explain.iam.conditions import Condition, conditions
from operations.commands.explain.iam.logic import Truth, both, either, opposite
from operations.commands.explain.iam.request import CLAIMS, Missing, Request, condition_claims
from operations.commands.explain.iam.request import value_of as looked_up

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::111111111111:oidc-provider/{ISSUER}"
REQUEST = Request(
    provider=PROVIDER,
    issuer=ISSUER,
    claims={"sub": "repo:acme/a:x", "aud": "Ab", "ref": None, "job": "1"},
    session_name="GitHubActions",
)


def judged(operator: str, key: str, *values: Any) -> Condition:
    """One condition of this request on a key of the issuer."""
    (found,) = conditions({operator: {f"{ISSUER}:{key}": list(values)}}, REQUEST)
    return found


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("StringEquals", "Ab", True),
        ("StringEquals", "ab", False),
        ("StringEquals", "A*", False),
        ("StringNotEquals", "Ab", False),
        ("StringNotEquals", "ab", True),
        ("StringEqualsIgnoreCase", "aB", True),
        ("StringEqualsIgnoreCase", "abc", False),
        ("StringNotEqualsIgnoreCase", "aB", False),
        ("StringLike", "A?", True),
        ("StringLike", "a?", False),
        ("StringNotLike", "A*", False),
        ("StringNotLike", "B*", True),
        ("stringlike", "A*", True),
        ("StringLikeIfExists", "B*", False),
        ("ForAnyValue:StringLike", "A*", True),
        ("ForAnyValue:StringNotLike", "A*", False),
        ("ForAllValues:StringEquals", "Ab", True),
        ("ForAllValues:StringEquals", "ab", False),
        ("FORALLVALUES:STRINGNOTEQUALSIFEXISTS", "Ab", False),
        ("Null", "false", True),
        ("Null", "true", False),
        ("null", "false", True),
    ],
)
def test_an_operator_compares_as_iam_documents_it(operator: str, value: str, *, met: bool) -> None:
    """Operators ignore case in their own names; a comparison only if its name says so."""
    found = judged(operator, "aud", value)
    assert (found.met, found.why) == (met, "")
    assert (found.operator, found.key) == (operator, f"{ISSUER}:aud")
    assert (found.wanted, found.got) == ((value,), "Ab")


def test_several_values_are_alternatives() -> None:
    """One of them suffices; of a negated operator none may be equal."""
    assert judged("StringEquals", "aud", "x", "Ab").met is True
    assert judged("StringNotEquals", "aud", "x", "Ab").met is False
    assert judged("StringNotEquals", "aud", "x", "y").met is True
    assert judged("StringEquals", "aud").met is False
    assert judged("Null", "aud", "true", "false").met is True


def test_values_may_be_written_without_quotes_or_brackets() -> None:
    """IAM takes a single value, numbers and truth values as texts."""
    request = Request(provider=PROVIDER, issuer=ISSUER, claims={"repository_id": "41"})
    for value in ("41", 41, [41], ["7", 41]):
        (found,) = conditions({"StringEquals": {f"{ISSUER}:repository_id": value}}, request)
        assert found.met is True
    (found,) = conditions({"Null": {f"{ISSUER}:repository_id": False}}, request)
    assert (found.met, found.wanted) == (True, ("false",))


@pytest.mark.parametrize(
    ("operator", "value", "met"),
    [
        ("StringEquals", "", False),
        ("StringLike", "*", False),
        ("StringNotEquals", "x", True),
        ("StringNotLike", "*", True),
        ("StringEqualsIfExists", "x", True),
        ("StringNotLikeIfExists", "*", True),
        ("ForAllValues:StringEquals", "x", True),
        ("ForAllValues:StringNotEquals", "x", True),
        ("ForAllValues:StringEqualsIfExists", "x", True),
        ("ForAnyValue:StringEquals", "x", False),
        ("ForAnyValue:StringNotEquals", "x", False),
        ("Null", "true", True),
        ("Null", "false", False),
    ],
)
def test_an_absent_key_is_judged_by_the_operator(operator: str, value: str, *, met: bool) -> None:
    """A negated operator, IfExists and ForAllValues are met by a key that is absent."""
    found = judged(operator, "environment", value)
    assert (found.met, found.got, found.why) == (met, Missing.ABSENT, "")


@pytest.mark.parametrize(
    ("operator", "key", "value", "why"),
    [
        ("StringEquals", "aud", "${aws:username}", "policy variables are not evaluated"),
        ("Null", "aud", "${x}", "policy variables are not evaluated"),
        ("ArnLike", "aud", "*", "the operator ArnLike is not known here"),
        ("NumericEquals", "aud", "1", "the operator NumericEquals is not known here"),
        ("StringNotNotEquals", "aud", "1", "the operator StringNotNotEquals is not known here"),
        ("ForAnyValue:Null", "aud", "1", "the operator ForAnyValue:Null is not known here"),
        ("For:StringLike", "aud", "*", "the operator For:StringLike is not known here"),
        (
            "ForAnyValueStringLike",
            "aud",
            "*",
            "the operator ForAnyValueStringLike is not known here",
        ),
        (":StringLike", "aud", "*", "the operator :StringLike is not known here"),
        ("StringEquals", "ref", "x", "the request's value is not known"),
        ("StringNotLikeIfExists", "ref", "x", "the request's value is not known"),
        ("Null", "ref", "true", "the request's value is not known"),
        ("Null", "aud", "perhaps", "Null is judged with true and false only"),
        (
            "ForAnyValue:StringLikeIfExists",
            "environment",
            "*",
            "AWS does not say which of ForAnyValue and IfExists counts",
        ),
    ],
)
def test_what_cannot_be_judged_says_why(operator: str, key: str, value: str, why: str) -> None:
    """It is never guessed."""
    found = judged(operator, key, value)
    assert (found.met, found.why) == (None, why)


def test_null_with_both_values_needs_no_value() -> None:
    """One of `true` and `false` always fits, whatever the request has."""
    found = judged("Null", "ref", "true", "false")
    assert (found.met, found.why) == (True, "")
    assert judged("ForAnyValue:StringLikeIfExists", "aud", "A*").met is True


def test_each_key_of_each_operator_is_a_condition() -> None:
    """They come in the policy's order; an element of another form is refused."""
    element = {
        "StringLike": {f"{ISSUER}:sub": "repo:acme/*", f"{ISSUER}:aud": "B"},
        "StringEquals": {f"{ISSUER}:aud": "Ab"},
    }
    assert [one.met for one in conditions(element, REQUEST)] == [True, False, True]
    assert list(conditions({}, REQUEST)) == []
    with pytest.raises(TypeError, match=r"^its Condition is no object$"):
        list(conditions([], REQUEST))
    with pytest.raises(TypeError, match=r"^its condition StringLike is no object$"):
        list(conditions({"StringLike": "x"}, REQUEST))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (f"{ISSUER}:sub", "repo:acme/a:x"),
        (f"{ISSUER.upper()}:SUB", "repo:acme/a:x"),
        (f"{ISSUER}:ref", Missing.UNKNOWN),
        (f"{ISSUER}:environment", Missing.ABSENT),
        (f"{ISSUER}:job", Missing.ABSENT),
        ("accounts.google.com:sub", Missing.ABSENT),
        (f"{ISSUER}:x:sub", Missing.ABSENT),
        ("aws:SourceIp", Missing.UNKNOWN),
        ("aws:x.y:z", Missing.UNKNOWN),
        ("sub", Missing.UNKNOWN),
        ("a.b", Missing.UNKNOWN),
        ("sts:RoleSessionName", "GitHubActions"),
    ],
)
def test_a_key_has_the_requests_value(key: str, value: str | Missing) -> None:
    """Keys of the token's issuer; those of another host are absent, and a service's not known."""
    assert looked_up(key, REQUEST) == value


def test_the_session_and_the_issuer_are_the_requests() -> None:
    """A session without a name is not known; the issuer is compared without case."""
    bare = Request(provider=PROVIDER, issuer=ISSUER.title(), claims={"sub": "x"})
    assert looked_up("sts:RoleSessionName", bare) is Missing.UNKNOWN
    assert looked_up(f"{ISSUER}:sub", bare) == "x"


@pytest.mark.parametrize(
    ("issuer", "known"),
    [
        (ISSUER, True),
        (f"{ISSUER}/acme", True),
        (f"{ISSUER}/acme/x", False),
        ("TOKEN.actions.acme-1.ghe.com", True),
        ("token.actions.acme.ghe.com/acme", False),
        ("token.actions.a.b.ghe.com", False),
        ("github.com/enterprises/acme", True),
        ("github.example.com/_services/token", False),
        (f"x{ISSUER}", False),
        ("tokenxactions.githubusercontent.com", False),
    ],
)
def test_further_claims_are_keys_for_some_issuers(issuer: str, *, known: bool) -> None:
    """AWS reads them from github.com's and ghe.com's tokens; audience and subject from all."""
    assert condition_claims(issuer) == (("aud", "sub", *CLAIMS) if known else ("aud", "sub"))


@pytest.mark.parametrize(
    ("values", "all_", "one"),
    [
        ([], True, False),
        ([True], True, True),
        ([False], False, False),
        ([None], None, None),
        ([True, None], None, True),
        ([False, None], False, None),
        ([True, False], False, True),
        ([None, True, False], False, True),
    ],
)
def test_three_values(values: list[Truth], *, all_: Truth, one: Truth) -> None:
    """An unknown value decides nothing, and is passed on if it could."""
    assert both(values) is all_
    assert either(values) is one
    assert opposite(both(values)) is either([opposite(value) for value in values])
    assert opposite(None) is None
