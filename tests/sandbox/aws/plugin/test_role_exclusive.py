"""Lists of all the policies that a role has, over gRPC and against moto."""

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
    """Inputs of one list of the role `slipway`."""
    key, wanted = LISTS[kind]
    return {"roleName": "slipway", key: wanted}


def of_role(iam: IAMClient, kind: str) -> list[str]:
    """What the role has."""
    if kind == INLINE:
        return iam.list_role_policies(RoleName="slipway")["PolicyNames"]
    found = iam.list_attached_role_policies(RoleName="slipway")["AttachedPolicies"]
    return [policy["PolicyArn"] for policy in found]


@pytest.fixture
def role(iam: IAMClient) -> IAMClient:
    """The role with what is declared, and with what somebody added."""
    for name in ("deploy", "added"):
        iam.put_role_policy(RoleName="slipway", PolicyName=name, PolicyDocument=permissions())
    for arn in (READ_ONLY, ADMINISTRATOR):
        iam.attach_role_policy(RoleName="slipway", PolicyArn=arn)
    return iam


@KINDS
def test_what_is_not_listed_goes(engine: Engine, role: IAMClient, kind: str) -> None:
    """Making the list removes what was added before, and nothing else."""
    identity, state = engine.create(kind, **given(kind))
    assert identity == "slipway"
    assert of_role(role, kind) == LISTS[kind][1]
    assert differing(engine.diff(kind, identity, state, **given(kind))) == {}
    assert engine.read(kind, identity, state, **given(kind))[1] == state


@KINDS
def test_what_is_added_later_is_seen_and_goes(engine: Engine, role: IAMClient, kind: str) -> None:
    """A refresh reads the longer list, a preview shows it, an update shortens it."""
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
    """An ARN says all there is to know; a name says nothing of the policy's text."""
    engine.create(MANAGED, **given(MANAGED))
    assert of_role(iam, MANAGED) == [READ_ONLY]
    with pytest.raises(grpc.RpcError, match="PolicyDocument"):
        engine.create(INLINE, **given(INLINE))
    assert of_role(iam, INLINE) == []


@KINDS
def test_deleting_the_list_deletes_nothing(engine: Engine, role: IAMClient, kind: str) -> None:
    """The role keeps what it has; a list of a role that is gone is gone."""
    identity, state = engine.create(kind, **given(kind))
    engine.delete(kind, identity, state)
    assert of_role(role, kind) == LISTS[kind][1]
    gone = {"roleName": "gone", LISTS[kind][0]: LISTS[kind][1]}
    assert engine.read(kind, "gone", gone, **gone) == ("", {}, {})
