"""Strategies for trust policies and tokens of all shapes, near each other so that some match."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from operations.commands.explain.iam.request import CLAIMS
from tests.sandbox.aws.documents import GITHUB

T = TypeVar("T")
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

_KEYS = (
    [f"{GITHUB}:{name}" for name in NAMES],
    [f"{GITHUB.upper()}:{name.title()}" for name in NAMES],
    [*OTHER_KEYS, "sts:RoleSessionName"],
)
_NULLS = ("true", "false", True, False, ["true", "false"])
_PRINCIPALS = (
    {"Federated": PROVIDER},
    {"Federated": PROVIDER},
    {"Federated": [f"{PROVIDER}x", PROVIDER]},
    {"Federated": f"{PROVIDER}x"},
    {"Federated": PROVIDER.upper()},
    {"AWS": "999999999999"},
    {"AWS": "*"},
    "*",
)
_ACTIONS: tuple[dict[str, Any], ...] = (
    {"Action": "sts:AssumeRoleWithWebIdentity"},
    {"Action": "sts:AssumeRoleWithWebIdentity"},
    {"Action": ["sts:AssumeRole", "STS:ASSUMEROLEWITH*"]},
    {"Action": "sts:AssumeRole"},
    {"Action": "*"},
    {"NotAction": "sts:TagSession"},
    {"NotAction": ["sts:*"]},
)
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


class Choices:
    """Choices, one for each byte of a single draw, the first option for a byte of zero.

    With a draw of Hypothesis for each choice, a test would draw for most of its time.
    """

    def __init__(self, drawn: bytes) -> None:
        self._left = iter(drawn)

    def of(self, options: Sequence[T]) -> T:
        """One of the options; the first one after the last byte."""
        return options[next(self._left, 0) % len(options)]

    def up_to(self, most: int, least: int = 0) -> range:
        """As many numbers as are chosen."""
        return range(self.of(range(least, most + 1)))


def _operator(choices: Choices) -> str:
    return choices.of(_FORMS).format(choices.of(_OPERATORS))


def _key(choices: Choices) -> str:
    return choices.of(choices.of(_KEYS))


def _text(choices: Choices) -> str:
    if choices.of((True, False)):
        return choices.of(PATTERNS)
    return "".join(choices.of("ab*?:/@%$") for _ in choices.up_to(6))


def _value(choices: Choices) -> Any:
    match choices.of(("text", "text", "list", "number", "boolean")):
        case "text":
            return _text(choices)
        case "list":
            return [_text(choices) for _ in choices.up_to(3)]
        case "number":
            return choices.of(range(51))
        case _:
            return choices.of((False, True))


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


def _condition(choices: Choices, kinds: Sequence[str]) -> dict[str, Any]:
    element: dict[str, Any] = {}
    for _ in choices.up_to(3):
        match choices.of(kinds):
            case "null":
                element.setdefault("Null", {})[_key(choices)] = copy.copy(choices.of(_NULLS))
            case "string":
                element.setdefault(_operator(choices), {})[_key(choices)] = _value(choices)
            case _:
                element |= choices.of(unknown_parts())
    return element


def policies(*, known: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Trust policies with one statement or several.

    Args:
        known: True for conditions alone that can be evaluated.
    """
    kinds = ("string", "string", "null") if known else ("string", "string", "null", "unknown")
    # One for each choice of the largest policy.
    return _bytes(300).map(lambda choices: _policy(choices, kinds))


def _policy(choices: Choices, kinds: Sequence[str]) -> dict[str, Any]:
    statements = []
    for _ in choices.up_to(3, least=1):
        statement = {
            "Effect": choices.of(("Allow", "Allow", "Deny")),
            "Principal": choices.of(_PRINCIPALS),
            **choices.of(_ACTIONS),
        }
        if condition := _condition(choices, kinds):
            statement["Condition"] = condition
        statements.append(statement)
    alone = len(statements) == 1 and choices.of((False, True))
    return {"Version": "2012-10-17", "Statement": statements[0] if alone else statements}


def _token(choices: Choices, least: int = 0) -> dict[str, str]:
    return {choices.of(NAMES): choices.of(VALUES) for _ in choices.up_to(len(NAMES), least)}


def _near(choices: Choices) -> tuple[dict[str, Any], dict[str, str]]:
    claims = _token(choices, least=1)
    names = sorted(claims)
    statements = []
    for effect in choices.of((["Allow"], ["Allow", "Allow"], ["Allow", "Deny"])):
        element: dict[str, Any] = {}
        for _ in choices.up_to(2, least=1):
            name, change = choices.of(names), choices.of(_CHANGES)
            element.setdefault(_operator(choices), {})[f"{GITHUB}:{name}"] = change(claims[name])
        statement = {"Effect": effect, "Principal": {"Federated": PROVIDER}, "Condition": element}
        statements.append(statement | {"Action": "sts:AssumeRoleWithWebIdentity"})
    return {"Version": "2012-10-17", "Statement": statements}, claims


def _bytes(size: int) -> st.SearchStrategy[Choices]:
    return st.binary(min_size=size, max_size=size).map(Choices)


#: Tokens: every claim may be absent.
tokens = _bytes(1 + 2 * len(NAMES)).map(_token)
#: A policy and a token, of which each condition is about the token's own values, or close.
near = _bytes(40).map(_near)
