import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.diff.finding import Direction
from operations.diff.iam.patterns import matches
from operations.diff.iam.policies import compare, differences, goes_both_ways
from operations.diff.iam.statements import in_json, parse
from tests.cost import cost
from tests.operations.diff.iam.documents import allowing, trust, with_ref
from tests.operations.diff.iam.test_patterns import covers

WEAKER, STRONGER = Direction.WEAKER, Direction.STRONGER
NAMES = st.sampled_from(["s3:GetObject", "s3:PutObject", "lambda:InvokeFunction", "iam:PassRole"])
PLACES = st.sampled_from(["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])


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
    """Write the same document as another tool would."""
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
def test_an_equivalent_document_is_equal(document: dict[str, Any], random: Any) -> None:
    """Order, one-element lists, statement ids and split statements make no difference."""
    assert compare(document, rewritten(document, random)) is None


@given(DOCUMENTS, STATEMENTS)
def test_an_added_statement_has_a_direction(document: dict[str, Any], more: dict[str, Any]) -> None:
    """A further Allow is weaker and a further Deny stronger; their removal is the reverse."""
    live = {**document, "Statement": [*document["Statement"], more]}
    there, back = compare(document, live), compare(live, document)
    if there is None:
        assert back is None
        return
    expected = {"Allow": ("weaker", "stronger"), "Deny": ("stronger", "weaker")}[more["Effect"]]
    assert back is not None
    assert (there.value, back.value) == expected


@pytest.mark.parametrize(
    ("declared", "live", "direction"),
    [
        (allowing("*"), allowing("s3:*"), "stronger"),
        (allowing("s3:*"), allowing("*"), "weaker"),
        (allowing("s3:get*"), allowing("s3:GetObject", "s3:GetBucketAcl"), "stronger"),
        (allowing("s3:Get?"), allowing("s3:Get*"), "weaker"),
        (allowing("s3:*"), allowing("s3:*", "s3:GetObject"), "neutral"),
        (allowing("s3:*", "s3:GetObject"), allowing("s3:*"), "neutral"),
        (allowing("s3:*"), allowing("ec2:*"), "weaker"),
        (allowing("*", effect="Deny"), allowing("s3:*", effect="Deny"), "weaker"),
        (allowing("s3:*", effect="Deny"), allowing("*", effect="Deny"), "stronger"),
        (allowing("*"), allowing("*", resource="arn:aws:s3:::A/*"), "stronger"),
        (
            allowing("*", resource="arn:aws:s3:::A/*"),
            allowing("*", resource="arn:aws:s3:::a/b"),
            "weaker",
        ),
        (allowing("*"), allowing("*", effect="Deny"), "stronger"),
    ],
)
def test_wildcards_of_actions_and_resources_are_understood(
    declared: dict[str, Any], live: dict[str, Any], direction: str
) -> None:
    """Wildcards are compared by what they match: `*` covers all, `?` one character."""
    found = compare(declared, live)
    assert found is not None
    assert found.value == direction


@pytest.mark.parametrize(
    ("declared", "live", "direction"),
    [
        (trust("StringEquals", "a"), trust("StringEquals", "a", "b"), "weaker"),
        (trust("StringEquals", "a", "b"), trust("StringEquals", "a"), "stronger"),
        (trust("StringEquals", "a"), trust("StringLike", "a*"), "weaker"),
        (trust("StringLike", "a*"), trust("StringEquals", "ab"), "stronger"),
        (trust("StringLike", "a*"), trust("StringLike", "a?"), "stronger"),
        (trust("StringLike", "a?"), trust("StringLike", "a*"), "weaker"),
        (trust("StringLike", "a*"), trust("StringLike", "a*", "ab"), "neutral"),
        (trust("StringLike", "a*", "ab"), trust("StringLike", "a*"), "neutral"),
        (trust("StringEquals", "a*"), trust("StringEquals", "ab"), "weaker"),
        (trust("StringEquals", "a"), trust("ForAllValues:StringEquals", "a"), "weaker"),
        (trust("StringNotEquals", "a", "b"), trust("StringNotEquals", "b", "a"), None),
        (trust("StringNotEquals", "a", "b"), trust("StringNotEquals", "a"), "weaker"),
    ],
)
def test_subjects_are_alternatives(
    declared: dict[str, Any], live: dict[str, Any], direction: str | None
) -> None:
    """More subjects in an equality are weaker; more subjects in a negation are stronger."""
    found = compare(declared, live)
    assert (found and found.value) == direction


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "ForAllValues:StringEquals"])
def test_a_further_condition_makes_an_allow_stronger(operator: str) -> None:
    """One more condition makes an Allow stronger and a Deny weaker."""
    plain = trust("StringEquals", "a")
    strict = with_ref(plain, operator)
    assert (compare(plain, strict), compare(strict, plain)) == (STRONGER, WEAKER)
    denying, denying_some = (
        {"Statement": {**document["Statement"], "Effect": "Deny"}} for document in (plain, strict)
    )
    assert (compare(denying, denying_some), compare(denying_some, denying)) == (WEAKER, STRONGER)
    bare = {"Statement": {k: v for k, v in plain["Statement"].items() if k != "Condition"}}
    assert (compare(plain, bare), compare(bare, plain)) == (WEAKER, STRONGER)


