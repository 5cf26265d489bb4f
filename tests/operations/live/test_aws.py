import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from mypy_boto3_iam import IAMClient

from components.config.problems import ConfigurationError
from components.documents.rights import rights
from components.model.stack import Account, Stack, StackSettings
from operations.live import aws as observer
from operations.live.aws import read_account
from operations.live.observed import ObservedAccount
from sandbox.aws.seed import account_iam, seed_account
from sandbox.aws.server import start_aws
from sandbox.serving import Server
from tests.operations.aws_variables import use_aws

pytestmark = pytest.mark.emulated

ID = "100000000001"
ISSUER = "token.actions.githubusercontent.com"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ID}, "Action": "sts:AssumeRole"}],
}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ACCOUNT = Account(account_id=ID, region="eu-west-1", assume_role=f"arn:aws:iam::{ID}:role/slipway")


@pytest.fixture(scope="module")
def aws() -> Iterator[Server]:
    """An account with one role that has everything."""
    server = start_aws()
    seed_account(server.url, ID, oidc_provider=True, policies={"boundary": DOCUMENT})
    iam = account_iam(server.url, ID)
    furnish(iam)
    iam.close()
    yield server
    server.stop()


def furnish(iam: IAMClient) -> None:
    """A role with policies of both kinds, a boundary, tags and a long session."""
    iam.create_role(
        RoleName="Acme.billing-prod",
        Path="/slipway/",
        AssumeRolePolicyDocument=json.dumps(TRUST),
        PermissionsBoundary=f"arn:aws:iam::{ID}:policy/boundary",
        MaxSessionDuration=7200,
        Tags=[{"Key": "a", "Value": "b"}],
    )
    name, text = "Acme.billing-prod", json.dumps(DOCUMENT)
    iam.put_role_policy(RoleName=name, PolicyName="deploy", PolicyDocument=text)
    iam.attach_role_policy(RoleName=name, PolicyArn=READ_ONLY)


@pytest.fixture(autouse=True)
def _environment(aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, aws.url)


def check(found: ObservedAccount) -> None:
    """The role with everything, and the provider."""
    role = found.roles["acme.billing-prod"]
    assert (role.name, role.path) == ("Acme.billing-prod", "/slipway/")
    assert role.arn == f"arn:aws:iam::{ID}:role/slipway/Acme.billing-prod"
    assert role.trust == TRUST
    assert role.inline_policies == {"deploy": DOCUMENT}
    assert role.managed_policies == {READ_ONLY}
    assert role.permissions_boundary == f"arn:aws:iam::{ID}:policy/boundary"
    assert role.max_session_seconds == 7200
    assert role.tags == {"a": "b"}
    assert found.oidc_audiences == frozenset({"sts.amazonaws.com"})


def test_an_account_is_read_whole() -> None:
    """Trust, policies of both kinds, boundary, tags, session, and the provider's audiences."""
    found = read_account(ACCOUNT, ())
    check(found)
    assert found.complete


def test_the_rights_of_a_preview_suffice_to_read_an_account(aws: Server) -> None:
    """The rights of a preview, with the read role, suffice to read the whole account.

    The role that changes objects does not exist here, so reading cannot assume it.
    """
    roles = {
        "read_role": f"arn:aws:iam::{ID}:role/reader",
        "assume_role": f"arn:aws:iam::{ID}:role/nobody",
    }
    account = ACCOUNT.model_copy(update=roles)
    accounts = dict.fromkeys(("dev", "test", "prod"), account)
    settings = StackSettings.model_validate({"owner": "acme", "accounts": accounts})
    policy = rights(Stack(name="s", settings=settings, repositories=()), account)["preview"]
    with closing(account_iam(aws.url, ID)) as iam:
        iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName="reader", PolicyName="look", PolicyDocument=json.dumps(policy))
        found = read_account(account, ())
        iam.delete_role_policy(RoleName="reader", PolicyName="look")
        iam.delete_role(RoleName="reader")
    check(found)
    assert found.complete


