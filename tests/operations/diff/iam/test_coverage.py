"""Statements cover one another, by what they mean and within limits."""

import json
from typing import Any

import pytest

from tests.operations.diff.iam.documents import all_of, allowing, direction, trust, with_ref


def test_a_statement_does_not_cover_one_of_another_effect() -> None:
    """An Allow of everything says nothing about what is denied, and the reverse."""
    every = allowing("*")
    denying, other = (allowing(one, effect="Deny") for one in ("iam:*", "s3:*"))
    assert direction(all_of(every, denying), all_of(every, other)) == "weaker"
    some = allowing("s3:*")
    hidden = allowing("*", effect="Deny")
    assert direction(all_of(hidden, some), all_of(hidden, allowing("ec2:*"))) == "weaker"


def test_a_condition_of_one_statement_is_not_one_of_another() -> None:
    """A value that one statement admits does not open what another statement allows."""
    first, second = trust("StringEquals", "a"), trust("StringEquals", "b")
    second["Statement"]["Action"] = "sts:TagSession"
    moved = trust("StringEquals", "b")
    assert direction(all_of(first, second), all_of(moved, second)) == "weaker"
    pattern = trust("StringLike", "c*")
    assert direction(all_of(first, pattern), all_of(pattern, pattern, first)) is None
    assert direction(all_of(first, pattern), trust("StringEquals", "a", "cd")) == "stronger"
    assert direction(all_of(first, pattern), trust("StringEquals", "b")) == "weaker"


def test_a_statement_that_adds_nothing_is_neutral() -> None:
    """A statement that another one covers, and that no longer stands alone, changes nothing."""
    plain = trust("StringEquals", "a")
    both = all_of(plain, with_ref(plain))
    assert (direction(plain, both), direction(both, plain)) == ("neutral", "neutral")


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
def test_the_case_of_a_conditions_key_does_not_count(operator: str) -> None:
    """Keys of conditions are compared without case (IAM User Guide: Condition)."""
    document = trust(operator, "a", "b")
    lower = json.loads(json.dumps(document).replace(":sub", ":SUB"))
    assert direction(document, lower) is None
    # A demand of the key in the other case is met as well.
    assert direction(with_ref(document), lower) == "weaker"


def test_principals_are_alternatives() -> None:
    """Each principal is one choice, whatever its kind; all of them are a choice of its own."""
    one, two = "arn:aws:iam::1:root", "arn:aws:iam::2:root"
    aws, more, federated, every = (
        {"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:*"}}
        for principal in ({"AWS": one}, {"AWS": [two, one]}, {"Federated": one}, "*")
    )
    assert direction(aws, more) == "weaker"
    assert direction(more, aws) == "stronger"
    assert direction(more, all_of(aws, {"Statement": {**aws["Statement"]}})) == "stronger"
    parts = [{**aws["Statement"], "Principal": {"AWS": arn}} for arn in (one, two)]
    assert direction(more, {"Statement": parts}) is None
    tagging = {"Statement": {**parts[1], "Action": "sts:TagSession"}}
    moved = {"Statement": parts[1]}
    assert direction(all_of(aws, tagging), all_of(aws, moved)) == "weaker"
    assert direction(aws, federated) == "weaker"
    assert direction(aws, every) == "weaker"
    assert direction(every, {"Statement": [every["Statement"]]}) is None


def test_a_document_without_statements_allows_nothing() -> None:
    """An empty document is compared as any other."""
    assert direction({}, allowing("s3:*")) == "weaker"
    assert direction(allowing("s3:*"), {}) == "stronger"
    assert direction({}, {"Version": "2012-10-17"}) is None


def test_values_of_other_types_are_compared_as_they_are() -> None:
    """Numbers and truth values have no wildcards, and may be in a list with texts."""

    def where(operator: str, *values: Any) -> dict[str, Any]:
        condition = {operator: {"aws:k": list(values)}}
        return {"Statement": {**allowing("*")["Statement"], "Condition": condition}}

    assert direction(where("Bool", "true"), where("Bool", "true", "false")) == "weaker"
    assert direction(where("NumericNotEquals", 1, "2"), where("NumericNotEquals", "2", 1)) is None
    assert direction(where("StringLike", "1*", 1), where("StringLike", 12)) == "weaker"
    assert direction(where("StringLike", "1*", 1), where("StringEquals", 1)) == "weaker"
    odd = {"Statement": {**allowing()["Statement"], "Action": [1], "Resource": [2]}}
    assert direction(odd, {"Statement": [odd["Statement"]]}) is None
    assert direction(allowing("s3:*"), odd) == "weaker"


def narrowed(counts: tuple[int, ...]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A statement, and others that each lack one value of one of its keys.

    Each combination of values is covered by a set of others that is its own.
    """
    allow = allowing("*")["Statement"]
    keys = {f"k{key}": [f"v{value}" for value in range(count)] for key, count in enumerate(counts)}
    others = [
        {**allow, "Condition": {"StringEquals": {key: [one for one in values if one != lacking]}}}
        for key, values in keys.items()
        for lacking in values
    ]
    return {**allow, "Condition": {"StringEquals": keys}}, others


def test_a_policy_with_too_many_combinations_counts_as_not_covered() -> None:
    """Up to 4,096 different sets of covering statements are compared; more are called weaker.

    So a policy that is written to be slow to compare is shown, not hidden.
    """
    special, others = narrowed((16, 16, 16))
    assert direction({"Statement": others}, {"Statement": [*others, special]}) == "neutral"
    special, others = narrowed((17, 16, 16))
    large = {"Statement": [*others, special]}
    assert direction({"Statement": others}, large) == "weaker"
    assert direction(large, {"Id": "a", **large}) == "weaker"
    assert direction(large, json.loads(json.dumps(large))) is None, "it is unchanged"


def test_a_key_with_too_many_combinations_counts_as_not_covered() -> None:
    """The same holds for the combinations of several operators on one key."""
    operators = ("StringEquals", "StringLike", "StringEqualsIgnoreCase")

    def compared(count: int) -> str | None:
        allow = allowing("*")["Statement"]
        values = [[f"{sign}{one}" for one in range(16)] for sign in "abc"]
        values[0] += [f"a{one}" for one in range(16, count)]
        special = dict(zip(operators, ({"k": each} for each in values), strict=True))
        conditions = [
            # Only the first operator can be met alone.
            {operator: {"k": value}, **({"Null": {"k": "false"}} if number else {})}
            for number, (operator, each) in enumerate(zip(operators, values, strict=True))
            for value in each
        ]
        others = [{**allow, "Condition": condition} for condition in conditions]
        live = [*others, {**allow, "Condition": special}]
        return direction({"Statement": others}, {"Statement": live})

    assert compared(16) == "neutral"
    assert compared(17) == "weaker"
