"""AWS's own managed policies: each is added to an account when a request refers to it.

moto can only load all of them or none, and all cost 0.4 s and 20 MB for each account. Its data is
one text, of which only the asked policy is read: reading all of it takes a quarter second.
"""

import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend


def add_aws_policy(iam: IAMBackend, arn: str) -> None:
    """Add the policy to the account if it is one of AWS's."""
    prefix = f"arn:{iam.partition}:iam::aws:policy/"
    if not arn.startswith(prefix) or arn in iam.managed_policies:
        return
    folder, _, name = arn.removeprefix(prefix).rpartition("/")
    data = _described(name)
    if data and data["Path"].strip("/") == folder:
        iam.managed_policies[arn] = AWSManagedPolicy.from_data(
            name, iam.account_id, iam.region_name, data
        )


def _described(name: str) -> dict[str, Any] | None:
    """The policy of this name; None if AWS has none. The names are unique, without their paths."""
    begin = f"\n {json.dumps(name)}:"
    at = aws_managed_policies_data.find(f"{begin}{{")
    if at < 0:
        return None
    found: dict[str, Any]
    found, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, at + len(begin))
    return found
