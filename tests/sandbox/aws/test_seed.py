import json

from sandbox.aws.seed import account_iam, seed_account
from sandbox.serving import Server
from tests.sandbox.aws.documents import GITHUB, permissions


def test_an_account_has_what_was_there_before_slipway(aws: Server) -> None:
    """A seeded account has the role to assume and, on request, an OIDC provider and policies."""
    document = json.loads(permissions())
    seed_account(aws.url, "555555555555", oidc_provider=True, policies={"deployments": document})
    iam = account_iam(aws.url, "555555555555", "slipway")
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert [p["Arn"] for p in providers] == [f"arn:aws:iam::555555555555:oidc-provider/{GITHUB}"]
    policies = iam.list_policies(Scope="Local")["Policies"]
    assert [p["Arn"] for p in policies] == ["arn:aws:iam::555555555555:policy/deployments"]
    iam.close()


def test_an_account_has_no_more_than_was_asked_for(aws: Server) -> None:
    """By default a seeded account has no OIDC provider."""
    seed_account(aws.url, "666666666666", role="platform")
    iam = account_iam(aws.url, "666666666666", "platform")
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
    assert [role["RoleName"] for role in iam.list_roles()["Roles"]] == ["platform"]
    iam.close()
