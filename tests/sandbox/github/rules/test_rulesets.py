"""Which rulesets apply: of an organisation, by plan, of unknown kinds."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.contract_cases import PROTECTION, RULESET
from tests.sandbox.github.refusals import assert_refused
from tests.sandbox.github.rules.world import (
    FILE,
    PULL,
    R,
    refused,
    rule,
)


def test_an_organisation_refuses_too(api: Api, store: Store) -> None:
    """Its ruleset is listed with its source, and binds the repositories that it names."""
    conditions = {
        "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
        "repository_name": {"include": ["bill*"], "exclude": []},
    }
    body = RULESET | {"conditions": conditions, "rules": [PULL]}
    made = api("POST", "/orgs/acme/rulesets", body).get_json()
    (found,) = api("GET", f"{R}/rules/branches/main", token=MEMBER).get_json()
    assert (found["ruleset_source_type"], found["ruleset_source"]) == ("Organization", "acme")
    assert [each["id"] for each in api("GET", f"{R}/rulesets").get_json()] == [made["id"]]
    assert api("GET", f"{R}/rulesets?includes_parents=false").get_json() == []
    assert refused(api, store, ("PUT", f"{R}/contents/x", FILE))[0] == 409
    assert api("PUT", "/repos/acme/hidden/contents/x", FILE).status_code == 201


def test_rules_of_a_branch_have_pages(api: Api) -> None:
    """Every active rule is one entry; a page has as many as asked for."""
    rule(api, *({"type": each} for each in ("update", "deletion", "required_signatures")))
    first = api("GET", f"{R}/rules/branches/main?per_page=2")
    assert [each["type"] for each in first.get_json()] == ["update", "deletion"]
    assert 'rel="next"' in first.headers["Link"]
    second = api("GET", f"{R}/rules/branches/main?per_page=2&page=2").get_json()
    assert [each["type"] for each in second] == ["required_signatures"]


def test_rules_for_pushes_have_no_branch(api: Api, store: Store) -> None:
    """They are told with their ruleset only, and bind no public repository.

    GitHub has them for private and internal repositories.
    """
    parameters = {"restricted_file_paths": ["x"]}
    push = {"target": "push", "conditions": None}
    made = rule(api, {"type": "file_path_restriction", "parameters": parameters}, **push)
    assert api("GET", f"{R}/rules/branches/main").get_json() == []
    assert api("GET", f"{R}/branches/main").get_json()["protected"] is False
    (listed,) = api("GET", f"{R}/rulesets?targets=push").get_json()
    assert (listed["id"], listed["target"]) == (made["id"], "push")
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201
    store.repositories[41].private = True
    change = FILE | {"sha": api("GET", f"{R}/contents/x").get_json()["sha"], "content": "eQ=="}
    assert refused(api, store, ("PUT", f"{R}/contents/x", change))[0] == 409


def test_a_rule_that_cannot_be_judged_makes_no_answer_up(api: Api) -> None:
    """A write under a rule of an unsupported type is 501; the rule itself is stored."""
    rule(api, {"type": "license_compliance_scanning"})
    headers = {"Authorization": f"Bearer {ADMIN}"}
    answer = api.client.put(f"/api/v3{R}/contents/x", json=FILE, headers=headers)
    assert answer.status_code == 501


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rules": [{"type": "magic"}]}, "Validation Failed"),
        ({"rules": [{"type": "pull_request", "parameters": {}}]}, "wasn't supplied"),
        ({"name": "all"}, "Validation Failed"),
        ({"enforcement": "sometimes"}, "enforcement"),
        ({"bypass_actors": [{"actor_type": "Everybody"}]}, "actor_type"),
        ({"rules": [{"type": "max_file_size", "parameters": {}}]}, "Validation Failed"),
        ({"target": "push", "rules": [{"type": "update"}]}, "Validation Failed"),
    ],
    ids=["type", "parameters", "name", "enforcement", "actor", "file", "push"],
)
def test_a_wrong_ruleset_is_422(api: Api, store: Store, change: dict[str, Any], told: str) -> None:
    """Unknown types, missing parameters and a name that is taken; nothing is stored."""
    rule(api)
    answer = api("POST", f"{R}/rulesets", RULESET | {"name": "second"} | change)
    assert answer.status_code == 422
    assert told in answer.get_json()["message"]
    assert len(store.repositories[41].rulesets) == 1


def test_a_free_plan_has_no_rules_for_private_repositories(api: Api, store: Store) -> None:
    """Reading them is refused with GitHub's words, and those from before bind nobody."""
    api("PUT", f"{R}/branches/main/protection", PROTECTION)
    rule(api, PULL)
    repository = store.repositories[41]
    repository.private, repository.owner.plan = True, "free"
    for path in ("rulesets", "rules/branches/main", "branches/main/protection"):
        assert_refused(
            api, store, ("plan", ("GET", f"{R}/{path}", None), 403, "Upgrade to GitHub Pro or make")
        )
    assert api("GET", f"{R}/branches/main").get_json()["protected"] is False
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201
