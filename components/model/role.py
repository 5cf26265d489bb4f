"""The declaration of the AWS role of one environment."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from components.model.base import Frozen, none_is_empty, present
from components.model.types import PolicyArn, PolicyName, RoleName, RolePath


class Role(Frozen):
    """The IAM role that a job of this repository in this environment assumes."""

    name: RoleName | None = None
    """Name of the role. Default: `<owner>.<repository>-<environment>`, at most 64 characters."""

    path: Annotated[RolePath, BeforeValidator(lambda v: none_is_empty(v, "/"))] = "/slipway/"
    """Path of the role; `null` is `/`. Slipway's own rights can be limited to role/slipway/*."""

    permissions_boundary: PolicyArn | None = None
    """ARN of the managed policy that limits all rights of the role. Default: none."""

    managed_policies: Annotated[
        tuple[PolicyArn, ...], BeforeValidator(lambda v: none_is_empty(v, ()))
    ] = Field(default=(), max_length=20)
    """ARNs of managed policies to attach. AWS allows 10 by default, 20 at most."""

    inline_policies: Annotated[dict[PolicyName, dict[str, Any]], BeforeValidator(present)] = Field(
        default={}
    )
    """Policy documents by name, in addition to the rights of the declared deployment."""

    max_session_seconds: Annotated[int, Field(ge=3600, le=43_200)] = 3600
    """Longest session of one job, in seconds: one to twelve hours (AWS)."""