@given(DOCUMENTS, DOCUMENTS)
def test_the_reverse_comparison_has_the_opposite_direction(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """The reverse comparison has the opposite direction; a both-ways change is weaker twice."""
    there, back = compare(one, other), compare(other, one)
    opposite = {None: None, "weaker": "stronger", "stronger": "weaker", "neutral": "neutral"}
    if goes_both_ways(one, other):
        assert there is back is WEAKER
    else:
        assert back == opposite[there]


def test_another_right_goes_both_ways() -> None:
    """Another right instead of the declared one is a change both ways."""
    assert goes_both_ways(allowing("s3:GetObject"), allowing("iam:*"))
    assert not goes_both_ways(allowing("s3:*"), allowing("*"))
    assert not goes_both_ways(allowing("*"), allowing("s3:*"))
    assert not goes_both_ways(allowing("*"), allowing("*"))


def resources(*texts: str) -> dict[str, Any]:
    """A document about objects of buckets."""
    return {"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": list(texts)}}


def conditions(number: int) -> dict[str, Any]:
    """Return a document with too many combinations of values to write out."""
    keys = {f"aws:key{key}": [f"{value}*" for value in range(number, 12)] for key in range(60)}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {"Statement": [{**statement, "Condition": {"StringLike": keys}}]}


HONEST = {
    "Statement": {
        "Effect": "Allow",
        "Action": [f"lambda:SomeLongAction{number}" for number in range(60)],
        "Resource": [f"arn:aws:s3:::bucket-{number}/some/prefix/*" for number in range(30)],
    }
}
SHUFFLED = {
    "Statement": [
        {
            **HONEST["Statement"],
            "Action": HONEST["Statement"]["Action"][::-1],
        }
    ]
}
FULL = {
    "Statement": {
        "Effect": "Allow",
        "Action": [f"s3:*{number}a?*" for number in range(330)],
        "Resource": [f"arn:*{number}?*b" for number in range(330)],
    }
}
OTHER = json.loads(json.dumps(FULL).replace("?*", "x?*"))


@pytest.mark.large
@pytest.mark.parametrize(
    ("declared", "live"),
    [
        (HONEST, SHUFFLED),
        (HONEST, allowing("lambda:Other")),
        (resources("arn:*?*?*?*?*?*?#"), resources("arn:" + "*?" * 5000)),
        (resources("arn:" + "*?" * 2500 + "#"), resources(*(f"arn:{n}*a?*" for n in range(600)))),
        (FULL, OTHER),
        (OTHER, FULL),
        (conditions(0), conditions(1)),
        (conditions(1), conditions(0)),
    ],
)
def test_policies_of_full_size_are_compared_quickly(
    declared: dict[str, Any], live: dict[str, Any]
) -> None:
    """Policies of IAM's full size (10,240 characters) are compared in milliseconds."""
    assert cost(lambda: compare(declared, live), runs=3)[0] < 20
    assert cost(lambda: differences(declared, live, brief=True))[0] < 50


BOXES = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": several(st.sampled_from(["a", "A", "b", "?", "*", "a*"])),
        "Resource": several(st.sampled_from(["a", "b", "c", "?", "*"])),
    },
    optional={
        "Condition": st.dictionaries(
            st.sampled_from(["StringEquals", "StringLike"]),
            st.dictionaries(
                st.sampled_from(["k", "l"]), several(st.sampled_from(["a", "b", "a*"])), min_size=1
            ),
            min_size=1,
        )
    },
)


@settings(max_examples=50)
@given(st.lists(BOXES, max_size=2), st.lists(BOXES, max_size=2))
def test_combinations_are_compared_as_if_written_out(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    """The comparison agrees with one of all written-out single statements."""
    found = compare({"Statement": one}, {"Statement": other})
    ours, theirs = written_out(one), written_out(other)
    if {in_json(s) for s in ours} == {in_json(s) for s in theirs}:
        assert found is None
        return
    more = [s for s in theirs if not any(says(o, s) for o in ours)]
    less = [s for s in ours if not any(says(o, s) for o in theirs)]
    weaker = any(s["Effect"] == "Allow" for s in more) or any(s["Effect"] == "Deny" for s in less)
    stronger = Direction.STRONGER if more or less else Direction.NEUTRAL
    assert found is (WEAKER if weaker else stronger)


def written_out(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a list's single statements."""
    return [single for statement in statements for single in parse(statement).singles()]


def says(general: dict[str, Any], special: dict[str, Any]) -> bool:
    """True if one single statement implies another."""
    has = [(o, k, v) for o, keys in special.get("Condition", {}).items() for k, v in keys.items()]
    return (
        general["Effect"] == special["Effect"]
        and covers(general["Action"].lower(), special["Action"].lower())
        and covers(general["Resource"], special["Resource"])
        and all(
            any(
                key == k
                and (
                    (operator, value) == (o, v)
                    or (
                        operator == "StringLike"
                        and (covers(value, v) if o == "StringLike" else matches(value, v))
                    )
                )
                for o, k, v in has
            )
            for operator, keys in general.get("Condition", {}).items()
            for key, value in keys.items()
        )
    )
