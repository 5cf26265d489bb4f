"""Environments, their rules, patterns, secrets and variables."""

from typing import Any

import pytest

from tests.sandbox.github.conftest import Api

R = "/repos/acme/billing"
E = f"{R}/environments/prod"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}
PROTECTED = {"protected_branches": True, "custom_branch_policies": False}


def rules(environment: dict[str, Any]) -> dict[str, Any]:
    """The protection rules by type."""
    return {rule["type"]: rule for rule in environment["protection_rules"]}


def test_a_put_replaces_every_rule(api: Api) -> None:
    """A PUT removes the rules that it does not have; the other rules keep their ids."""
    before = api("GET", E).get_json()
    sent = {"wait_timer": 5, "can_admins_bypass": False, "deployment_branch_policy": CUSTOM}
    after = api("PUT", E, sent).get_json()
    assert after["id"] == before["id"]
    assert set(rules(after)) == {"wait_timer", "branch_policy"}
    assert rules(after)["wait_timer"]["id"] == rules(before)["wait_timer"]["id"]
    assert (rules(after)["wait_timer"]["wait_timer"], after["can_admins_bypass"]) == (5, False)
    assert api("GET", E).get_json() == after


def test_reviewers_are_users_and_teams(api: Api) -> None:
    """Up to six users and teams stay in order; their rule has prevent_self_review."""
    reviewers = [{"type": "Team", "id": 32}, {"type": "User", "id": 12}, {"type": "User", "id": 13}]
    sent = {"reviewers": reviewers * 2, "prevent_self_review": True}
    rule = rules(api("PUT", E, sent).get_json())["required_reviewers"]
    assert rule["prevent_self_review"] is True
    assert [r["reviewer"]["id"] for r in rule["reviewers"]] == [32, 12, 13] * 2


def test_reviewers_without_access_are_dropped_without_an_error(api: Api) -> None:
    """A user must be able to read the repository, a team needs a grant; read is enough."""
    who = [("User", 12), ("User", 13), ("Team", 31), ("Team", 32)]
    sent = {"reviewers": [{"type": kind, "id": key} for kind, key in who]}
    for path, kept in ((E, [12, 13, 32]), ("/repos/acme/hidden/environments/prod", [12])):
        answer = api("PUT", path, sent)
        assert answer.status_code == 200
        rule = rules(answer.get_json())["required_reviewers"]
        assert [r["reviewer"]["id"] for r in rule["reviewers"]] == kept
    only = {"reviewers": sent["reviewers"][2:3], "prevent_self_review": True}
    assert "required_reviewers" not in rules(api("PUT", E, only).get_json())


def test_a_team_reviews_where_the_team_above_it_has_access(api: Api) -> None:
    """A team inherits access from its parent, not from its child, also in GitHub's check."""
    sent = {"reviewers": [{"type": "Team", "id": 31}, {"type": "Team", "id": 32}]}
    path = "/orgs/acme/teams/platform"
    assert api("GET", f"{path}/repos/acme/billing").status_code == 404
    assert api("PATCH", path, {"name": "platform", "parent_team_id": 32}).status_code == 200
    assert api("GET", f"{path}/repos/acme/billing").status_code == 204
    rule = rules(api("PUT", E, sent).get_json())["required_reviewers"]
    assert [r["reviewer"]["id"] for r in rule["reviewers"]] == [31, 32]
    api("PUT", f"{path}/repos/acme/hidden", {"permission": "pull"})
    assert api("GET", "/orgs/acme/teams/payments/repos/acme/hidden").status_code == 404


def test_names_ignore_case(api: Api) -> None:
    """Names that differ only in case are the same environment."""
    api("PUT", f"{R}/environments/PROD", {"wait_timer": 7})
    found = api("GET", f"{R}/environments").get_json()
    assert [environment["name"] for environment in found["environments"]] == ["prod", "open"]


def test_branch_policies_end_with_custom_policies(api: Api) -> None:
    """A change to protected branches or to any branch deletes the patterns."""
    for other in (PROTECTED, None):
        api("PUT", E, {"deployment_branch_policy": CUSTOM})
        api("POST", f"{E}/deployment-branch-policies", {"name": "main"})
        changed = api("PUT", E, {"deployment_branch_policy": other}).get_json()
        assert changed["deployment_branch_policy"] == other
        assert api("GET", f"{E}/deployment-branch-policies").status_code == 404
        api("PUT", E, {"deployment_branch_policy": CUSTOM})
        left = api("GET", f"{E}/deployment-branch-policies").get_json()
        assert left == {"total_count": 0, "branch_policies": []}


def test_a_second_policy_of_a_name_leads_to_the_first(api: Api) -> None:
    """A branch and a tag may have one pattern; a repeated policy is 303 to the first one."""
    path = f"{E}/deployment-branch-policies"
    tag = api("POST", path, {"name": "main", "type": "tag"}).get_json()
    again = api("POST", path, {"name": "main", "type": "tag"})
    assert again.status_code == 303
    place = again.headers["Location"].partition("/api/v3")[2]
    assert api("GET", place).get_json() == tag


