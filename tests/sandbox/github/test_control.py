"""The sandbox's own routes below /_sandbox."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, Api

R = "/repos/acme/billing"


def control(api: Api, method: str, path: str, body: object = None) -> Any:
    """Send one request to a control route."""
    return api.client.open(f"/_sandbox/{path}", method=method, json=body)


@pytest.mark.parametrize(
    ("seed", "complaint"),
    [
        ({"repositories": [{"owner": "acme", "name": "x", "privat": True}]}, "privat"),
        ({"tokens": [{"token": "t", "login": "nobody"}]}, "no account nobody"),
        ({"repositories": [{"owner": "nobody", "name": "x"}]}, "no account nobody"),
        (
            {
                "repositories": [
                    {
                        "owner": "acme",
                        "name": "x",
                        "environments": [{"name": "e", "reviewers": {"teams": ["none"]}}],
                    }
                ]
            },
            "no team none",
        ),
        (
            {
                "organizations": [
                    {"login": "acme", "teams": [{"slug": "t", "repositories": {"no": "push"}}]}
                ]
            },
            "no repository acme/no",
        ),
        ({"repositories": [{"owner": "acme", "name": "x", "branches": ["dev"]}]}, "without files"),
        ({"organizations": [{"login": "x", "base_permission": "some"}]}, "base_permission"),
    ],
)
def test_a_wrong_seed_is_refused(api: Api, seed: object, complaint: str) -> None:
    """A misspelt member or an unknown name is an error that names it."""
    answer = control(api, "POST", "seed", seed)
    assert answer.status_code == 422
    assert complaint in answer.get_json()["message"]


def test_seeding_adds_and_overwrites_nothing(api: Api) -> None:
    """A second seed does not change existing objects; the answer has all ids."""
    api("PATCH", R, {"description": "kept"})
    seed = {
        "repositories": [
            {"owner": "acme", "name": "billing", "description": "overwritten"},
            {"owner": "acme", "name": "more", "files": {"a": "1"}, "branches": ["develop"]},
        ]
    }
    answer = control(api, "POST", "seed", seed).get_json()
    assert api("GET", R).get_json()["description"] == "kept"
    more = api("GET", "/repos/acme/more").get_json()
    assert answer["repositories"]["acme/more"] == more["id"]
    assert answer["repositories"]["acme/billing"] == 41


def test_seeded_protection_is_what_the_api_tells(api: Api) -> None:
    """The API returns a seeded environment as if a client had created it."""
    prod = api("GET", f"{R}/environments/prod").get_json()
    rules = {rule["type"]: rule for rule in prod["protection_rules"]}
    assert set(rules) == {"wait_timer", "required_reviewers", "branch_policy"}
    reviewers = rules["required_reviewers"]["reviewers"]
    assert [(r["type"], r["reviewer"]["id"]) for r in reviewers] == [("User", 12), ("Team", 31)]
    policies = api("GET", f"{R}/environments/prod/deployment-branch-policies").get_json()
    assert [(p["name"], p["type"]) for p in policies["branch_policies"]] == [
        ("main", "branch"),
        ("v*", "tag"),
    ]


def test_plaintexts_are_told_to_the_sandbox_only(api: Api) -> None:
    """The control route returns seeded and sealed secrets by environment."""
    api("PUT", f"{R}/environments/prod/secrets/SENT", api.seal("prod", "grüße"))
    answer = control(api, "GET", "secrets/acme/billing/prod")
    assert answer.get_json() == {"TOKEN": "planted", "SENT": "grüße"}
    assert control(api, "GET", "secrets/acme/billing/open").get_json() == {}
    assert control(api, "GET", "secrets/acme/billing/none").status_code == 404


def test_reset_empties_the_world(api: Api, store: Store) -> None:
    """After a reset the store is empty; even the token is unknown."""
    assert control(api, "POST", "reset").status_code == 204
    assert api("GET", R).status_code == 401
    assert not store.repositories


def test_counting_starts_again(api: Api) -> None:
    """After a reset of the counts a test counts its own requests only."""
    api("GET", R)
    assert control(api, "GET", "requests").get_json()["total"] == 1
    assert control(api, "POST", "requests/reset").status_code == 204
    assert control(api, "GET", "requests").get_json() == {
        "total": 0,
        "writes": 0,
        "routes": [],
        "statuses": {},
        "unserved": [],
        "permissions": [],
    }


def test_a_transfer_moves_and_redirects(api: Api) -> None:
    """A transferred repository keeps its id, redirects and has an immutable subject."""
    tampered = control(api, "PATCH", "repositories/acme/billing", {"owner": "thrifty"})
    assert tampered.get_json() == {"full_name": "thrifty/billing"}
    assert api("GET", R).status_code == 301
    subject = api("GET", "/repos/thrifty/billing/actions/oidc/customization/sub").get_json()
    assert subject["sub_claim_prefix"] == "repo:thrifty@22/billing@41"


def test_age_can_be_set(api: Api) -> None:
    """A repository with a later time of creation has the subject of a new one."""
    path = f"{R}/actions/oidc/customization/sub"
    assert api("GET", path).get_json()["sub_claim_prefix"] == "repo:acme/billing"
    control(api, "PATCH", "repositories/acme/billing", {"created_at": "2026-07-16T00:00:00Z"})
    assert api("GET", path).get_json()["sub_claim_prefix"] == "repo:acme@21/billing@41"


def test_reviewers_may_be_of_undocumented_kinds(api: Api) -> None:
    """An enterprise's team is returned in its undocumented form; the next PUT removes it."""
    path, place = "/api/v3/repos/acme/billing/environments/prod", "reviewers/acme/billing/prod"
    order = {"teams": ["platform"], "enterprise_teams": ["ent:xyz"]}
    assert control(api, "PUT", place, order).status_code == 204
    told = api.client.get(path, headers={"Authorization": f"Bearer {ADMIN}"}).get_json()
    rules = {rule["type"]: rule for rule in told["protection_rules"]}
    team, enterprise = rules["required_reviewers"]["reviewers"]
    assert (team["type"], team["reviewer"]["slug"]) == ("Team", "platform")
    assert enterprise == {"type": "BusinessTeam", "reviewer": {"slug": "ent:xyz"}}
    assert control(api, "PUT", place.replace("prod", "none"), order).status_code == 404
    assert control(api, "PUT", place, {"teams": ["none"]}).status_code == 422
    sent = api("PUT", f"{R}/environments/prod", {"reviewers": []}).get_json()
    assert {rule["type"] for rule in sent["protection_rules"]} == set()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"kind": "fire"}),
        ("POST", "faults", {"kind": "drop", "paht": "x"}),
        ("PATCH", "repositories/acme/billing", {"nmae": "x"}),
    ],
)
def test_a_wrong_body_is_refused(api: Api, method: str, path: str, body: object) -> None:
    """The control routes refuse unknown kinds and members."""
    assert control(api, method, path, body).status_code == 422


def test_control_needs_no_token(api: Api) -> None:
    """The control routes need no token, because they listen on 127.0.0.1 only."""
    assert api.client.get("/_sandbox/requests").status_code == 200
    assert api.client.get("/_sandbox/requests", headers={"Authorization": ADMIN}).status_code == 200
