"""Each resource type, from its making to its end, over gRPC and against moto."""

import json
from typing import Any

import grpc
import pytest
from mypy_boto3_iam import IAMClient
from pulumi.runtime.proto import provider_pb2

from tests.sandbox.aws.documents import GITHUB, permissions, trust
from tests.sandbox.aws.plugin.engine import UNKNOWN, Engine, Secret

OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
POLICY = "aws:iam/policy:Policy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"

INPUTS: dict[str, dict[str, Any]] = {
    OIDC: {
        "url": f"https://{GITHUB}",
        "clientIdLists": ["sts.amazonaws.com", "other"],
        "tags": {"team": "platform"},
    },
    ROLE: {
        "name": "billing",
        "path": "/slipway/",
        "description": "Deploys",
        "assumeRolePolicy": trust(),
        "maxSessionDuration": 7200,
        "permissionsBoundary": READ_ONLY,
        "tags": {"repository": "acme/billing"},
    },
    ROLE_POLICY: {"role": "slipway", "name": "deploy", "policy": permissions()},
    POLICY: {"name": "deploy", "path": "/a/", "description": "d", "policy": permissions()},
    ATTACHMENT: {"role": "slipway", "policyArn": READ_ONLY},
}
KINDS = pytest.mark.parametrize("kind", INPUTS)


def differing(answer: Any) -> dict[str, str]:
    """Kinds of difference by path."""
    names = provider_pb2.PropertyDiff.Kind.Name
    return {path: names(found.kind) for path, found in answer.detailedDiff.items()}


@KINDS
def test_what_was_made_does_not_differ(engine: Engine, kind: str) -> None:
    """After `up` a preview, with refresh or without, finds nothing to do."""
    identity, state = engine.create(kind, **INPUTS[kind])
    assert differing(engine.diff(kind, identity, state, **INPUTS[kind])) == {}
    found, refreshed, inputs = engine.read(kind, identity, state, **INPUTS[kind])
    assert (found, refreshed, inputs) == (identity, state, INPUTS[kind])


@KINDS
def test_what_is_gone_has_no_id(engine: Engine, kind: str) -> None:
    """A refresh forgets it, and a second delete is no error."""
    identity, state = engine.create(kind, **INPUTS[kind])
    for _ in range(2):
        engine.delete(kind, identity, state)
        assert engine.read(kind, identity, state, **INPUTS[kind]) == ("", {}, {})


@KINDS
def test_an_import_finds_what_was_made(engine: Engine, kind: str) -> None:
    """By id alone: the inputs are those that make no difference."""
    identity, state = engine.create(kind, **INPUTS[kind])
    found, imported, inputs = engine.read(kind, identity, {})
    assert found == identity
    assert {name: imported[name] for name in state if name not in INPUTS[kind]} == {
        name: state[name] for name in state if name not in INPUTS[kind]
    }
    inputs.pop("__defaults")
    assert differing(engine.diff(kind, identity, imported, **inputs)) == {}
    assert differing(engine.diff(kind, identity, imported, **INPUTS[kind])) == {}


@KINDS
def test_an_unknown_input_is_an_unknown_output(engine: Engine, kind: str) -> None:
    """A preview tells what it can and crashes at nothing."""
    known = engine.plan(kind, **INPUTS[kind])
    for name in INPUTS[kind]:
        planned = engine.plan(kind, **INPUTS[kind] | {name: UNKNOWN})
        assert planned[name] == UNKNOWN
        assert planned.keys() == known.keys()
    identity, state = engine.create(kind, **INPUTS[kind])
    assert known.keys() == state.keys()
    for name in INPUTS[kind]:
        wanted = INPUTS[kind] | {name: UNKNOWN}
        assert name in differing(engine.diff(kind, identity, state, **wanted))


@KINDS
def test_a_secret_input_is_a_secret_output(engine: Engine, kind: str) -> None:
    """In preview, after the update and after a refresh; what is made from it is secret as well."""
    secret = {name: Secret(value) for name, value in INPUTS[kind].items()}
    planned = engine.plan(kind, **secret)
    identity, state = engine.create(kind, **secret)
    _, refreshed, inputs = engine.read(kind, identity, state, **secret)
    derived = {"tagsAll"} if "tags" in secret else set()
    for found in (planned, state, refreshed):
        assert {name for name in found if isinstance(found[name], Secret)} == {*secret, *derived}
    assert inputs == secret
    assert differing(engine.diff(kind, identity, state, **secret)) == {}


@KINDS
def test_an_unknown_property_is_refused_by_name(engine: Engine, kind: str) -> None:
    """Nothing that a program says is ignored."""
    _, failures = engine.check(kind, **INPUTS[kind], colour="red")
    assert list(failures) == ["colour"]
    assert "'colour' is not supported by the sandbox's pulumi-resource-aws" in failures["colour"]


@KINDS
def test_what_is_missing_or_of_another_kind_is_refused(engine: Engine, kind: str) -> None:
    """All of it at once, before anything is made."""
    _, failures = engine.check(kind)
    assert failures
    assert all(reason.startswith("Missing required") for reason in failures.values())
    _, failures = engine.check(kind, **dict.fromkeys(INPUTS[kind], True))
    assert failures.keys() == INPUTS[kind].keys()


def test_outputs_are_what_aws_has(engine: Engine, account: str, iam: IAMClient) -> None:
    """Names and values as pulumi-aws gives them."""
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


