"""The provider's settings, over gRPC, in the SDK's form: all values but texts are JSON."""

import json
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from sandbox.serving import Server
from tests.sandbox.aws.documents import trust
from tests.sandbox.aws.plugin.engine import (
    UNKNOWN,
    Engine,
    sandbox_environment,
    started,
    to_message,
)

WHOAMI = "aws:index/getCallerIdentity:getCallerIdentity"
PROVIDER = "urn:pulumi:dev::p::pulumi:providers:aws::aws"


def role_in(account: str, **changes: Any) -> str:
    """The setting to assume a role in the account."""
    return json.dumps([{"roleArn": f"arn:aws:iam::{account}:role/slipway", **changes}])


def check(engine: Engine, **news: Any) -> dict[str, str]:
    """The problems of settings by name."""
    request = provider_pb2.CheckRequest(urn=PROVIDER, news=to_message(news))
    return {f.property: f.reason for f in engine.stub.CheckConfig(request).failures}


def refusal(engine: Engine, **settings: Any) -> str:
    """The error when the plugin is configured with the settings."""
    with pytest.raises(grpc.RpcError) as refused:
        engine.configure(**settings)
    details: str = str(refused.value.details())
    return details


def test_the_role_decides_the_account(process: Engine, account: str) -> None:
    """The plugin uses the account of the assumed role."""
    process.configure(assumeRoles=role_in(account, sessionName="slipway"))
    found, _ = process.invoke(WHOAMI)
    assert found["accountId"] == found["id"] == account
    assert found["arn"] == f"arn:aws:sts::{account}:assumed-role/slipway/slipway"


def test_another_account_is_refused(process: Engine, account: str) -> None:
    """`allowedAccountIds` refuses credentials of another account."""
    reason = f"AWS account ID not allowed: {account}"
    role = role_in(account)
    assert refusal(process, assumeRoles=role, allowedAccountIds='["111111111111"]') == reason
    assert refusal(process, assumeRoles=role, forbiddenAccountIds=f'["{account}"]') == reason


def test_a_role_that_cannot_be_assumed_is_named(process: Engine) -> None:
    """The error has the role and AWS's message."""
    reason = refusal(process, assumeRoles=role_in("888888888888"))
    assert reason.startswith("AssumeRole: AccessDenied: User: ")
    assert reason.endswith("arn:aws:iam::888888888888:role/slipway")


def test_default_tags_are_on_everything(process: Engine, account: str) -> None:
    """All resources have the default tags; a resource's own tags override them."""
    process.configure(
        assumeRoles=role_in(account), defaultTags=json.dumps({"tags": {"a": "1", "b": "2"}})
    )
    checked, _ = process.check("aws:iam/role:Role", assumeRolePolicy=trust(), tags={"b": "3"})
    assert checked["tags"] == {"a": "1", "b": "3"}
    checked, _ = process.check("aws:iam/rolePolicy:RolePolicy", role="a", policy=trust())
    assert "tags" not in checked


@pytest.mark.parametrize(
    ("settings", "failing"),
    [
        ({"region": "eu-west-1", "skipRegionValidation": "true", "version": "7.51.1"}, None),
        ({"region": UNKNOWN, "assumeRoles": UNKNOWN}, None),
        ({"assumeRoles": [{"roleArn": "a", "externalId": "b"}]}, None),
        ({"profile": "work"}, "profile"),
        ({"endpoints": "[]"}, "endpoints"),
        ({"allowedAccountIds": "111111111111"}, "allowedAccountIds"),
        ({"allowedAccountIds": "not JSON"}, "allowedAccountIds"),
        ({"assumeRoles": '[{"sessionName": "a"}]'}, "assumeRoles"),
        ({"assumeRoles": '["arn"]'}, "assumeRoles"),
        ({"assumeRoles": '[{"roleArn": "a", "policy": "b"}]'}, "assumeRoles.policy"),
        ({"defaultTags": '{"tag": {}}'}, "defaultTags.tag"),
    ],
)
def test_what_is_not_honoured_is_refused_by_name(
    process: Engine, settings: dict[str, Any], failing: str | None
) -> None:
    """Both CheckConfig and Configure refuse an unsupported setting by its name."""
    assert list(check(process, **settings)) == ([failing] if failing else [])
    if failing:
        assert failing in refusal(process, **settings)


def test_changed_settings_replace_nothing(process: Engine) -> None:
    """Another region or role updates the provider and does not replace its resources."""
    answer = process.stub.DiffConfig(
        provider_pb2.DiffRequest(
            urn=PROVIDER,
            olds=to_message({"region": "eu-west-1", "allowedAccountIds": '["1"]'}),
            old_inputs=to_message({"region": "eu-west-1", "allowedAccountIds": '["1"]'}),
            news=to_message({"region": "eu-central-1", "allowedAccountIds": '[ "1" ]'}),
        )
    )
    assert answer.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert (list(answer.diffs), list(answer.replaces)) == (["region"], [])


@pytest.mark.usefixtures("plugin_home")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"AWS_ENDPOINT_URL": ""}, "for its sandbox only: set AWS_ENDPOINT_URL"),
        ({"AWS_ENDPOINT_URL": "127.0.0.1:5000"}, "is no address such as"),
        ({"AWS_ENDPOINT_URL": "https://iam.amazonaws.com"}, "never talks to AWS"),
        ({"AWS_ENDPOINT_URL": "https://sts.eu-west-1.api.aws"}, "never talks to AWS"),
        ({"AWS_ACCESS_KEY_ID": ""}, "no AWS credentials"),
        ({"AWS_REGION": ""}, "no region"),
    ],
)
def test_it_works_in_the_sandbox_only(aws: Server, changes: dict[str, str], reason: str) -> None:
    """The plugin refuses the real AWS and a missing endpoint or credentials."""
    with started(sandbox_environment(aws.url) | changes) as engine:
        assert reason in refusal(engine)


@pytest.mark.usefixtures("plugin_home")
def test_botocore_reads_the_plugins_own_environment(aws: Server, tmp_path: Path) -> None:
    """A preloaded plugin has no settings of the process that it was forked from."""
    (tmp_path / "config").write_text("no section")
    variables = {"AWS_CONFIG_FILE": str(tmp_path / "config")}
    with started(sandbox_environment(aws.url) | variables) as engine:
        assert "Unable to parse config file" in refusal(engine, allowedAccountIds='["1"]')


@pytest.mark.usefixtures("plugin_home")
def test_settings_come_before_the_environment(aws: Server) -> None:
    """Keys and region of the settings override those of the environment."""
    with started({"AWS_ENDPOINT_URL": aws.url}) as engine:
        engine.configure(accessKey="a", secretKey="b", token="c", region="eu-west-1")
        found, _ = engine.invoke(WHOAMI)
    assert len(found["accountId"]) == 12
