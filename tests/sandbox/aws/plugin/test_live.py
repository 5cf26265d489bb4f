"""The plugin returns AWS's live values; it finds and repairs changes made by hand."""

import json

from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import GITHUB, permissions, trust
from tests.sandbox.aws.plugin.engine import Engine
from tests.sandbox.aws.plugin.resource_types import (
    ATTACHMENT,
    INPUTS,
    OIDC,
    POLICY,
    READ_ONLY,
    ROLE,
    ROLE_POLICY,
    differing,
)


def test_outputs_are_what_aws_has(engine: Engine, account: str, iam: IAMClient) -> None:
    """Outputs have the names and values of pulumi-aws."""
    _, state = engine.create(ROLE, **INPUTS[ROLE])
    live = iam.get_role(RoleName="billing")["Role"]
    assert state == {
        "arn": f"arn:aws:iam::{account}:role/slipway/billing",
        "assumeRolePolicy": trust(),
        "createDate": live["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": "Deploys",
        "forceDetachPolicies": False,
        "inlinePolicies": [],
        "managedPolicyArns": [],
        "maxSessionDuration": 7200,
        "name": "billing",
        "namePrefix": "",
        "path": "/slipway/",
        "permissionsBoundary": READ_ONLY,
        "tags": {"repository": "acme/billing"},
        "tagsAll": {"repository": "acme/billing"},
        "uniqueId": live["RoleId"],
    }
    identity, state = engine.create(OIDC, **INPUTS[OIDC])
    assert identity == state["arn"] == f"arn:aws:iam::{account}:oidc-provider/{GITHUB}"
    assert state["url"] == GITHUB


def test_what_aws_does_not_know_stays_in_the_state(engine: Engine) -> None:
    """A refresh keeps options of the provider, which AWS does not store."""
    wanted = INPUTS[ROLE] | {"forceDetachPolicies": True}
    identity, state = engine.create(ROLE, **wanted)
    _, refreshed, inputs = engine.read(ROLE, identity, state, **wanted)
    assert refreshed["forceDetachPolicies"] is inputs["forceDetachPolicies"] is True
    assert differing(engine.diff(ROLE, identity, refreshed, **wanted)) == {}


def test_drift_of_a_role_is_found_and_put_right(engine: Engine, iam: IAMClient) -> None:
    """A change by hand is found in given inputs and in AWS's defaults, and an update repairs it."""
    tags = {"a": "1", "b": "2", "kept": "3"}
    wanted = {"name": "billing", "assumeRolePolicy": trust(), "tags": tags}
    identity, state = engine.create(ROLE, **wanted)
    iam.update_assume_role_policy(RoleName="billing", PolicyDocument=trust(Sid="other"))
    iam.update_role(RoleName="billing", Description="by hand", MaxSessionDuration=43200)
    iam.put_role_permissions_boundary(RoleName="billing", PermissionsBoundary=READ_ONLY)
    iam.untag_role(RoleName="billing", TagKeys=["a"])
    iam.tag_role(
        RoleName="billing", Tags=[{"Key": "b", "Value": "3"}, {"Key": "c d", "Value": "4"}]
    )
    _, drifted, inputs = engine.read(ROLE, identity, state, **wanted)
    assert json.loads(inputs["assumeRolePolicy"]) == json.loads(trust(Sid="other"))
    assert differing(engine.diff(ROLE, identity, drifted, **wanted)) == {
        "assumeRolePolicy": "UPDATE",
        "description": "DELETE",
        "maxSessionDuration": "UPDATE",
        "permissionsBoundary": "DELETE",
        'tags["a"]': "ADD",
        'tags["b"]': "UPDATE",
        'tags["c d"]': "DELETE",
    }
    assert engine.update(ROLE, identity, drifted, **wanted) == state
    live = iam.get_role(RoleName="billing")["Role"]
    assert {tag["Key"]: tag["Value"] for tag in live["Tags"]} == tags
    assert (live.get("Description", ""), live["MaxSessionDuration"]) == ("", 3600)
    assert "PermissionsBoundary" not in live


def test_drift_of_permissions_is_found_and_put_right(engine: Engine, iam: IAMClient) -> None:
    """A change of permissions is drift; another spelling of the same permissions is not."""
    wanted = INPUTS[ROLE_POLICY]
    identity, state = engine.create(ROLE_POLICY, **wanted)
    put = {"RoleName": "slipway", "PolicyName": "deploy"}
    iam.put_role_policy(**put, PolicyDocument=permissions(Action=["s3:GetObject"]))
    assert engine.read(ROLE_POLICY, identity, state, **wanted)[1] == state
    iam.put_role_policy(**put, PolicyDocument=permissions(Action="s3:*"))
    _, drifted, _ = engine.read(ROLE_POLICY, identity, state, **wanted)
    found = engine.diff(ROLE_POLICY, identity, drifted, **wanted)
    assert differing(found) == {"policy": "UPDATE"}
    assert engine.update(ROLE_POLICY, identity, drifted, **wanted) == state
    assert iam.get_role_policy(**put)["PolicyDocument"] == json.loads(permissions())


def test_drift_of_a_provider_is_found_and_put_right(engine: Engine, iam: IAMClient) -> None:
    """Audiences have no order; thumbprints that were not given are AWS's own and no drift."""
    wanted = INPUTS[OIDC]
    identity, state = engine.create(OIDC, **wanted)
    which = {"OpenIDConnectProviderArn": identity}
    iam.remove_client_id_from_open_id_connect_provider(ClientID="other", **which)
    iam.add_client_id_to_open_id_connect_provider(ClientID="rogue", **which)
    iam.update_open_id_connect_provider_thumbprint(ThumbprintList=["f" * 40], **which)
    iam.tag_open_id_connect_provider(Tags=[{"Key": "team", "Value": "rogue"}], **which)
    _, drifted, _ = engine.read(OIDC, identity, state, **wanted)
    assert differing(engine.diff(OIDC, identity, drifted, **wanted)) == {
        "clientIdLists": "UPDATE",
        'tags["team"]': "UPDATE",
    }
    assert engine.update(OIDC, identity, drifted, **wanted) == state | {
        "thumbprintLists": ["f" * 40]
    }
    swapped = wanted | {"clientIdLists": ["other", "sts.amazonaws.com"]}
    assert differing(engine.diff(OIDC, identity, state, **swapped)) == {}


def test_a_managed_policy_gets_versions(engine: Engine, iam: IAMClient) -> None:
    """Of five versions the oldest is deleted for a new one; the policy's deletion deletes all."""
    wanted = INPUTS[POLICY]
    identity, state = engine.create(POLICY, **wanted)
    for number in range(7):
        changed = wanted | {"policy": permissions(Sid=f"Version{number}")}
        assert differing(engine.diff(POLICY, identity, state, **changed)) == {"policy": "UPDATE"}
        state = engine.update(POLICY, identity, state, **changed)
        assert state["policy"] == changed["policy"]
    assert len(iam.list_policy_versions(PolicyArn=identity)["Versions"]) == 5
    engine.delete(POLICY, identity, state)
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_a_detached_policy_is_attached_again(engine: Engine, iam: IAMClient) -> None:
    """A refresh finds that the attachment is missing, and it is created again."""
    identity, state = engine.create(ATTACHMENT, **INPUTS[ATTACHMENT])
    assert identity == f"slipway/{READ_ONLY}"
    iam.detach_role_policy(RoleName="slipway", PolicyArn=READ_ONLY)
    assert engine.read(ATTACHMENT, identity, state, **INPUTS[ATTACHMENT])[0] == ""
    engine.create(ATTACHMENT, **INPUTS[ATTACHMENT])
    attached = iam.list_attached_role_policies(RoleName="slipway")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [READ_ONLY]