def test_drift_of_a_role_is_found_and_put_right(engine: Engine, iam: IAMClient) -> None:
    """Whatever somebody changed by hand: what was given, and what was left to AWS."""
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
    """Another spelling of the same permissions is none."""
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
    """Audiences are a set; thumbprints that nobody gave are AWS's own."""
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
    """AWS keeps five; older ones give way, and all go with the policy."""
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
    """The attachment is gone, so it is made anew."""
    identity, state = engine.create(ATTACHMENT, **INPUTS[ATTACHMENT])
    assert identity == f"slipway/{READ_ONLY}"
    iam.detach_role_policy(RoleName="slipway", PolicyArn=READ_ONLY)
    assert engine.read(ATTACHMENT, identity, state, **INPUTS[ATTACHMENT])[0] == ""
    engine.create(ATTACHMENT, **INPUTS[ATTACHMENT])
    attached = iam.list_attached_role_policies(RoleName="slipway")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [READ_ONLY]


@pytest.mark.parametrize(
    ("kind", "change", "first"),
    [
        (OIDC, {"url": "https://example.com"}, False),
        (ROLE, {"name": "other"}, False),
        (ROLE, {"path": "/"}, True),
        (ROLE_POLICY, {"name": "other"}, False),
        (ROLE_POLICY, {"role": "other"}, True),
        (POLICY, {"name": "other"}, False),
        (POLICY, {"description": "other"}, True),
        (POLICY, {"path": "/"}, True),
        (ATTACHMENT, {"role": "other"}, False),
        (ATTACHMENT, {"policyArn": f"{READ_ONLY}2"}, False),
    ],
)
def test_some_changes_make_another_resource(
    engine: Engine, kind: str, change: dict[str, str], *, first: bool
) -> None:
    """And where the name is fixed and stays, the old one goes first."""
    identity, state = engine.create(kind, **INPUTS[kind])
    found = engine.diff(kind, identity, state, **INPUTS[kind] | change)
    assert list(found.replaces) == list(change)
    assert found.deleteBeforeReplace is first
    assert set(differing(found).values()) == {"UPDATE_REPLACE"}


def test_a_name_is_made_up_once(engine: Engine) -> None:
    """From the logical name; it stays while nobody gives one."""
    given = {"assumeRolePolicy": trust()}
    checked, _ = engine.check(ROLE, **given)
    assert checked["name"].startswith("test-")
    assert len(checked["name"]) == len("test-") + 7
    identity, state = engine.create(ROLE, **given)
    assert identity == checked["name"]
    again, _ = engine.check_again(ROLE, checked | {"name": "test-kept"}, **given)
    assert again["name"] == "test-kept"
    found = engine.diff(ROLE, identity, state, **given, path="/other/")
    assert found.deleteBeforeReplace is False


def test_a_policy_may_be_an_object(engine: Engine) -> None:
    """Pulumi's SDKs allow a document as text or as an object."""
    checked, failures = engine.check(ROLE, assumeRolePolicy=json.loads(trust()))
    assert failures == {}
    assert json.loads(checked["assumeRolePolicy"]) == json.loads(trust())


def test_what_aws_would_refuse_is_refused_in_preview(engine: Engine) -> None:
    """As far as pulumi-aws says so without asking AWS."""
    _, failures = engine.check(
        ROLE,
        name="x" * 65,
        assumeRolePolicy="{",
        maxSessionDuration=60,
        description="“”",
        path="no-slash",
        tags={"k" * 129: ""},
    )
    assert failures.keys() == {
        *("name", "assumeRolePolicy", "maxSessionDuration", "description", "path", "tags")
    }


def test_a_refusal_of_aws_has_its_words(engine: Engine) -> None:
    """So that a user can look them up."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.create(ROLE, name="open", assumeRolePolicy=trust(condition={}))
    details = str(str(refused.value.details()))
    assert details.startswith("CreateRole: MalformedPolicyDocument: Trust policy with trusted")
    assert "Traceback" not in details


def test_a_role_with_policies_goes_only_by_force(engine: Engine, iam: IAMClient) -> None:
    """Somebody else's policy on the role stops its deletion, unless it was declared away."""
    wanted = {"name": "billing", "assumeRolePolicy": trust()}
    identity, state = engine.create(ROLE, **wanted)
    iam.put_role_policy(RoleName="billing", PolicyName="a", PolicyDocument=permissions())
    iam.attach_role_policy(RoleName="billing", PolicyArn=READ_ONLY)
    with pytest.raises(grpc.RpcError, match="DeleteConflict"):
        engine.delete(ROLE, identity, state)
    engine.delete(ROLE, identity, state | {"forceDetachPolicies": True})
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["slipway"]


def test_ignored_changes_are_no_difference(engine: Engine) -> None:
    """A user may leave a property to somebody else."""
    identity, state = engine.create(ROLE, **INPUTS[ROLE])
    changed = INPUTS[ROLE] | {"description": "other", "tags": {"repository": "other"}}
    ignored = ("description", "tags.repository")
    assert differing(engine.diff(ROLE, identity, state, *ignored, **changed)) == {}


@pytest.mark.parametrize(("kind", "identity"), [(ROLE_POLICY, "alone"), (ATTACHMENT, "alone")])
def test_a_bad_import_id_says_how_a_good_one_looks(
    engine: Engine, kind: str, identity: str
) -> None:
    """Users type these by hand."""
    with pytest.raises(grpc.RpcError, match=r"'alone': the id of .* is <role name>"):
        engine.read(kind, identity, {})
