from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.drifting.policies import compare

NAMES = st.sampled_from(["s3:GetObject", "s3:PutObject", "lambda:InvokeFunction", "iam:PassRole"])
PLACES = st.sampled_from(["*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """One to three different values."""
    return st.lists(values, min_size=1, max_size=3, unique=True)


STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": several(NAMES),
        "Resource": several(PLACES),
        "Condition": st.just({"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}}),
    }
)
DOCUMENTS = st.builds(
    lambda statements: {"Version": "2012-10-17", "Statement": statements},
    st.lists(STATEMENTS, min_size=1, max_size=3),
)


def rewritten(document: dict[str, Any], random: Any) -> dict[str, Any]:
    """The same document as another tool writes it."""
    statements = []
    for number, statement in enumerate(document["Statement"]):
        actions = list(statement["Action"])
        random.shuffle(actions)
        # Several statements with one resource each, and one value where a list has only one.
        statements += [
            {
                "Sid": f"S{number}",
                **statement,
                "Action": actions[0] if len(actions) == 1 else actions,
                "Resource": place,
            }
            for place in statement["Resource"]
        ]
    random.shuffle(statements)
    return {"Version": "2012-10-17", "Id": "x", "Statement": statements}


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_same_in_other_words_is_the_same(document: dict[str, Any], random: Any) -> None:
    """Order, lists of one, statement ids and how a union is split make no difference."""
    assert compare(document, rewritten(document, random)) is None


@given(DOCUMENTS, STATEMENTS)
def test_what_is_added_has_a_direction(document: dict[str, Any], more: dict[str, Any]) -> None:
    """A further Allow makes weaker, a further Deny stronger; the other way round, the reverse."""
    live = {**document, "Statement": [*document["Statement"], more]}
    there, back = compare(document, live), compare(live, document)
    if there is None:
        assert back is None
        return
    expected = {"Allow": ("weaker", "stronger"), "Deny": ("stronger", "weaker")}[more["Effect"]]
    assert back is not None
    assert (there.value, back.value) == expected


def trust(operator: str, *subjects: str) -> dict[str, Any]:
    """A trust policy with a condition on the subject."""
    condition = {operator: {"token.actions.githubusercontent.com:sub": list(subjects)}}
    principal = {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"}
    return {
        "Statement": {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
    }


@pytest.mark.parametrize(
    ("declared", "live", "direction"),
    [
        (trust("StringEquals", "a"), trust("StringEquals", "a", "b"), "weaker"),
        (trust("StringEquals", "a", "b"), trust("StringEquals", "a"), "stronger"),
        (trust("StringEquals", "a"), trust("StringLike", "a*"), "weaker"),
        (trust("StringEquals", "a"), trust("ForAllValues:StringEquals", "a"), "weaker"),
        (trust("StringNotEquals", "a", "b"), trust("StringNotEquals", "b", "a"), None),
        (trust("StringNotEquals", "a", "b"), trust("StringNotEquals", "a"), "weaker"),
    ],
)
def test_subjects_are_alternatives(
    declared: dict[str, Any], live: dict[str, Any], direction: str | None
) -> None:
    """Several values of an equality mean any of them; of a negation, none of them."""
    found = compare(declared, live)
    assert (found and found.value) == direction
