"""A trust of one repository, written as if the repository always had its present name."""

import json
from typing import Any

import pytest

from operations.diff.iam.one_name import PresentName, under_one_name

#: An issuer may have a port.
ISSUER = "token.actions.octocorp.ghe.com:8443"
SENT = "repo:initech@77/bills@7:environment:prod"
NOW = PresentName("initech/bills", 7, SENT)
PRESENT = {
    "sub": ["repo:initech/bills:environment:prod"],
    "job_workflow_ref": ["initech/bills/.github/workflows/python-prd.yml@refs/heads/a/b"],
    "repository_owner_id": [""],
}


def compared(claims: dict[str, Any], given_up: tuple[str, ...] = ()) -> dict[str, Any]:
    """The claims of a policy's only statement under the present name."""
    equals = {f"{ISSUER}:{claim}": value for claim, value in claims.items()}
    trust = {"Version": "2012-10-17", "Statement": {"Condition": {"StringEquals": equals}}}
    before = json.dumps(trust)
    found = under_one_name(trust, NOW, given_up)
    assert json.dumps(trust) == before
    assert found["Version"] == "2012-10-17"
    (statement,) = found["Statement"]
    there = statement["Condition"]["StringEquals"]
    return {key.removeprefix(f"{ISSUER}:"): value for key, value in there.items()}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("sub", "repo:acme/billing:environment:prod"),
        ("sub", "repo:acme@9/billing@7:environment:prod"),
        ("sub", ["repo:acme/billing:environment:prod", SENT]),
        ("job_workflow_ref", "acme/billing/.github/workflows/python-prd.yml@refs/heads/a/b"),
        ("repository_owner_id", ["9", "77"]),
    ],
)
def test_names_beside_the_id_are_the_present_one(claim: str, value: object) -> None:
    """A token has one repository's id, so it is of no other repository, whatever names it says."""
    found = compared({"repository_id": ["7"], claim: value})
    assert found == {"repository_id": ["7"], claim: PRESENT[claim]}


@pytest.mark.parametrize("number", ["8", ["7", "8"], None])
def test_names_without_the_id_stay(number: object) -> None:
    """Another repository's id, a second id, or none: then a name may be another repository's."""
    claims = {} if number is None else {"repository_id": number}
    subject = "repo:acme/billing:environment:prod"
    assert compared({**claims, "sub": subject})["sub"] == [subject]


def test_a_given_up_subject_is_the_sent_one() -> None:
    """In any statement, also beside the subject that took its place."""
    old, other = "repo:acme/billing:environment:prod", "repo:acme/x:environment:prod"
    assert compared({"sub": [old, SENT, other]}, (old,)) == {"sub": sorted([SENT, other])}


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("environment", "repo:acme/billing:x"),
        ("sub", "project:repo:acme/billing:environment:prod"),
        ("sub", "repository_id:7:repo:acme/billing:x"),
        ("job_workflow_ref", "acme/billing/python-prd.yml@refs/heads/main"),
    ],
)
def test_what_is_no_name_stays(claim: str, value: str) -> None:
    """Other claims, subjects of templates, and files elsewhere are compared as they are."""
    assert compared({"repository_id": "7", claim: value})[claim] == [value]


def test_statements_without_conditions_stay() -> None:
    """A statement by other tools is left as it is."""
    trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    assert under_one_name(trust, NOW, ()) == trust
    assert under_one_name({}, NOW, ()) == {"Statement": []}
