"""What a deployment role may do: exactly the calls of the declared deployment, nothing else.

Deliberately absent: what a declared command needs. Nobody can know that; `role.inline_policies`
and `role.managed_policies` say it.
"""

from typing import Any, Final

#: Calls of the deploy step: update the code, wait until it is there, publish a version.
_LAMBDA_ACTIONS: Final = (
    "lambda:GetFunctionConfiguration",
    "lambda:PublishVersion",
    "lambda:UpdateFunctionCode",
)


def permissions_policy(  # noqa: PLR0913 - six facts, all named at the call
    *,
    account_id: str,
    region: str,
    repository: str,
    lambda_function: str | None,
    artifact_bucket: str | None,
    partition: str = "aws",
) -> dict[str, Any] | None:
    """The policy document, or None where the declaration needs no permission.

    Args:
        account_id: the environment's account.
        region: the region of the function.
        repository: name of the repository; its packages are below this prefix of the bucket.
        lambda_function: name of the function that a deployment updates.
        artifact_bucket: name of the bucket that keeps packages.
        partition: of the ARNs.
    """
    statements = []
    if lambda_function is not None:
        function = f"arn:{partition}:lambda:{region}:{account_id}:function:{lambda_function}"
        statements.append(_allow("UpdateFunction", list(_LAMBDA_ACTIONS), function))
    if artifact_bucket is not None:
        objects = f"arn:{partition}:s3:::{artifact_bucket}/{repository}/*"
        statements.append(_allow("StorePackages", ["s3:GetObject", "s3:PutObject"], objects))
    if not statements:
        return None
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(sid: str, actions: list[str], resource: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