def test_a_deleted_environment_takes_everything_with_it(api: Api) -> None:
    """An environment that is created again is empty and has another id."""
    before = api("GET", E).get_json()
    assert api("DELETE", E).status_code == 204
    after = api("PUT", E, {"deployment_branch_policy": CUSTOM}).get_json()
    assert after["id"] != before["id"]
    for path in ("secrets", "variables", "deployment-branch-policies"):
        assert api("GET", f"{E}/{path}").get_json()["total_count"] == 0


def test_a_deleted_team_reviews_nothing(api: Api) -> None:
    """A deleted team is removed from the reviewers; the others stay."""
    api("DELETE", "/orgs/acme/teams/platform")
    rule = rules(api("GET", E).get_json())["required_reviewers"]
    assert [r["reviewer"]["id"] for r in rule["reviewers"]] == [12]


def test_a_private_repository_outside_enterprise_still_has_branch_policies(api: Api) -> None:
    """Only reviewers, wait timers and admin bypass need Enterprise."""
    path = "/repos/thrifty/secret/environments/prod"
    assert api("PUT", path, {"deployment_branch_policy": CUSTOM}).status_code == 200
    assert api("PUT", path, {"reviewers": None, "wait_timer": 0}).status_code == 422


def test_a_variable_is_kept_in_capitals(api: Api) -> None:
    """Names ignore case; a PATCH may change the name or the value alone."""
    path = f"{E}/variables"
    api("POST", path, {"name": "level", "value": "info"})
    assert api("GET", f"{path}/Level").get_json()["name"] == "LEVEL"
    api("PATCH", f"{path}/level", {"name": "loud"})
    assert api("GET", f"{path}/LOUD").get_json()["value"] == "info"
    assert api("GET", f"{path}/LEVEL").status_code == 404
    taken = api("PATCH", f"{path}/LOUD", {"name": "REGION"})
    assert taken.status_code == 409


def test_a_secret_is_replaced_not_told(api: Api) -> None:
    """A new secret is 201, a changed one 204; no answer has the value."""
    path = f"{E}/secrets/password"
    assert api("PUT", path, api.seal("prod", "first")).status_code == 201
    assert api("PUT", path, api.seal("prod", "second")).status_code == 204
    answer = api("GET", path)
    assert set(answer.get_json()) == {"name", "created_at", "updated_at"}
    told = api.client.get("/_sandbox/secrets/acme/billing/prod").get_json()
    assert told["PASSWORD"] == "second"


@pytest.mark.parametrize("value", ["bm90IHNlYWxlZA==", "%%%", ""])
def test_what_cannot_be_opened_is_refused(api: Api, value: str) -> None:
    """A value that is not sealed or not Base64 is 422 and changes nothing."""
    sent = api.seal("prod", "x") | {"encrypted_value": value}
    assert api("PUT", f"{E}/secrets/TOKEN", sent).status_code == 422
    told = api.client.get("/_sandbox/secrets/acme/billing/prod").get_json()
    assert told == {"TOKEN": "planted"}


def test_a_value_sealed_for_another_environment_is_refused(api: Api) -> None:
    """Each environment has its own key."""
    sent = api.seal("open", "x")
    assert api("PUT", f"{E}/secrets/X", sent).status_code == 422
    sent["key_id"] = api.seal("prod", "x")["key_id"]
    assert api("PUT", f"{E}/secrets/X", sent).status_code == 422


def test_unsealed_values_are_kept_on_demand(api: Api) -> None:
    """A seed can let the emulator store unsealed values, as GitHub does."""
    assert (
        api.client.post("/_sandbox/seed", json={"accept_unsealed_secrets": True}).status_code == 200
    )
    sent = api.seal("prod", "x") | {"encrypted_value": "bm90IHNlYWxlZA=="}
    assert api("PUT", f"{E}/secrets/ODD", sent).status_code == 201
    told = api.client.get("/_sandbox/secrets/acme/billing/prod").get_json()
    assert told["ODD"] is None


def test_environments_are_paged(api: Api) -> None:
    """A page has the requested size; `total_count` counts all environments."""
    names = ["open", "prod"] + [f"e{number}" for number in range(3)]
    for name in names[2:]:
        api("PUT", f"{R}/environments/{name}")
    pages = [api("GET", f"{R}/environments?per_page=2&page={n}").get_json() for n in (1, 2, 3)]
    assert {page["total_count"] for page in pages} == {5}
    told = [each["name"] for page in pages for each in page["environments"]]
    assert sorted(told) == sorted(names)
    assert [len(page["environments"]) for page in pages] == [2, 2, 1]
