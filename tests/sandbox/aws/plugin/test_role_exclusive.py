"""The exclusive lists of a role's policies, over gRPC and against moto."""

from typing import Any

import grpc
import pytest
from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import permissions
from tests.sandbox.aws.plugin.engine import Engine
from tests.sandbox.aws.plugin.resource_types import READ_ONLY, differing

INLINE = "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive"
MANAGED = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
LISTS: dict[str, tuple[str, list[str]]] = {
    INLINE: ("policyNames", ["deploy"]),
    MANAGED: ("policyArns", [READ_ONLY]),
}
KINDS = pytest.mark.parametrize("kind", LISTS)


def given(kind: str) -> dict[str, Any]:
    """The inputs of one list for the test's role."""
    key, wanted = LISTS[kind]
    return {"roleName": "slipway", key: wanted}


def of_role(iam: IAMClient, kind: str) -> list[str]:
    """The role's policies of this kind."""
    if kind == INLINE:
        return iam.list_role_policies(RoleName="slipway")["PolicyNames"]
    found = iam.list_attached_role_policies(RoleName="slipway")["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in found]


@pytest.fixture
def role(iam: IAMClient) -> IAMClient:
    """An IAM client, with a role that has the declared policies and added ones."""
    for name in ("deploy", "added"):
        iam.put_role_policy(RoleName="slipway", PolicyName=name, PolicyDocument=permissions())
    for arn in (READ_ONLY, ADMINISTRATOR):
        iam.attach_role_policy(RoleName="slipway", PolicyArn=arn)
    return iam


@KINDS
def test_what_is_not_listed_goes(engine: Engine, role: IAMClient, kind: str) -> None:
    """Creating the list removes the policies that it does not have, and no others."""
    identity, state = engine.create(kind, **given(kind))
    assert identity == "slipway"
    assert of_role(role, kind) == LISTS[kind][1]
    assert differing(engine.diff(kind, identity, state, **given(kind))) == {}
    assert engine.read(kind, identity, state, **given(kind))[1] == state


@KINDS
def test_what_is_added_later_is_seen_and_goes(engine: Engine, role: IAMClient, kind: str) -> None:
    """A refresh reads a policy that was added later, a preview shows it, an update removes it."""
    key, _ = LISTS[kind]
    identity, state = engine.create(kind, **given(kind))
    role.put_role_policy(RoleName="slipway", PolicyName="later", PolicyDocument=permissions())
    role.attach_role_policy(RoleName="slipway", PolicyArn=ADMINISTRATOR)
    _, refreshed, _ = engine.read(kind, identity, state, **given(kind))
    assert len(refreshed[key]) == 2
    assert differing(engine.diff(kind, identity, refreshed, **given(kind)))
    engine.update(kind, identity, refreshed, **given(kind))
    assert of_role(role, kind) == LISTS[kind][1]


def test_a_listed_managed_policy_is_attached_and_an_inline_one_fails(
    engine: Engine, iam: IAMClient
) -> None:
    """A managed policy is attached by its ARN; an inline policy fails without its document."""
    engine.create(MANAGED, **given(MANAGED))
    assert of_role(iam, MANAGED) == [READ_ONLY]
    with pytest.raises(grpc.RpcError, match="PolicyDocument"):
        engine.create(INLINE, **given(INLINE))
    assert of_role(iam, INLINE) == []


@KINDS
def test_deleting_the_list_deletes_nothing(engine: Engine, role: IAMClient, kind: str) -> None:
    """The role keeps its policies; if the role does not exist, neither does the list."""
    identity, state = engine.create(kind, **given(kind))
    engine.delete(kind, identity, state)
    assert of_role(role, kind) == LISTS[kind][1]
    gone = {"roleName": "gone", LISTS[kind][0]: LISTS[kind][1]}
    assert engine.read(kind, "gone", gone, **gone) == ("", {}, {})
