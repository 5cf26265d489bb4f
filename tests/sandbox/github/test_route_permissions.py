"""The permissions that a fine-grained token needs for a route, and the refusal without them."""

import json

import pytest

from sandbox.github.planting import plant
from sandbox.github.route_permissions import permissions_of
from sandbox.github.seed import Seed
from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.contract_cases import PROTECTION, RULESET
from tests.sandbox.github.openapi_extract import served_routes

HIDDEN, BILLING = "/repos/acme/hidden", "/repos/acme/billing"
GATED = f"{HIDDEN}/environments/gated"
REFUSAL = "Resource not accessible by personal access token"
PULL = {"title": "t", "head": "develop", "base": "main"}
FILE = {"message": "m", "content": "eA=="}
#: Routes that need no permission by GitHub's documentation: their data is public.
FREE = {
    ("GET", "/orgs/{org}"),
    ("GET", "/rate_limit"),
    ("GET", "/user"),
    ("GET", "/users/{username}"),
    ("GET", "/users/{username}/gpg_keys"),
    ("GET", "/users/{username}/keys"),
}

#: Permission, method, path, body: refused without this one permission, served with it.
NEEDED = [
    ("actions=read", "GET", f"{HIDDEN}/actions/oidc/customization/sub", None),
    ("actions=read", "GET", f"{HIDDEN}/environments", None),
    ("administration=write", "PUT", f"{HIDDEN}/environments/dev", None),
    ("actions=read", "GET", f"{GATED}/deployment_protection_rules", None),
    ("administration=read", "GET", f"{GATED}/deployment_protection_rules/apps", None),
    (
        "administration=write",
        "POST",
        f"{GATED}/deployment_protection_rules",
        {"integration_id": 51},
    ),
    ("contents=read", "GET", f"{HIDDEN}/contents/a", None),
    ("contents=write", "PUT", f"{HIDDEN}/contents/b", FILE),
    ("workflows=write", "PUT", f"{HIDDEN}/contents/.github/workflows/b.yml", FILE),
    ("environments=read", "GET", f"{BILLING}/environments/prod/secrets", None),
    ("environments=read", "GET", f"{BILLING}/environments/prod/variables", None),
    ("environments=write", "DELETE", f"{BILLING}/environments/prod/secrets/TOKEN", None),
    ("members=read", "GET", "/orgs/acme/teams/platform", None),
    ("members=read", "GET", "/organizations/21/team/31", None),
    ("issues=write", "POST", f"{HIDDEN}/issues", {"title": "t"}),
    ("pull_requests=read", "GET", f"{HIDDEN}/pulls", None),
    ("pull_requests=write", "POST", f"{BILLING}/pulls", PULL),
    ("administration=write", "POST", f"{HIDDEN}/rulesets", RULESET),
    ("administration=read", "GET", f"{BILLING}/branches/develop/protection", None),
    ("organization_administration=write", "GET", "/orgs/acme/rulesets", None),
]
EVERYTHING = dict.fromkeys(
    (
        "actions",
        "administration",
        "contents",
        "environments",
        "issues",
        "members",
        "organization_administration",
        "pull_requests",
        "workflows",
    ),
    "write",
)


def planted(store: Store, permissions: dict[str, str]) -> str:
    """A fine-grained token of an administrator with these permissions only."""
    token = {"token": "fine", "login": "boss", "kind": "fine-grained", "permissions": permissions}
    plant(store, Seed.model_validate({"tokens": [token]}))
    return "fine"


@pytest.mark.parametrize("row", NEEDED, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_a_permission_is_needed(
    api: Api, store: Store, row: tuple[str, str, str, dict[str, str] | None]
) -> None:
    """Without it, GitHub's message and header are sent; with it, the route is served."""
    need, method, path, body = row
    name, _, level = need.partition("=")
    less = {key: value for key, value in EVERYTHING.items() if key != name}
    if level == "write":
        less[name] = "read"
    if "/protection" in path:
        api("PUT", path, PROTECTION)
    refused = api(method, path, body, token=planted(store, less))
    assert (refused.status_code, refused.get_json()["message"]) == (403, REFUSAL)
    if name != "workflows":  # GitHub documents the route's own permission alone
        assert need in refused.headers["X-Accepted-GitHub-Permissions"].split(",")
    served = api(method, path, body, token=planted(store, less | {name: level}))
    assert served.status_code < 300, served.text


def test_public_resources_are_shown_to_all(api: Api, store: Store) -> None:
    """Public resources need no permission, except the customisation of the subject."""
    token = planted(store, {})
    for path in (BILLING, f"{BILLING}/contents/README.md", f"{BILLING}/environments/prod"):
        assert api("GET", path, token=token).status_code == 200
    for path in (HIDDEN, "/users/octocat", "/orgs/acme"):  # every token may read metadata
        assert api("GET", path, token=token).status_code == 200
    subject = f"{BILLING}/actions/oidc/customization/sub"
    assert api("GET", subject, token=token).status_code == 403


def test_every_route_has_its_permission() -> None:
    """The table has a permission for every served route, except those that need none."""
    assert {route for route in served_routes() if not permissions_of(*route)} == FREE


def test_a_classic_token_has_scopes_instead(api: Api) -> None:
    """A classic token needs no permission, and its answers have no header with permissions."""
    assert "X-Accepted-GitHub-Permissions" not in api("GET", HIDDEN).headers


def test_the_log_tells_what_was_needed(api: Api, store: Store) -> None:
    """The log has the permissions of all requests, whatever the kind of their token."""
    store.log.clear()
    api("PUT", f"{HIDDEN}/contents/.github/workflows/b.yml", FILE)
    api("GET", "/orgs/acme/teams/platform")
    report = json.loads(json.dumps(store.log.report()))
    assert report["permissions"] == ["contents=write", "members=read", "workflows=write"]
