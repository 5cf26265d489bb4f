"""Ask one AWS account everything that `up` needs of it, for `slipway validate --live`.

Besides what drift reads: how many roles it has and may have, and whether the policies that the
declaration names exist. Deliberately absent: what the answers mean (`operations.diff.accounts`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.model.stack import Account
from operations.live.aws import DENIED, explained, iam_client, provider_of, read_with
from operations.live.observed import ObservedAccount

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient


@dataclass(frozen=True, kw_only=True)
class AccountFacts:
    """The answers of one account."""

    observed: ObservedAccount
    """The roles, and GitHub's OIDC provider."""
    roles: int | None = None
    """The number of roles in the account, also those that were not read."""
    most_roles: int | None = None
    """The account's quota of roles. None, as `roles`, if AWS does not allow to ask."""
    missing_policies: frozenset[str] = frozenset()
    """ARNs of managed policies that do not exist."""
    denied: frozenset[str] = frozenset()
    """Actions that AWS does not allow these credentials: their answers are unknown."""


def read_facts(account: Account, roles: Collection[str], policies: Collection[str]) -> AccountFacts:
    """The facts of an account.

    Args:
        account: as declared.
        roles: names of the declared roles.
        policies: ARNs of the declared managed policies and boundaries.

    Raises:
        ConfigurationError: as `read_account`.
    """
    with explained(account):
        iam = iam_client(account)
        denied: set[str] = set()
        observed = _observed(iam, account, roles, denied)
        there, most = _quota(iam, denied)
        return AccountFacts(
            observed=observed,
            roles=there,
            most_roles=most,
            missing_policies=frozenset(_missing(iam, sorted(policies), denied)),
            denied=frozenset(denied),
        )


def _observed(
    iam: "IAMClient", account: Account, roles: Collection[str], denied: set[str]
) -> ObservedAccount:
    """Roles and provider; the provider alone if AWS allows to read no role."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see aws.py

    try:
        return read_with(iam, account, roles)
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
    audiences, tags = provider_of(iam, account)
    denied.add("iam:GetRole")
    arn = account.oidc_provider_arn
    return ObservedAccount(account.account_id, {}, arn, audiences, complete=False, oidc_tags=tags)


def _quota(iam: "IAMClient", denied: set[str]) -> tuple[int | None, int | None]:
    """How many roles there are and may be (IAM API Reference: GetAccountSummary)."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see aws.py

    try:
        summary = iam.get_account_summary()["SummaryMap"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        denied.add("iam:GetAccountSummary")
        return None, None
    return summary.get("Roles"), summary.get("RolesQuota")


def _missing(iam: "IAMClient", policies: Collection[str], denied: set[str]) -> set[str]:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see aws.py

    missing = set()
    for arn in policies:
        try:
            iam.get_policy(PolicyArn=arn)
        except iam.exceptions.NoSuchEntityException:
            missing.add(arn)
        except ClientError as error:
            if error.response["Error"]["Code"] not in DENIED:
                raise
            denied.add("iam:GetPolicy")
    return missing
