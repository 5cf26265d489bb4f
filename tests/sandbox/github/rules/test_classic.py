"""What classic branch protection refuses, and to whom."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.contract_cases import PROTECTION
from tests.sandbox.github.rules.world import (
    BY_PULL,
    FILE,
    R,
    heads,
    refused,
)

NOT_AUTHORIZED = (
    "You're not authorized to push to this branch. Visit "
    "https://docs.github.com/articles/about-protected-branches/ for more information."
)

STATUS = {"strict": False, "contexts": ["ci", "lint"]}
USERS = {"users": ["octocat"], "teams": []}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, BY_PULL),
        (
            {"required_status_checks": STATUS},
            f"{BY_PULL} 2 of 2 required status checks are expected.",
        ),
        (
            {"required_pull_request_reviews": None, "restrictions": USERS},
            NOT_AUTHORIZED,
        ),
        (
            {"required_pull_request_reviews": None, "lock_branch": True},
            "Cannot change this locked branch",
        ),
    ],
    ids=["reviews", "checks", "restrictions", "locked"],
)
def test_classic_protection_refuses_a_file(
    api: Api, store: Store, members: dict[str, Any], sentence: str
) -> None:
    """409 with the verb and all reasons in one line; administrators pass without enforce_admins."""
    protection = f"{R}/branches/main/protection"
    assert api("PUT", protection, PROTECTION | members).status_code == 200
    write = ("PUT", f"{R}/contents/x", FILE)
    assert refused(api, store, write) == (409, f"Could not create file: {sentence}")
    change = FILE | {"sha": api("GET", f"{R}/contents/README.md").get_json()["sha"]}
    status, message = refused(api, store, ("PUT", f"{R}/contents/README.md", change))
    assert (status, message) == (409, f"Could not update file: {sentence}")
    move = ("PATCH", f"{R}/git/refs/heads/main", {"sha": heads(store)["develop"]})
    assert refused(api, store, move) == (422, sentence)
    api("PUT", protection, PROTECTION | members | {"enforce_admins": False})
    assert api(*write).status_code == 201


def test_classic_protection_keeps_a_branch(api: Api, store: Store) -> None:
    """It is neither deleted nor loses commits, also by administrators, unless it says so."""
    path = f"{R}/branches/develop/protection"
    lenient = PROTECTION | {"enforce_admins": False, "required_pull_request_reviews": None}
    api("PUT", path, lenient)
    ref, main = f"{R}/git/refs/heads/develop", heads(store)["main"]
    assert refused(api, store, ("DELETE", ref, None))[0] == 422
    assert refused(api, store, ("PATCH", ref, {"sha": main, "force": True}))[0] == 422
    api("PUT", path, lenient | {"allow_force_pushes": True, "allow_deletions": True})
    assert api("PATCH", ref, {"sha": main, "force": True}).status_code == 200
    assert api("DELETE", ref).status_code == 204


def test_classic_signatures_have_a_route_of_their_own(api: Api, store: Store) -> None:
    """They are switched by POST and DELETE, and a PUT of the protection keeps them."""
    path = f"{R}/branches/main/protection"
    body = PROTECTION | {"required_pull_request_reviews": None}
    api("PUT", path, body)
    api("POST", f"{path}/required_signatures")
    assert api("PUT", path, body).get_json()["required_signatures"]["enabled"] is True
    said = refused(api, store, ("PUT", f"{R}/contents/x", FILE))
    assert said == (409, "Could not create file: Commits must have verified signatures.")
    api("DELETE", f"{path}/required_signatures")
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201


def test_an_allowance_lets_its_users_write(api: Api) -> None:
    """`bypass_pull_request_allowances` exempts from pull requests, also with enforce_admins."""
    allowed = {"required_approving_review_count": 1, "bypass_pull_request_allowances": USERS}
    body = PROTECTION | {"required_pull_request_reviews": allowed}
    api("PUT", f"{R}/branches/main/protection", body)
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 409
    assert api("PUT", f"{R}/contents/x", FILE, token=MEMBER).status_code == 201


def test_protection_by_pattern_holds_for_new_branches(api: Api, store: Store) -> None:
    """It is judged by the name, and told by GraphQL; of two, the one of exactly the name counts."""
    main = heads(store)["main"]
    blocking = {"restricted": True, "block_creations": True, "enforce_admins": True}
    body = {"pattern": "dev*", **blocking}
    assert api.client.put("/_sandbox/protection/acme/billing", json=body).status_code == 204
    create = ("POST", f"{R}/git/refs", {"ref": "refs/heads/dev2", "sha": main})
    assert refused(api, store, create) == (422, NOT_AUTHORIZED)
    for name in ("dev/2", "hotfix"):
        sent = {"ref": f"refs/heads/{name}", "sha": main}
        assert api("POST", f"{R}/git/refs", sent).status_code == 201
    assert api("GET", f"{R}/branches/develop").get_json()["protected"] is True
    write = ("PUT", f"{R}/contents/x", FILE | {"branch": "develop"})
    assert refused(api, store, write) == (409, f"Could not create file: {NOT_AUTHORIZED}")
    api("PUT", f"{R}/branches/develop/protection", PROTECTION | {"enforce_admins": False})
    assert api(*write).status_code == 201
    asked = "branchProtectionRules(first: 9) { nodes { pattern blocksCreations restrictsPushes } }"
    query = f'query {{ repository(owner: "acme", name: "billing") {{ {asked} }} }}'
    headers = {"Authorization": f"Bearer {ADMIN}"}
    answer = api.client.post("/api/graphql", json={"query": query}, headers=headers)
    nodes = answer.get_json()["data"]["repository"]["branchProtectionRules"]["nodes"]
    assert nodes == [
        {"pattern": "dev*", "blocksCreations": True, "restrictsPushes": True},
        {"pattern": "develop", "blocksCreations": False, "restrictsPushes": False},
    ]
