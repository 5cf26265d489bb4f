"""The sandbox returns everything that it holds, by one route."""

import json
from typing import Any

import pytest

from tests.sandbox.github.conftest import MEMBER, OUTSIDER, Api

R = "/repos/acme/billing"
FILE = {"message": "Add x", "content": "eA=="}
RULES = {"name": "reviewed", "enforcement": "active", "rules": [{"type": "deletion"}]}


def state(api: Api) -> Any:
    """Everything in the store."""
    answer = api.client.get("/_sandbox/state")
    assert answer.status_code == 200
    return answer.get_json()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"{R}/contents/x", FILE),
        ("PUT", f"{R}/environments/prod", {"wait_timer": 5}),
        ("PUT", f"{R}/environments/prod", {"reviewers": [{"type": "User", "id": 11}]}),
        ("POST", f"{R}/rulesets", RULES),
        ("POST", "/orgs/acme/rulesets", RULES),
        ("PATCH", R, {"archived": True}),
        ("PATCH", R, {"visibility": "internal"}),
        ("PUT", f"{R}/topics", {"names": ["x"]}),
        ("POST", f"{R}/issues", {"title": "x"}),
        ("PUT", f"{R}/actions/oidc/customization/sub", {"use_default": False}),
        ("POST", "/orgs/acme/teams", {"name": "other"}),
        ("POST", "/orgs/acme/repos", {"name": "other"}),
    ],
)
def test_the_state_shows_each_write(api: Api, method: str, path: str, body: object) -> None:
    """Two equal states have had no write between them; reading leaves the state as it is."""
    before = state(api)
    api("GET", R)
    assert state(api) == before
    assert api(method, path, body).status_code < 300
    assert state(api) != before
    assert json.dumps(before)


def test_the_state_has_every_reference(api: Api) -> None:
    """A commit, and a branch that comes, are seen by the references alone."""
    git = state(api)["repositories"]["acme/billing"]["git"]
    sha = git["refs/heads/main"]
    body = {"ref": "refs/heads/other", "sha": sha}
    assert api("POST", f"{R}/git/refs", body).status_code == 201
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201
    after = state(api)["repositories"]["acme/billing"]["git"]
    assert after["refs/heads/main"] != sha
    assert after == git | {"refs/heads/other": sha, "refs/heads/main": after["refs/heads/main"]}


def test_visibility_and_private_of_an_internal_repository(api: Api) -> None:
    """GitHub's `private` is true of it; a repository that is not private is not internal."""
    found = api("PATCH", R, {"visibility": "internal"}).get_json()
    assert (found["visibility"], found["private"]) == ("internal", True)
    found = api("PATCH", R, {"private": False}).get_json()
    assert (found["visibility"], found["private"]) == ("public", False)


def test_every_member_reads_an_internal_repository(api: Api) -> None:
    """The organisation's base permission does not matter for it; others do not see it."""
    seed = {
        "organizations": [
            {
                "login": "closed",
                "base_permission": "none",
                "admins": ["boss"],
                "members": ["octocat"],
            }
        ],
        "repositories": [
            {"owner": "closed", "name": "inner", "internal": True},
            {"owner": "closed", "name": "hidden", "private": True},
        ],
    }
    assert api.client.post("/_sandbox/seed", json=seed).status_code == 200
    seen = {
        (token, name): api("GET", f"/repos/closed/{name}", token=token).status_code
        for token in (MEMBER, OUTSIDER)
        for name in ("inner", "hidden")
    }
    assert seen == {
        (MEMBER, "inner"): 200,
        (MEMBER, "hidden"): 404,
        (OUTSIDER, "inner"): 404,
        (OUTSIDER, "hidden"): 404,
    }
