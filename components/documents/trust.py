"""The trust policy of a role: it admits one environment of one repository, named exactly.

A statement compares audience and subject; a pinned one compares further claims as well.
Deliberately absent: patterns (`StringLike`), which would admit undeclared repositories;
`ForAllValues:`, which is true if a claim is absent; `workflow` and `actor`, which name nothing that
is unique or lasting.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.model.aws_partitions import partitions

#: IAM's default quota for a trust policy, white space not counted (IAM User Guide: quotas).
MAX_CHARACTERS: Final = 2048

Statement = dict[str, Any]


def trust_policy(provider_arn: str, *subjects: str) -> dict[str, Any]:
    """The policy document that admits the given subjects and no others.

    Args:
        provider_arn: ARN of the account's OIDC provider. It tells the partition, whose audience
            the tokens must have, and the issuer.
        subjects: exact `sub` claims; two while a repository moves to the immutable form.

    Raises:
        ValueError: no subject, one that IAM would not compare literally, or no provider's ARN.
    """
    return policy(statement(provider_arn, subjects))


def policy(*statements: Statement) -> dict[str, Any]:
    """The document with these statements: it admits a token that one of them admits."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def statement(
    provider_arn: str,
    subjects: Sequence[str],
    claims: Mapping[str, Sequence[str]] | None = None,
) -> Statement:
    """The statement that admits tokens with one of the subjects and all of the claims.

    Args:
        provider_arn: as for `trust_policy`.
        subjects: as for `trust_policy`.
        claims: by claim, the values of which a token must have one.

    Raises:
        ValueError: as `trust_policy`.
    """
    if not subjects:
        raise ValueError("a trust policy needs a subject: AWS refuses one without subjects")
    for wanted in subjects:
        # IAM replaces ${...}. It takes * and ? literally here, but a reader may expect wildcards.
        if set("*?$") & set(wanted):
            raise ValueError(f"{wanted!r} has a wildcard or a policy variable: a subject is exact")
    place, _, issuer = provider_arn.partition(":oidc-provider/")
    partition = partitions().get(place.removeprefix("arn:").partition(":")[0])
    if not issuer or partition is None:
        raise ValueError(f"{provider_arn!r} is not the ARN of an OIDC provider")
    wanted_claims = {"aud": [partition.audience], "sub": subjects, **(claims or {})}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:{claim}": _one_or_all(values) for claim, values in wanted_claims.items()
            }
        },
    }


def characters(document: Mapping[str, Any]) -> int:
    """The length of a document as IAM counts it, without white space."""
    return sum(not character.isspace() for character in json.dumps(document))


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
