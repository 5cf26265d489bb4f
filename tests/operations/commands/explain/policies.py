"""Strategies for trust policies and tokens of all shapes, near each other so that some match."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from operations.commands.explain.iam.request import CLAIMS
from tests.sandbox.aws.documents import GITHUB

PROVIDER = f"arn:aws:iam::111111111111:oidc-provider/{GITHUB}"
#: Values of claims that differ in case, in a prefix, and by a character that patterns use.
VALUES = (
    "repo:acme/billing:environment:prod",
    "repo:acme@1/billing@2:environment:prod",
    "repo:Acme/Billing:environment:prod",
    "repo:acme/billing:environment:prod%3Av1",
    "repo:acme/billing-x:environment:prod",
    "refs/heads/main",
    "refs/tags/v1",
    "prod",
    "Prod",
    "41",
    "",
)
PATTERNS = (
    *VALUES,
    *("*", "?", "repo:acme/*", "repo:acme/billing:*", "repo:acme?1/*", "refs/heads/*", "pro?"),
    *("*:environment:prod", "[prod]", "p*d*", "**", "prod\\", "{prod}", "^prod$", "ß", "SS"),
)
NAMES = ("sub", "aud", *CLAIMS)
#: Claims that GitHub sends and AWS has no key for, and a key of another issuer.
OTHER_KEYS = (f"{GITHUB}:event_name", f"{GITHUB}:runner_environment", "accounts.google.com:sub")
_OPERATORS = [
    f"String{negated}{comparison}"
    for negated in ("", "Not")
    for comparison in ("Equals", "EqualsIgnoreCase", "Like")
]
#: What neither side evaluates.
UNKNOWN_OPERATORS = ("NumericEquals", "DateGreaterThan", "IpAddress", "Bool", "StringMatches")
UNKNOWN_KEYS = ("aws:SourceIp", "sts:ExternalId")

#: Prefix and suffix; AWS does not say what ForAnyValue and IfExists mean together.
_FORMS = ("{}", "{}", "{}IfExists", "ForAnyValue:{}", "ForAllValues:{}", "ForAllValues:{}IfExists")

operators = st.builds(str.format, st.sampled_from(_FORMS), st.sampled_from(_OPERATORS))
keys = st.one_of(
    st.sampled_from([f"{GITHUB}:{name}" for name in NAMES]),
    st.sampled_from([f"{GITHUB.upper()}:{name.title()}" for name in NAMES]),
    st.sampled_from([*OTHER_KEYS, "sts:RoleSessionName"]),
)
texts = st.one_of(st.sampled_from(PATTERNS), st.text(alphabet="ab*?:/@%$", max_size=6))
values = st.one_of(texts, st.lists(texts, max_size=3), st.integers(0, 50), st.booleans())
nulls = st.sampled_from(["true", "false", True, False, ["true", "false"]])
# Strategies of a composite are here: one that is made at each draw takes longer than the draw.
_up_to_three = st.integers(0, 3)
_one_to_three = st.integers(1, 3)
_known_kinds = st.sampled_from(["string", "string", "null"])
_kinds = st.sampled_from(["string", "string", "null", "unknown"])
_effects = st.sampled_from(["Allow", "Allow", "Deny"])


@st.composite
def conditions(draw: st.DrawFn, *, known: bool = True) -> dict[str, Any]:
    """A `Condition` element.

    Args:
        draw: Hypothesis's.
        known: True for parts alone that can be evaluated.
    """
    element: dict[str, Any] = {}
    for _ in range(draw(_up_to_three)):
        kind = draw(_known_kinds if known else _kinds)
        if kind == "null":
            element.setdefault("Null", {})[draw(keys)] = draw(nulls)
        elif kind == "string":
            element.setdefault(draw(operators), {})[draw(keys)] = draw(values)
        else:
            element |= draw(UNKNOWN)
    return element


def unknown_parts() -> list[dict[str, Any]]:
    """Conditions that cannot be evaluated."""
    sub = f"{GITHUB}:sub"
    return [
        *({operator: {sub: "1"}} for operator in UNKNOWN_OPERATORS),
        *({"StringLike": {key: "*"}} for key in UNKNOWN_KEYS),
        {"StringEquals": {sub: "${aws:username}"}},
        {"Null": {sub: "perhaps"}},
        {"ForAnyValue:Null": {sub: "true"}},
        {"ForSomeValues:StringLike": {sub: "*"}},
        {"ForAnyValue:StringLikeIfExists": {f"{GITHUB}:event_name": "*"}},
    ]


#: Copies of these parts: further conditions are added to what is drawn.
UNKNOWN = st.sampled_from(unknown_parts()).map(copy.deepcopy)
principals = st.sampled_from(
    [
        {"Federated": PROVIDER},
        {"Federated": PROVIDER},
        {"Federated": [f"{PROVIDER}x", PROVIDER]},
        {"Federated": f"{PROVIDER}x"},
        {"Federated": PROVIDER.upper()},
        {"AWS": "999999999999"},
        {"AWS": "*"},
        "*",
    ]
)
actions: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"Action": "sts:AssumeRoleWithWebIdentity"},
        {"Action": "sts:AssumeRoleWithWebIdentity"},
        {"Action": ["sts:AssumeRole", "STS:ASSUMEROLEWITH*"]},
        {"Action": "sts:AssumeRole"},
        {"Action": "*"},
        {"NotAction": "sts:TagSession"},
        {"NotAction": ["sts:*"]},
    ]
)


_conditions = {known: conditions(known=known) for known in (True, False)}
_either = st.booleans()


@st.composite
def policies(draw: st.DrawFn, *, known: bool = True) -> dict[str, Any]:
    """A trust policy with one statement or several."""
    statements = [
        {
            "Effect": draw(_effects),
            "Principal": draw(principals),
            **draw(actions),
            **({"Condition": found} if (found := draw(_conditions[known])) else {}),
        }
        for _ in range(draw(_one_to_three))
    ]
    alone = len(statements) == 1 and draw(_either)
    return {"Version": "2012-10-17", "Statement": statements[0] if alone else statements}


#: Tokens: every claim may be absent.
tokens = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES))


#: Changes of a claim's value that some operator takes for the same.
_CHANGES: tuple[Callable[[str], str], ...] = (
    str,
    str,
    str.swapcase,
    lambda text: f"{text}x",
    lambda text: f"{text[:-1]}?",
    lambda text: f"{text[:2]}*",
    lambda text: f"*{text[2:]}",
)
_changes = st.sampled_from(_CHANGES)
_some_claims = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), min_size=1)
_effects_in_turn = st.sampled_from([["Allow"], ["Allow", "Allow"], ["Allow", "Deny"]])


@st.composite
def near(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, str]]:
    """A policy and a token, of which each condition is about the token's own values, or close."""
    claims = draw(_some_claims)
    statements = []
    for effect in draw(_effects_in_turn):
        element: dict[str, Any] = {}
        for name in draw(st.lists(st.sampled_from(sorted(claims)), min_size=1, max_size=2)):
            change = draw(_changes)
            element.setdefault(draw(operators), {})[f"{GITHUB}:{name}"] = change(claims[name])
        statement = {"Effect": effect, "Principal": {"Federated": PROVIDER}, "Condition": element}
        statements.append(statement | {"Action": "sts:AssumeRoleWithWebIdentity"})
    return {"Version": "2012-10-17", "Statement": statements}, claims
