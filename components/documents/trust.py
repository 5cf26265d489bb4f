"""The trust policy of a role: it admits one environment of one repository, named exactly.

Deliberately absent: patterns (`StringLike`), which would admit undeclared repositories;
`ForAllValues:`, which is true if a claim is absent; `ref`, as the environment's branch policy
says which branches may deploy; `repository_id`, as an immutable subject holds it already.
"""

from collections.abc import Sequence
from typing import Any, Final

from components.model.aws_partitions import partitions

#: IAM's default quota for a trust policy, white space not counted (IAM User Guide: quotas).
MAX_CHARACTERS: Final = 2048


def subject(prefix: str, environment: str) -> str:
    """The `sub` claim of a job that names the environment.

    Args:
        prefix: GitHub's `sub_claim_prefix`, `repo:OWNER/REPO` or `repo:OWNER@ID/REPO@ID`.
        environment: name of the environment; GitHub writes a colon in it as `%3A`
            (docs.github.com: OpenID Connect reference).
    """
    return f"{prefix}:environment:{environment.replace(':', '%3A')}"


def trust_policy(provider_arn: str, *subjects: str) -> dict[str, Any]:
    """The policy document that admits the given subjects and no others.

    Args:
        provider_arn: ARN of the account's OIDC provider. It tells the partition, whose audience
            the tokens must have, and the issuer.
        subjects: exact `sub` claims; two while a repository moves to the immutable form.

    Raises:
        ValueError: no subject, one that IAM would not compare literally, or no provider's ARN.
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
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{issuer}:aud": partition.audience,
                        f"{issuer}:sub": _one_or_all(subjects),
                    }
                },
            }
        ],
    }


def _one_or_all(subjects: Sequence[str]) -> str | list[str]:
    return subjects[0] if len(subjects) == 1 else list(subjects)
