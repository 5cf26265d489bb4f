"""The rights of a deployment role: exactly the calls of the declared deployment, nothing else.

Deliberately absent: the rights of a declared command. slipway cannot know them;
`role.inline_policies` and `role.managed_policies` declare them.
"""

from collections.abc import Sequence
from typing import Any, Final

from components.model.aws_partitions import partitions

#: Calls of the deploy step: update the code, wait until it is there, publish a version.
_LAMBDA_ACTIONS: Final = (
    "lambda:GetFunctionConfiguration",
    "lambda:PublishVersion",
    "lambda:UpdateFunctionCode",
)
#: Additional calls for a declared alias: look for it, create or move it.
_ALIAS_ACTIONS: Final = ("lambda:CreateAlias", "lambda:ListAliases", "lambda:UpdateAlias")


def permissions_policy(  # noqa: PLR0913 - nine facts, all named at the call
    *,
    account_id: str,
    region: str,
    repository: str,
    environment: str,
    lambda_functions: Sequence[str],
    artifact_bucket: str | None,
    artifact_key: str | None = None,
    moves_aliases: bool = False,
    partition: str = "aws",
) -> dict[str, Any] | None:
    """The policy document, or None if the declaration needs no permission.

    Args:
        account_id: the environment's account.
        region: the region of the function.
        repository: name of the repository; its packages are below this prefix of the bucket.
        environment: name of the environment; the names of its packages end in it.
        lambda_functions: names of the functions that a deployment updates.
        artifact_bucket: name of the bucket that keeps packages.
        artifact_key: ARN of the KMS key that the bucket encrypts with, if it is not S3's own.
        moves_aliases: whether a deployment moves an alias of a function.
        partition: partition of the ARNs.
    """
    statements = []
    if lambda_functions:
        place = f"arn:{partition}:lambda:{region}:{account_id}:function"
        arns = [f"{place}:{name}" for name in lambda_functions]
        actions = sorted([*_LAMBDA_ACTIONS, *(_ALIAS_ACTIONS if moves_aliases else ())])
        statements.append(_allow("UpdateFunction", actions, arns[0] if len(arns) == 1 else arns))
    if artifact_bucket is not None:
        # Environments may share the bucket: each writes only zips and wheels with its own name.
        place = f"arn:{partition}:s3:::{artifact_bucket}/{repository}/*-{environment}"
        objects = [f"{place}.zip", f"{place}/*"]
        statements.append(_allow("StorePackages", ["s3:GetObject", "s3:PutObject"], objects))
        if artifact_key is not None:
            statements.append(_through_s3(artifact_key, partition))
    if not statements:
        return None
    return {"Version": "2012-10-17", "Statement": statements}


def _through_s3(key: str, partition: str) -> dict[str, Any]:
    """The right to use a key through S3, also to decrypt: S3 reads the parts of large uploads back.

    S3 User Guide: "Protecting data with server-side encryption using AWS KMS keys". The bucket is
    in the key's region.
    """
    service = f"s3.{key.split(':')[3]}.{partitions()[partition].domain}"
    statement = _allow("EncryptPackages", ["kms:Decrypt", "kms:GenerateDataKey"], key)
    return statement | {"Condition": {"StringEquals": {"kms:ViaService": service}}}


def _allow(sid: str, actions: list[str], resource: str | list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
