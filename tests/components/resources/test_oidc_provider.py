from components.resources.oidc_provider import OidcProvider, OidcProviderArgs
from tests.components.resources.conftest import Provision

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ARN = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
ARGS: OidcProviderArgs = {
    "arn": ARN,
    "issuer": "token.actions.githubusercontent.com",
    "existing": False,
    "tags": {"managed-by": "slipway"},
}


def test_a_made_provider_trusts_sts_tokens_only(provision: Provision) -> None:
    """The audience is STS and no thumbprint is pinned: AWS trusts its own roots for GitHub."""
    recorder = provision(lambda: OidcProvider("oidc-111111111111", ARGS))
    assert recorder.of(PROVIDER) == {
        "oidc-111111111111": {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "tags": {"managed-by": "slipway"},
        }
    }


def test_an_existing_provider_is_asked_for_and_not_made(provision: Provision) -> None:
    """The second stack of an account looks the provider up by its ARN."""
    args: OidcProviderArgs = {**ARGS, "existing": True}
    recorder = provision(lambda: OidcProvider("oidc-111111111111", args))
    assert recorder.of(PROVIDER) == {}
    token = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider"
    assert [(call, args["arn"]) for call, args in recorder.calls] == [(token, ARN)]
