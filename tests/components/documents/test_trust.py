import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.documents.subject import subject
from components.documents.trust import MAX_CHARACTERS, trust_policy

ISSUER = "token.actions.githubusercontent.com"
ARN = f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"

owners = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", fullmatch=True)
names = st.from_regex(r"[A-Za-z0-9._-]{1,100}", fullmatch=True)
ids = st.integers(1, 10**10)
classic = st.builds("repo:{}/{}".format, owners, names)
immutable = st.builds("repo:{}@{}/{}@{}".format, owners, ids, names, ids)
environments = st.sampled_from(["dev", "test", "prod"])


def test_the_policy_is_exact() -> None:
    """Audience and subject by StringEquals, one action, one provider."""
    assert trust_policy(ARN, "repo:acme/billing:environment:prod") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": ARN},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{ISSUER}:aud": "sts.amazonaws.com",
                        f"{ISSUER}:sub": "repo:acme/billing:environment:prod",
                    }
                },
            }
        ],
    }


@given(prefix=classic | immutable, environment=environments)
def test_any_repository_fits_and_is_named_exactly(prefix: str, environment: str) -> None:
    """The longest names GitHub allows fit AWS's quota, and no policy holds a pattern."""
    wanted = subject(prefix, environment)
    text = json.dumps(trust_policy(ARN, wanted), separators=(",", ":"))
    assert len(text) <= MAX_CHARACTERS
    assert text.count(f'"{ISSUER}:aud":"sts.amazonaws.com"') == 1
    assert wanted == f"{prefix}:environment:{environment}"
    assert "*" not in text
    assert "?" not in text
    assert "StringLike" not in text
    assert "ForAllValues" not in text


def test_the_longest_names_fit_twice() -> None:
    """Names and ids of GitHub's greatest length fit, even with both subjects of a migration."""
    owner, name, number = "o" * 39, "r" * 100, 10**10 - 1
    prefixes = [f"repo:{owner}/{name}", f"repo:{owner}@{number}/{name}@{number}"]
    both = trust_policy(ARN, *(subject(prefix, "prod") for prefix in prefixes))
    assert len(json.dumps(both, separators=(",", ":"))) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    "wanted", ["repo:acme/*:environment:prod", "*", "repo:acme/b?:x", "repo:${aws:userid}/b:x"]
)
def test_a_pattern_is_refused(wanted: str) -> None:
    """A wildcard or a policy variable would admit undeclared repositories."""
    with pytest.raises(ValueError, match="has a wildcard"):
        trust_policy(ARN, wanted)


def test_a_policy_without_subject_is_refused() -> None:
    """A policy without a subject is refused: it would admit every repository of GitHub."""
    with pytest.raises(ValueError, match="needs a subject"):
        trust_policy(ARN)


def test_a_policy_without_provider_is_refused() -> None:
    """An ARN that is not an OIDC provider's is refused: the condition keys contain the issuer."""
    with pytest.raises(ValueError, match="not the ARN of an OIDC provider"):
        trust_policy("arn:aws:iam::333333333333:role/slipway", "repo:a/b:environment:dev")


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_the_partition_is_the_providers(partition: str) -> None:
    """The provider's ARN names the partition; the claims have GitHub's names in every partition."""
    arn = ARN.replace("arn:aws:", f"arn:{partition}:")
    (statement,) = trust_policy(arn, "repo:a/b:environment:dev")["Statement"]
    assert statement["Principal"] == {"Federated": arn}
    assert set(statement["Condition"]["StringEquals"]) == {f"{ISSUER}:aud", f"{ISSUER}:sub"}


def test_two_subjects_serve_a_migration() -> None:
    """Both exact forms are admitted while a repository moves to the immutable one."""
    both = trust_policy(ARN, "repo:a/b:environment:dev", "repo:a@1/b@2:environment:dev")
    condition = both["Statement"][0]["Condition"]["StringEquals"]
    assert condition[f"{ISSUER}:sub"] == [
        "repo:a/b:environment:dev",
        "repo:a@1/b@2:environment:dev",
    ]


def test_a_colon_in_an_environments_name_is_escaped() -> None:
    """GitHub writes `:` in a claim's value as %3A; otherwise a name could forge a subject."""
    assert subject("repo:a/b", "prod:x") == "repo:a/b:environment:prod%3Ax"
