"""Branch protection and rulesets as the API returns them; `rules` tests their refusals."""

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import MEMBER, OUTSIDER, Api
from tests.sandbox.github.contract_cases import PROTECTION, RULESET
from tests.sandbox.github.refusals import Refusal, assert_refused

R = "/repos/acme/billing"
MAIN = f"{R}/branches/main"


def protected(api: Api) -> tuple[bool, bool]:
    """Whether main is protected at all, and whether classic protection protects it."""
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


def test_protection_is_hidden_from_classic_tokens_of_others(api: Api) -> None:
    """A user without access gets 404 for reading the protection, and 403 for writing it."""
    api("PUT", f"{MAIN}/protection", PROTECTION)
    for path in (f"{MAIN}/protection", f"{MAIN}/protection/enforce_admins"):
        answer = api("GET", path, token=OUTSIDER)
        assert (answer.status_code, answer.get_json()["message"]) == (404, "Not Found")
    assert api("PUT", f"{MAIN}/protection", PROTECTION, token=OUTSIDER).status_code == 403
    api("DELETE", f"{MAIN}/protection")
    words = api("GET", f"{MAIN}/protection").get_json()["message"]
    assert words == "Branch not protected"


def test_a_rule_protects_every_branch_that_its_ruleset_names(api: Api) -> None:
    """Only active rulesets apply, also to branches that do not exist yet."""
    api("POST", f"{R}/rulesets", RULESET | {"name": "tried", "enforcement": "evaluate"})
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
    wide = {"name": "wide", "conditions": {"ref_name": everywhere}}
    api("POST", f"{R}/rulesets", RULESET | wide)
    applies = {name: len(api("GET", f"{R}/rules/branches/{name}").get_json()) for name in "ab"}
    assert applies == {"a": 2, "b": 2}
    assert api("GET", f"{R}/rules/branches/develop").get_json() == []
    assert api("DELETE", f"{R}/rulesets/{made['id']}").status_code == 204
    assert protected(api) == (False, False)


def test_protection_follows_a_rename(api: Api) -> None:
    """A renamed branch keeps its protection."""
    api("PUT", f"{MAIN}/protection", PROTECTION)
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
