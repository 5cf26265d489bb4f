from components.model.stack import Stack, StackSettings
from components.resources.oidc_provider import OidcProvider, OidcProviderArgs, oidc_providers
from components.resources.providers import aws_providers
from tests.components.resources.conftest import Provision
from tests.components.resources.options import Options

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            "dev": {"account_id": "111111111111", "region": "eu-west-1"},
            "test": {"account_id": "111111111111", "region": "eu-west-1"},
            "prod": {"account_id": "333333333333", "region": "eu-central-1"},
        },
    }
)
STACK = Stack(name="s", settings=SETTINGS, repositories=())

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ARN = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
ARGS: OidcProviderArgs = {
    "arn": ARN,
    "issuer": "token.actions.githubusercontent.com",
    "audience": "sts.amazonaws.com",
    "existing": False,
    "tags": {"managed-by": "slipway"},
}


def test_a_made_provider_trusts_sts_tokens_only(provision: Provision) -> None:
    """A created provider has STS as audience and no thumbprint, since AWS trusts its own roots."""
    recorder = provision(lambda: OidcProvider("oidc-111111111111", ARGS))
    assert recorder.of(PROVIDER) == {
        "oidc-111111111111": {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "tags": {"managed-by": "slipway"},
        }
    }


def test_an_existing_provider_is_asked_for_and_not_made(provision: Provision) -> None:
    """An existing provider is looked up by its ARN and not created."""
    args: OidcProviderArgs = {**ARGS, "existing": True}
    recorder = provision(lambda: OidcProvider("oidc-111111111111", args))
    assert recorder.of(PROVIDER) == {}
    token = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider"
    assert [(call, args["arn"]) for call, args in recorder.calls] == [(token, ARN)]


def test_the_provider_is_made_by_its_accounts_own(provision: Provision) -> None:
    """An account's OIDC provider is created by that account's AWS provider, under its own name."""

    def program() -> None:
        oidc_providers(STACK, aws_providers(SETTINGS))

    options = provision(program).options
    for environment, account in (("dev", "111111111111"), ("prod", "333333333333")):
        aws, component = f"aws aws-{environment}", f"OidcProvider oidc-{account}"
        assert options[component] == Options(providers=frozenset({aws}))
        made = options[f"OpenIdConnectProvider oidc-{account}"]
        assert made == Options(parent=component, provider=aws)


def test_an_existing_provider_is_no_resource(provision: Provision) -> None:
    """An existing provider is not registered, so destroying the stack does not delete it."""
    args: OidcProviderArgs = {**ARGS, "existing": True}
    options = provision(lambda: OidcProvider("oidc-111111111111", args)).options
    assert options == {"OidcProvider oidc-111111111111": Options()}
