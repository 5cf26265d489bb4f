"""Branch protection: the emulator stores and returns it, but does not enforce it."""

import base64
from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.refusals import Refusal, assert_refused
from tests.sandbox.github.test_contract import PROTECTION, RULESET

R = "/repos/acme/billing"
MAIN = f"{R}/branches/main"


def protected(api: Api) -> tuple[bool, bool]:
    """Whether main is protected at all, and whether by classic protection."""
    found = api("GET", MAIN, token=MEMBER).get_json()
    return found["protected"], found["protection"]["enabled"]


def test_classic_protection_is_made_told_and_taken_away(api: Api) -> None:
    """Readers see that a branch is protected; only administrators see the rules."""
    assert protected(api) == (False, False)
    made = api("PUT", f"{MAIN}/protection", PROTECTION).get_json()
    assert made["required_pull_request_reviews"]["required_approving_review_count"] == 1
    assert made["enforce_admins"]["enabled"] is True
    assert protected(api) == (True, True)
    assert api("GET", f"{MAIN}/protection").get_json() == made
    assert api("GET", f"{MAIN}/protection", token=MEMBER).status_code == 403
    assert api("GET", f"{R}/rules/branches/main").get_json() == []
    assert api("DELETE", f"{MAIN}/protection").status_code == 204
    assert protected(api) == (False, False)


def test_a_rule_protects_every_branch_that_its_ruleset_names(api: Api) -> None:
    """Only active rulesets apply, also to branches that do not exist yet."""
    api("POST", f"{R}/rulesets", RULESET | {"enforcement": "evaluate"})
    assert protected(api) == (False, False)
    made = api("POST", f"{R}/rulesets", RULESET).get_json()
    assert protected(api) == (True, False)
    names = [branch["name"] for branch in api("GET", f"{R}/branches?protected=true").get_json()]
    assert names == ["main"]
    found = api("GET", f"{R}/rules/branches/main", token=MEMBER).get_json()
    assert [(one["type"], one["ruleset_id"]) for one in found] == [
        ("update", made["id"]),
        ("deletion", made["id"]),
    ]
    everywhere = {"include": ["~ALL"], "exclude": ["~DEFAULT_BRANCH", "refs/heads/de*"]}
    api("POST", f"{R}/rulesets", RULESET | {"conditions": {"ref_name": everywhere}})
    applies = {name: len(api("GET", f"{R}/rules/branches/{name}").get_json()) for name in "ab"}
    assert applies == {"a": 2, "b": 2}
    assert api("GET", f"{R}/rules/branches/develop").get_json() == []
    assert api("DELETE", f"{R}/rulesets/{made['id']}").status_code == 204
    assert protected(api) == (False, False)


def test_protection_follows_a_rename_and_is_not_enforced(api: Api) -> None:
    """A renamed branch keeps its protection; the emulator accepts every commit to it."""
    api("PUT", f"{MAIN}/protection", PROTECTION)
    body = {"message": "m", "content": base64.b64encode(b"x").decode(), "branch": "main"}
    assert api("PUT", f"{R}/contents/x", body).status_code == 201
    api("POST", f"{MAIN}/rename", {"new_name": "trunk"})
    assert api("GET", f"{R}/branches/trunk").get_json()["protected"] is True


REFUSALS: list[Refusal] = [
    (
        "a branch that is not there cannot be protected",
        ("PUT", f"{R}/branches/none/protection", PROTECTION),
        404,
        "Branch not found",
    ),
    (
        "null is said",
        ("PUT", f"{MAIN}/protection", {"enforce_admins": True}),
        422,
        '"restrictions" wasn\'t supplied',
    ),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_it_is_refused(api: Api, store: Store, row: Refusal) -> None:
    """The request is refused as GitHub refuses it."""
    assert_refused(api, store, row)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        (
            "PUT",
            f"{MAIN}/protection",
            PROTECTION | {"required_status_checks": {"strict": True, "contexts": []}},
        ),
        ("PUT", f"{MAIN}/protection", PROTECTION | {"restrictions": {"users": [], "teams": []}}),
        ("POST", f"{R}/rulesets", RULESET | {"target": "tag"}),
        ("POST", f"{R}/rulesets", RULESET | {"bypass_actors": [{"actor_type": "DeployKey"}]}),
    ],
    ids=["status checks", "restrictions", "tags", "bypass actors"],
)
def test_no_answer_is_made_up(api: Api, method: str, path: str, body: dict[str, Any]) -> None:
    """A body with unsupported members is 501, and nothing of it is stored."""
    headers = {"Authorization": f"Bearer {ADMIN}"}
    answer = api.client.open(f"/api/v3{path}", method=method, json=body, headers=headers)
    assert answer.status_code == 501
    assert protected(api) == (False, False)
