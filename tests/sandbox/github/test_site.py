"""The emulator as a GitHub other than github.com."""

import pytest

from sandbox.github import Store
from sandbox.github.site import SERVER_VERSION, Site
from tests.sandbox.github.conftest import Api

SUB = "actions/oidc/customization/sub"


@pytest.mark.parametrize(
    ("site", "issuer", "audience"),
    [
        (Site(), "https://token.actions.githubusercontent.com", "https://github.com/acme"),
        (
            Site("github.com", "octo"),
            "https://token.actions.githubusercontent.com/octo",
            "https://github.com/acme",
        ),
        (
            Site("octocorp.ghe.com"),
            "https://token.actions.octocorp.ghe.com",
            "https://octocorp.ghe.com/acme",
        ),
        (
            Site("github.example.com"),
            "https://github.example.com/_services/token",
            "https://github.example.com/acme",
        ),
    ],
)
def test_issuer_and_audience_are_the_documented_ones(
    site: Site, issuer: str, audience: str
) -> None:
    """Both values are documented (OpenID Connect reference, and network details of GHE.com)."""
    assert (site.issuer, site.audience("acme")) == (issuer, audience)


def test_a_server_knows_no_immutable_subjects(api: Api, store: Store) -> None:
    """A server has no immutable subjects, in tokens or answers, even for new repositories."""
    store.site = Site("github.example.com")
    for name in ("billing", "empty"):
        assert api("GET", f"/repos/acme/{name}/{SUB}").get_json() == {"use_default": True}
        repository = store.repository("acme", name)
        assert repository is not None
        assert store.subject_prefix(repository) == f"repo:acme/{name}"
    assert api("GET", f"/orgs/acme/{SUB}").get_json().keys() == {"include_claim_keys"}
    store.site = Site("octocorp.ghe.com")
    told = api("GET", f"/repos/acme/empty/{SUB}").get_json()
    assert told["sub_claim_prefix"] == "repo:acme@21/empty@42"


def test_a_server_tells_its_version_and_no_limits(api: Api, store: Store) -> None:
    """A server sends its version, and no rate limits unless its administrator enables them."""
    assert "X-RateLimit-Limit" in api("GET", "/repos/acme/billing").headers
    store.site = Site("github.example.com")
    found = api("GET", "/repos/acme/billing").headers
    assert found["X-GitHub-Enterprise-Version"] == SERVER_VERSION
    assert [name for name, _ in found if name.startswith("X-RateLimit")] == []
    limits = api("GET", "/rate_limit")
    assert limits.status_code == 404
    assert limits.get_json()["message"] == "Rate limiting is not enabled."
