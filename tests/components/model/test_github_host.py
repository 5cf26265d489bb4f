import pytest

from components.model.github_host import GITHUB_COM, GitHubHost
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS


@pytest.mark.parametrize(
    ("host", "rest", "issuer", "enterprise"),
    [
        (
            GITHUB_COM,
            "https://api.github.com/",
            "token.actions.githubusercontent.com",
            False,
        ),
        (
            GitHubHost(issuer_enterprise_slug="octo"),
            "https://api.github.com/",
            "token.actions.githubusercontent.com/octo",
            False,
        ),
        (
            GitHubHost(host="octocorp.ghe.com"),
            "https://api.octocorp.ghe.com/",
            "token.actions.octocorp.ghe.com",
            True,
        ),
        (
            GitHubHost(host="GitHub.Example.com"),
            "https://github.example.com/api/v3/",
            "github.example.com/_services/token",
            True,
        ),
    ],
)
def test_addresses_are_the_documented_ones(
    host: GitHubHost,
    rest: str,
    issuer: str,
    enterprise: bool,  # noqa: FBT001 - a table
) -> None:
    """API address, issuer and plan follow from the host alone, as GitHub documents them."""
    assert (host.rest_url, host.issuer, host.is_enterprise) == (rest, issuer, enterprise)


def test_each_account_trusts_the_declared_github() -> None:
    """The ARN of the provider has the issuer with its path, in the account's partition."""
    account = {"account_id": "111111111111", "region": "cn-north-1"}
    settings = StackSettings.model_validate(
        {
            "owner": "acme",
            "github": {"host": "github.example.com"},
            "accounts": dict.fromkeys(ENVIRONMENTS, account),
        }
    )
    arn = "arn:aws-cn:iam::111111111111:oidc-provider/github.example.com/_services/token"
    for name in ENVIRONMENTS:
        assert settings.account(name).oidc_provider_arn == arn
