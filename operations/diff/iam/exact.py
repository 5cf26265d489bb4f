"""Read the statements of a trust policy that compare audience, subject and claims exactly.

These are the statements that slipway writes. Statements of another shape are none of these:
`trust_analysis` judges them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.documents.trust import policy, statement
from operations.diff.iam import policies
from operations.diff.iam.statements import listed


@dataclass(frozen=True)
class Exact:
    """One statement."""

    subjects: tuple[str, ...]
    """The subjects, of which a token must have one."""
    claims: Mapping[str, tuple[str, ...]]
    """By further claim, the values of which a token must have one."""


def exact_statements(trust: Mapping[str, Any], provider_arn: str) -> Iterator[Exact | None]:
    """For each statement, its content, or None if it has another shape.

    Args:
        trust: a trust policy.
        provider_arn: ARN of GitHub's OIDC provider in the role's account.
    """
    _, _, issuer = provider_arn.partition(":oidc-provider/")
    for one in listed(trust.get("Statement", ())):
        yield _exact(one, provider_arn, f"{issuer}:")


def only_subject(trust: Mapping[str, Any], provider_arn: str) -> str | None:
    """The subject of a policy that compares audience and one subject, and nothing else."""
    match list(exact_statements(trust, provider_arn)):
        case [Exact((subject,), claims)] if not claims:
            return subject
    return None


def _exact(given: Mapping[str, Any], provider_arn: str, beginning: str) -> Exact | None:
    try:
        compared = {
            key.removeprefix(beginning): tuple(str(value) for value in listed(values))
            for key, values in given["Condition"]["StringEquals"].items()
        }
        subjects, _ = compared.pop("sub"), compared.pop("aud")
        written = statement(provider_arn, subjects, compared)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if policies.compare(policy(written), policy(dict(given))) is not None:
        return None
    return Exact(subjects, compared)
