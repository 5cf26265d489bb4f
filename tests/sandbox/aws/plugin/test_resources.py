"""The lifecycle of each resource type, over gRPC and against moto."""

import json

import grpc
import pytest
from mypy_boto3_iam import IAMClient

from tests.sandbox.aws.documents import permissions, trust
from tests.sandbox.aws.plugin.engine import UNKNOWN, Engine, Secret
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

KINDS = pytest.mark.parametrize("kind", INPUTS)


@KINDS
def test_what_was_made_does_not_differ(engine: Engine, kind: str) -> None:
    """After its creation a resource has no difference, with and without refresh."""
    identity, state = engine.create(kind, **INPUTS[kind])
    assert differing(engine.diff(kind, identity, state, **INPUTS[kind])) == {}
    found, refreshed, inputs = engine.read(kind, identity, state, **INPUTS[kind])
    assert (found, refreshed, inputs) == (identity, state, INPUTS[kind])


@KINDS
def test_what_is_gone_has_no_id(engine: Engine, kind: str) -> None:
    """A refresh of a missing resource returns no id, and its deletion is no error."""
    identity, state = engine.create(kind, **INPUTS[kind])
    for _ in range(2):
        engine.delete(kind, identity, state)
        assert engine.read(kind, identity, state, **INPUTS[kind]) == ("", {}, {})


@KINDS
def test_an_import_finds_what_was_made(engine: Engine, kind: str) -> None:
    """An import needs the id only, and returns inputs that make no difference."""
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
    """A preview with an unknown input returns unknown outputs and does not crash."""
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
    """A secret input is a secret output in preview, update and refresh, as are derived outputs."""
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
    """An unknown input is an error with its name; the plugin ignores no input."""
    _, failures = engine.check(kind, **INPUTS[kind], colour="red")
    assert list(failures) == ["colour"]
    assert "'colour' is not supported by the sandbox's pulumi-resource-aws" in failures["colour"]


@KINDS
def test_what_is_missing_or_of_another_kind_is_refused(engine: Engine, kind: str) -> None:
    """All missing inputs and wrong types are reported at once, before any creation."""
    _, failures = engine.check(kind)
    assert failures
    assert all(reason.startswith("Missing required") for reason in failures.values())
    _, failures = engine.check(kind, **dict.fromkeys(INPUTS[kind], True))
    assert failures.keys() == INPUTS[kind].keys()


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
    """Some changes replace the resource; with the same fixed name the old one is deleted first."""
    identity, state = engine.create(kind, **INPUTS[kind])
    found = engine.diff(kind, identity, state, **INPUTS[kind] | change)
    assert list(found.replaces) == list(change)
    assert found.deleteBeforeReplace is first
    assert set(differing(found).values()) == {"UPDATE_REPLACE"}


def test_a_name_is_made_up_once(engine: Engine) -> None:
    """A missing name is generated from the logical name, and stays in later runs."""
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
    """A document may be given as a text or as an object."""
    checked, failures = engine.check(ROLE, assumeRolePolicy=json.loads(trust()))
    assert failures == {}
    assert json.loads(checked["assumeRolePolicy"]) == json.loads(trust())


def test_what_aws_would_refuse_is_refused_in_preview(engine: Engine) -> None:
    """A preview refuses invalid values if pulumi-aws does so without a call."""
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
    """The error has AWS's code and message, so that users can search for them."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.create(ROLE, name="open", assumeRolePolicy=trust(condition={}))
    details = str(str(refused.value.details()))
    assert details.startswith("CreateRole: MalformedPolicyDocument: Trust policy with trusted")
    assert "Traceback" not in details


def test_a_role_with_policies_goes_only_by_force(engine: Engine, iam: IAMClient) -> None:
    """A foreign policy on the role prevents its deletion, unless `forceDetachPolicies` is set."""
    wanted = {"name": "billing", "assumeRolePolicy": trust()}
    identity, state = engine.create(ROLE, **wanted)
    iam.put_role_policy(RoleName="billing", PolicyName="a", PolicyDocument=permissions())
    iam.attach_role_policy(RoleName="billing", PolicyArn=READ_ONLY)
    with pytest.raises(grpc.RpcError, match="DeleteConflict"):
        engine.delete(ROLE, identity, state)
    engine.delete(ROLE, identity, state | {"forceDetachPolicies": True})
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["slipway"]


def test_ignored_changes_are_no_difference(engine: Engine) -> None:
    """A change of a property in `ignoreChanges` is no difference."""
    identity, state = engine.create(ROLE, **INPUTS[ROLE])
    changed = INPUTS[ROLE] | {"description": "other", "tags": {"repository": "other"}}
    ignored = ("description", "tags.repository")
    assert differing(engine.diff(ROLE, identity, state, *ignored, **changed)) == {}


@pytest.mark.parametrize(("kind", "identity"), [(ROLE_POLICY, "alone"), (ATTACHMENT, "alone")])
def test_a_bad_import_id_says_how_a_good_one_looks(
    engine: Engine, kind: str, identity: str
) -> None:
    """The error about an invalid import id has a valid example."""
    with pytest.raises(grpc.RpcError, match=r"'alone': the id of .* is <role name>"):
        engine.read(kind, identity, {})