def test_a_program_is_asked_for_credentials_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For several accounts, the program of the user's profile runs once: it may ask for a code."""
    keys = {"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "from-the-program"}
    program, calls = tmp_path / "program", tmp_path / "calls"
    program.write_text(f"#!/bin/sh\necho called >> {calls}\necho '{json.dumps(keys)}'\n")
    program.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f"[default]\ncredential_process = {program}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    other = ACCOUNT.model_copy(update={"region": "eu-central-1"})
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda account: read_account(account, ()), [ACCOUNT, other] * 4):
            check(found)
    assert calls.read_text() == "called\n"


#: Role names before and after the furnished role's, so that it is on its own page.
NEIGHBOURS = ("AAA", "Zzz")


def with_neighbours(aws: Server, account_id: str) -> IAMClient:
    """An account of a test's own with two roles beside its first."""
    seed_account(aws.url, account_id, policies={"boundary": DOCUMENT})
    iam = account_iam(aws.url, account_id)
    for name in NEIGHBOURS:
        text = json.dumps(TRUST)
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=text, MaxSessionDuration=43200)
    return iam


def test_every_page_of_both_lists_is_read(aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both lists are read to the last page, and no role is requested by name."""
    monkeypatch.setattr(observer, "_PAGE", 1)
    iam = with_neighbours(aws, "100000000003")
    asked: list[str] = []
    iam.meta.events.register(
        "before-call.iam", lambda model, **_: asked.append(model.name), unique_id="asked"
    )
    roles, complete = observer._roles(iam, ())
    seconds = {name: role.max_session_seconds for name, role in roles.items()}
    assert seconds == {"aaa": 43200, "zzz": 43200, "slipway": 3600}
    assert complete
    assert set(asked) == {"GetAccountAuthorizationDetails", "ListRoles"}
    iam.close()


def test_a_role_deleted_between_pages_hides_no_other(
    aws: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a role is deleted between pages, no other role is missing from the result."""
    monkeypatch.setattr(observer, "_PAGE", 1)
    iam = with_neighbours(aws, "100000000004")
    pages: list[str] = []

    def changing(model: Any, **_: Any) -> None:
        pages.append(model.name)
        if pages.count(model.name) == 3 and model.name == "GetAccountAuthorizationDetails":
            other = account_iam(aws.url, "100000000004")
            other.delete_role(RoleName="AAA")
            other.create_role(
                RoleName="AAB",
                AssumeRolePolicyDocument=json.dumps(TRUST),
                MaxSessionDuration=7200,
            )
            other.close()

    iam.meta.events.register("before-call.iam", changing, unique_id="changing")
    roles, _ = observer._roles(iam, ())
    seconds = {name: role.max_session_seconds for name, role in roles.items()}
    assert seconds == {"aab": 7200, "zzz": 43200, "slipway": 3600}
    iam.close()


def test_without_the_right_to_list_roles_are_read_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the right to list, the named roles are read one by one; missing ones are absent."""
    from botocore.exceptions import ClientError

    def denied(_iam: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetAccountAuthorizationDetails")

    monkeypatch.setattr(observer, "_all_roles", denied)
    found = read_account(ACCOUNT, ["Acme.billing-prod", "acme.other-prod"])
    check(found)
    assert found.roles.keys() == {"acme.billing-prod"}
    assert not found.complete


def test_credentials_of_another_account_are_refused() -> None:
    """Without a role to assume, credentials of another account are refused."""
    other = Account(account_id="999999999999", region="eu-west-1")
    with pytest.raises(ConfigurationError, match="the credentials are of account"):
        read_account(other, ())


def test_a_missing_provider_is_none(aws: Server) -> None:
    """An account without GitHub's OIDC provider has no audiences."""
    seed_account(aws.url, "100000000002")
    role = "arn:aws:iam::100000000002:role/slipway"
    account = Account(account_id="100000000002", region="eu-west-1", assume_role=role)
    assert read_account(account, ()).oidc_audiences is None


def test_refusals_name_the_account() -> None:
    """A refusal by AWS names the account."""
    role = f"arn:aws:iam::{ID}:role/nobody"
    account = Account(account_id=ID, region="eu-west-1", assume_role=role)
    with pytest.raises(ConfigurationError, match=f"AWS account {ID}"):
        read_account(account, ())
