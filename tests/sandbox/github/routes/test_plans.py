"""The effect of GitHub's plans on environments of private repositories, and who sees the plan."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, OUTSIDER, Api
from tests.sandbox.github.refusals import assert_refused

CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
PATTERNS: dict[str, Any] = {"deployment_branch_policy": CUSTOM}
SECRET = "/repos/thrifty/secret"
E = f"{SECRET}/environments/prod"
RULES: list[dict[str, Any]] = [
    {"wait_timer": 0},
    {"reviewers": None},
    {"can_admins_bypass": True},
    {"prevent_self_review": False},
    {"wait_timer": 5, "reviewers": [{"type": "User", "id": 11}]},
]


def change(api: Api, login: str, plan: str) -> int:
    """Change the plan of an account; returns the status."""
    path = f"/_sandbox/accounts/{login}"
    return api.client.open(path, method="PATCH", json={"plan": plan}).status_code


@pytest.mark.parametrize("rule", RULES, ids="+".join)
def test_on_team_a_private_repository_has_patterns_alone(
    api: Api, store: Store, rule: dict[str, Any]
) -> None:
    """A PUT with any other rule is 422, even if the rule protects nothing."""
    assert api("PUT", E, PATTERNS).status_code == 200
    body = PATTERNS | rule
    assert_refused(api, store, ("", ("PUT", E, body), 422, "billing plan"))
    assert api("PATCH", SECRET, {"private": False}).status_code == 200
    assert api("PUT", E, body).status_code == 200


def test_on_team_a_private_repository_has_variables_secrets_and_patterns(api: Api) -> None:
    """Everything but the other protection rules works."""
    api("PUT", E, PATTERNS)
    main = {"name": "main"}
    assert api("POST", f"{E}/deployment-branch-policies", main).status_code == 200
    assert api("POST", f"{E}/variables", {"name": "A", "value": "1"}).status_code == 201
    assert api("GET", f"{E}/secrets/public-key").status_code == 200


def test_on_free_a_private_repository_has_no_environments(api: Api, store: Store) -> None:
    """Each route is 404; the environments come back when the repository becomes public."""
    api("PUT", E, PATTERNS)
    assert change(api, "thrifty", "free") == 200
    assert_refused(api, store, ("", ("PUT", E, PATTERNS), 404, "Not Found"))
    assert_refused(api, store, ("", ("PUT", f"{SECRET}/environments/new", {}), 404, "Not Found"))
    for path in (f"{SECRET}/environments", E, f"{E}/secrets", f"{E}/variables"):
        assert api("GET", path).status_code == 404
    assert api("DELETE", E).status_code == 404
    api("PATCH", SECRET, {"private": False})
    assert api("GET", E).get_json()["deployment_branch_policy"] == CUSTOM


def test_a_users_plan_counts_as_well(api: Api) -> None:
    """With Free there are no environments in private repositories; Pro is like Team."""
    api("POST", "/user/repos", {"name": "own", "private": True})
    own = "/repos/boss/own/environments/prod"
    assert api("PUT", own, PATTERNS).status_code == 404
    assert change(api, "boss", "pro") == 200
    assert api("PUT", own, PATTERNS).status_code == 200
    assert api("PUT", own, {"wait_timer": 1}).status_code == 422


def test_a_plan_is_one_of_githubs(api: Api) -> None:
    """A misspelt plan or account is an error."""
    assert change(api, "acme", "gold") == 422
    assert change(api, "nobody", "team") == 404


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ({"login": "boss"}, True),
        ({"login": "boss", "scopes": ["repo", "read:org"]}, False),
        ({"login": "boss", "kind": "fine-grained"}, True),
        ({"login": "boss", "kind": "fine-grained", "permissions": {"members": "read"}}, False),
        ({"login": "octocat"}, False),
        ({"login": "octocat", "kind": "app", "permissions": {"members": "read"}}, False),
        ({"login": "octocat", "kind": "app", "permissions": {"organization_plan": "read"}}, True),
    ],
)
def test_only_owners_are_told_an_organisations_plan(
    api: Api, token: dict[str, Any], *, told: bool
) -> None:
    """A member, or a token without the permission, gets the answer without the plan."""
    seed = {"tokens": [{"token": "t"} | token]}
    api.client.open("/_sandbox/seed", method="POST", json=seed)
    answer = api("GET", "/orgs/acme", token="t").get_json()
    assert answer["login"] == "acme"
    assert (answer.get("plan", {}).get("name") == "enterprise") is told


def test_a_user_is_told_their_own_plan(api: Api) -> None:
    """A classic token needs the scope `user`; a user never sees the plan of another user."""
    seed = {"tokens": [{"token": "t", "login": "octocat", "scopes": ["user"]}]}
    api.client.open("/_sandbox/seed", method="POST", json=seed)
    assert api("GET", "/user", token="t").get_json()["plan"]["name"] == "free"
    assert api("GET", "/user", token=MEMBER).get_json()["plan"]["name"] == "free"
    assert "plan" not in api("GET", "/user", token=OUTSIDER).get_json()
    assert "plan" not in api("GET", "/users/octocat", token=ADMIN).get_json()
