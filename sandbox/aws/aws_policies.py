"""AWS's own managed policies: each is added to an account when a request refers to it.

moto can only load all 1,300 or none, and all of them cost 0.4 s and 20 MB for each account.
"""

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend


def add_aws_policy(iam: IAMBackend, arn: str) -> None:
    """Add the policy to the account if it is one of AWS's."""
    prefix = f"arn:{iam.partition}:iam::aws:policy/"
    described = _described().get(arn.removeprefix(prefix))
    if described is None or not arn.startswith(prefix) or arn in iam.managed_policies:
        return
    name, data = described
    iam.managed_policies[arn] = AWSManagedPolicy.from_data(
        name, iam.account_id, iam.region_name, data
    )


@functools.cache
def _described() -> dict[str, tuple[str, dict[str, Any]]]:
    """Name and description of the policy, by the part of its ARN after the prefix."""
    parsed: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    return {
        f"{data['Path'].removeprefix('/')}{name}": (name, data) for name, data in parsed.items()
    }
