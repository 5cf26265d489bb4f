"""Differences of two policy documents, as a reader sees them."""

import json
from typing import Any

import pytest

from operations.diff.iam.policies import differences
from tests.operations.diff.iam.documents import allowing, trust


def test_only_differing_elements_are_shown() -> None:
    """Two single statements show only their differing elements; others are shown whole."""
    wide = trust("StringLike", "repo:acme/*")
    one, other = differences(trust("StringEquals", "repo:acme/a"), wide)
    claim = "token.actions.githubusercontent.com:sub"
    assert (one, other) == (f"StringEquals {claim} repo:acme/a", f"StringLike {claim} repo:acme/*")
    whole = '{"Action":"s3:Get*","Effect":"Allow","Resource":"*"}'
    assert differences({}, allowing("s3:Get*")) == ("", whole)


def test_several_differences_are_separated() -> None:
    """Statements are separated by semicolons, and their elements, if brief, by commas."""
    one = {"Statement": [allowing("s3:*")["Statement"], allowing("ec2:*")["Statement"]]}
    whole = '{{"Action":"{}:*","Effect":"Allow","Resource":"*"}}'
    wanted, there = differences(one, {})
    assert (wanted, there) == (f"{whole.format('ec2')}; {whole.format('s3')}", "")
    other = allowing("iam:*", resource="a")
    wanted, there = differences(one, other, brief=True)
    assert wanted == "Action ec2:*, Resource *; Action s3:*, Resource *"
    assert there == "Action iam:*, Resource a"
    assert differences(other, one, brief=True) == (there, wanted)


def test_values_of_other_types_are_shown_in_json() -> None:
    """A number or truth value is shown as the policy writes it."""

    def where(value: Any) -> dict[str, Any]:
        condition = {"Bool": {"aws:SecureTransport": value}}
        return {"Statement": {**allowing("*")["Statement"], "Condition": condition}}

    shown = ("Bool aws:securetransport true", "Bool aws:securetransport false")
    assert differences(where(True), where("false")) == shown  # noqa: FBT003 - a value of a policy


@pytest.mark.parametrize(
    ("operator", "shown"), [("StringEquals", "{}"), ("StringNotEquals", '["{}"]')]
)
def test_a_conditions_key_is_shown_in_lower_case(operator: str, shown: str) -> None:
    """However the policies write it, so that a reader sees no difference where there is none."""
    one = json.loads(json.dumps(trust(operator, "a")).replace(":sub", ":SUB"))
    other = json.loads(json.dumps(trust(operator, "b")).replace(":sub", ":Sub"))
    key = "token.actions.githubusercontent.com:sub"
    texts = tuple(f"{operator} {key} {shown.format(value)}" for value in "ab")
    assert differences(one, other) == texts


@pytest.mark.parametrize(
    ("one", "other", "texts"),
    [
        ("ab|x", "a|x", ("Action b", "")),
        ("ab|xy", "a|xy", ("Action b, Resource x; Action b, Resource y", "")),
        ("ab|xy", "a|x", ("Action a or b, Resource x or y", "Action a, Resource x")),
        ("ab|x", "a|xy", ("Action a or b, Resource x", "Action a, Resource x or y")),
        ("ab|xy", "cd|zw", ("Action a or b, Resource x or y", "Action c or d, Resource w or z")),
        ("abc|x", "ab|x", ("Action c", "")),
    ],
)
def test_elements_with_several_values_are_shown_together(
    one: str, other: str, texts: tuple[str, str]
) -> None:
    """If several elements have more values, the combinations of these say less than the values.

    Without `brief` each combination is shown.
    """
    documents = []
    for text in (one, other):
        actions, resources = map(list, text.split("|"))
        documents.append({"Statement": {"Action": actions, "Resource": resources}})
    assert differences(*documents, brief=True) == texts
    assert differences(*reversed(documents), brief=True) == texts[::-1]
    assert " or " not in "".join(differences(*documents))
    if " or " in "".join(texts):
        beside = [{"Statement": [d["Statement"], allowing("s3:*")["Statement"]]} for d in documents]
        assert differences(*beside, brief=True) == texts


@pytest.mark.parametrize("brief", [False, True])
def test_differences_of_a_policy_with_many_combinations_are_whole_statements(
    *, brief: bool
) -> None:
    """Up to 2,000 single statements are listed; the statements of a larger policy are not split."""
    actions, places = [f"s3:A{one}" for one in range(50)], [f"arn{one}" for one in range(40)]
    fitting = {**allowing(*actions)["Statement"], "Resource": places}
    large = {"Statement": {**fitting, "Resource": [*places, "more"]}}
    wanted, there = differences({"Statement": fitting}, {}, brief=brief)
    assert (wanted.count("; "), there) == (1999, "")
    other = {"Statement": {"Action": [*actions[:-1], "s3:B"], "Resource": [*places[:-1], "other"]}}
    wanted, there = differences({"Statement": fitting}, other, brief=brief)
    assert (wanted.count(" or "), there.count(" or ")) == ((88, 88) if brief else (0, 0))
    wanted, there = differences(large, {})
    assert (json.loads(wanted), there) == (large["Statement"], "")
    assert differences({}, {"Statement": [large["Statement"]]}) == ("", wanted)


def test_a_statement_without_further_elements_is_named() -> None:
    """No side of a trust's difference is an empty text if a statement is there.

    The statement that has nothing but the common conditions is named by these; the conditions of
    the other are additional ones.
    """
    bare = trust("StringEquals", "repo:acme/a")
    pinned = json.loads(json.dumps(bare))
    issuer = "token.actions.githubusercontent.com"
    for one in (bare, pinned):
        one["Statement"]["Condition"]["StringEquals"][f"{issuer}:aud"] = "sts.amazonaws.com"
    pinned["Statement"]["Condition"]["StringEquals"] |= {
        f"{issuer}:repository_id": "7",
        f"{issuer}:ref": "refs/heads/main",
    }
    both = {"Statement": [pinned["Statement"], bare["Statement"]]}
    alone, also = "audience and subject alone", "also ref refs/heads/main, repository_id 7"
    assert differences(pinned, bare, brief=True) == (also, alone)
    assert differences(bare, pinned, brief=True) == (alone, also)
    assert differences(both, pinned, brief=True) == (alone, "")
    assert differences(pinned, both, brief=True) == ("", alone)
    assert differences({}, both, brief=True) == ("", f"{also}; {alone}")


def test_an_issuers_port_is_no_part_of_a_claim() -> None:
    """A claim's name comes after the last colon of its condition key."""
    issuer = "github.example.com:8443/_services/token"
    keys = {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": "repo:acme/billing:ref:x"}
    role = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}
    bare = {"Statement": [role | {"Condition": {"StringEquals": keys}}]}
    more = keys | {f"{issuer}:ref": "refs/heads/main"}
    pinned = {"Statement": [role | {"Condition": {"StringEquals": more}}]}
    words = ("also ref refs/heads/main", "audience and subject alone")
    assert differences(pinned, bare, brief=True) == words


def test_a_statement_without_conditions_is_named() -> None:
    """A trust that compares nothing is told in words, and not as an empty text."""
    role = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"}
    asking = role | {"Condition": {"StringEquals": {"token.example.com:sub": "repo:acme/billing"}}}
    found = differences({"Statement": [asking]}, {"Statement": [role]}, brief=True)
    assert found == ("also StringEquals token.example.com:sub repo:acme/billing", "no condition")
