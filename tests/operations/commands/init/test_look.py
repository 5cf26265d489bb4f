"""`slipway init` reads the OIDC provider of each account, here of the sandbox's AWS."""

import itertools

import pytest

from components.model.stack import StackSettings
from operations.commands.init.look import look_accounts
from operations.live.aws import own_account
from sandbox.aws.seed import account_iam, seed_account
from sandbox.serving import Server
from tests.operations.aws_variables import use_aws

pytestmark = pytest.mark.emulated

OWN = "123456789012"
_ACCOUNTS = itertools.count(410_000_000_001)


@pytest.fixture(autouse=True)
def _environment(aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, aws.url)


def settings(*accounts: str, role: str | None = "slipway") -> StackSettings:
    """Return settings with these accounts; the last one is repeated for other environments."""
    given = [*accounts, *[accounts[-1]] * 3]
    data = {}
    for name, account in zip(("dev", "test", "prod"), given, strict=False):
        data[name] = {"account_id": account, "region": "eu-west-1"}
        if role:
            data[name]["assume_role"] = f"arn:aws:iam::{account}:role/{role}"
    return StackSettings.model_validate({"owner": "acme", "accounts": data})


def account(aws: Server, **tags: str) -> str:
    """Create an account with slipway's role and, if tags are given, a provider; return its id."""
    number = str(next(_ACCOUNTS))
    seed_account(aws.url, number)
    if tags:
        iam = account_iam(aws.url, number)
        iam.create_open_id_connect_provider(
            Url="https://token.actions.githubusercontent.com",
            ClientIDList=["sts.amazonaws.com"],
            Tags=[{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()],
        )
        iam.close()
    return number


def test_each_account_says_whose_provider_it_has(aws: Server) -> None:
    """By its tags, a provider is absent, this stack's own or foreign, as for `up`."""
    accounts = [
        account(aws),
        account(aws, managed_by="slipway", slipway_stack="s"),
        account(aws, managed_by="slipway", slipway_stack="other"),
    ]
    found = look_accounts("s", settings(*accounts))
    assert found == dict(zip(accounts, ("absent", "own", "foreign"), strict=True))


def test_a_provider_without_tags_is_anothers(aws: Server) -> None:
    """A provider without slipway's tags, which an administrator created, is foreign."""
    number = account(aws, team="platform")
    assert look_accounts("s", settings(number)) == {number: "foreign"}


def test_an_account_that_refuses_is_no_guess(aws: Server) -> None:
    """If the role or the credentials are wrong, the answer is AWS's reason and no guess."""
    number = account(aws)
    denied = look_accounts("s", settings(number, role="nobody"))[number]
    assert "AccessDenied" in denied
    other = look_accounts("s", settings(number, role=None))[number]
    assert other.startswith(f"the credentials are of account {OWN}: set others, or declare")
    assert look_accounts("s", settings(OWN, role=None)) == {OWN: "absent"}


def test_the_account_of_ones_own_credentials_is_known() -> None:
    """The account of the user's credentials is known; the question has it as default."""
    assert own_account("eu-west-1") == OWN
