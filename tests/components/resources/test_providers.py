import json
from typing import Any

import pytest

from components.model.stack import StackSettings
from components.resources.providers import aws_providers, github_provider
from tests.components.resources.conftest import Provision, Recorder
from tests.components.resources.options import Options

ACCOUNTS: dict[str, Any] = {
    "dev": {"account_id": "111111111111", "region": "eu-west-1"},
    "test": {"account_id": "111111111111", "region": "eu-west-1"},
    "prod": {"account_id": "333333333333", "region": "eu-central-1"},
}


def provided(provision: Provision, **prod: str) -> Recorder:
    """Return the providers of a stack with more declared keys in prod's account."""
    accounts = ACCOUNTS | {"prod": ACCOUNTS["prod"] | prod}
    settings = StackSettings.model_validate({"owner": "acme", "accounts": accounts})

    def program() -> None:
        github_provider(settings)
        aws_providers(settings)

    return provision(program)


def test_no_credential_is_an_input(provision: Provision, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens and keys in environment variables do not become inputs, so the state has none."""
    monkeypatch.setenv("GITHUB_TOKEN", "marker-token")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "marker-key")
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:1/")
    recorder = provided(provision)
    assert recorder.of("pulumi:providers:github") == {
        "github": {"owner": "acme", "baseUrl": "http://127.0.0.1:1/"}
    }
    assert "marker" not in json.dumps(recorder.of("pulumi:providers:aws"))


def test_an_account_is_entered_by_its_declared_role(provision: Provision) -> None:
    """The provider assumes the declared role, and refuses any account but the declared one."""
    role = "arn:aws:iam::333333333333:role/slipway"
    prod = provided(provision, assume_role=role).of("pulumi:providers:aws")["aws-prod"]
    assert json.loads(prod["assumeRoles"]) == [{"roleArn": role, "sessionName": "slipway"}]
    assert json.loads(prod["allowedAccountIds"]) == ["333333333333"]
    assert prod["region"] == "eu-central-1"


def test_providers_stand_alone(provision: Provision) -> None:
    """Providers have no parent and no dependency; the AWS providers' keys are secret outputs."""
    keys = Options(secret_outputs=frozenset({"accessKey", "secretKey", "token"}))
    assert provided(provision).options == {
        "github github": Options(),
        "aws aws-dev": keys,
        "aws aws-prod": keys,
    }


@pytest.mark.parametrize(
    ("host", "given", "base_url"),
    [
        ("github.com", "", None),
        ("github.com", "https://www.github.com", "https://api.github.com/"),
        ("octocorp.ghe.com", "", "https://api.octocorp.ghe.com/"),
        ("octocorp.ghe.com", "https://octocorp.ghe.com/", "https://api.octocorp.ghe.com/"),
        ("octocorp.ghe.com", "http://127.0.0.1:1/", "http://127.0.0.1:1/"),
        ("github.example.com", "", "https://github.example.com/"),
        ("github.example.com", "https://github.example.com/api/v3", "https://github.example.com/"),
    ],
)
def test_the_provider_asks_the_declared_github(
    provision: Provision,
    monkeypatch: pytest.MonkeyPatch,
    host: str,
    given: str,
    base_url: str | None,
) -> None:
    """The provider gets the declared GitHub's address as it expects it, or the sandbox's.

    It would take `www.github.com` for a server, and it adds a server's path itself.
    """
    monkeypatch.setenv("GITHUB_BASE_URL", given)
    settings = StackSettings.model_validate(
        {"owner": "acme", "github": {"host": host}, "accounts": ACCOUNTS}
    )
    recorder = provision(lambda: github_provider(settings))
    (made,) = recorder.of("pulumi:providers:github").values()
    assert made.get("baseUrl") == base_url
