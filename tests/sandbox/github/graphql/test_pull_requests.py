"""Pull requests in GraphQL."""

from tests.sandbox.github.conftest import Api
from tests.sandbox.github.graphql.test_route import of_billing

PULL = "number title body state headRefName baseRefName url createdAt closedAt merged mergeable"


def test_pull_requests_by_branch_and_state(api: Api) -> None:
    """Pull requests are listed by branch and state, the oldest first unless an order is given.

    A merged pull request has the state MERGED, not CLOSED.
    """
    pulls = "/repos/acme/billing/pulls"
    made = [
        api("POST", pulls, {"title": head, "head": head, "base": base}).get_json()
        for head, base in (("develop", "main"),)
    ]
    (shown,) = of_billing(api, f"pullRequests(first: 5) {{ nodes {{ {PULL} }} }}")["pullRequests"][
        "nodes"
    ]
    assert shown == {
        "number": 1,
        "title": "develop",
        "body": "",
        "state": "OPEN",
        "headRefName": "develop",
        "baseRefName": "main",
        "url": made[0]["html_url"],
        "createdAt": made[0]["created_at"],
        "closedAt": None,
        "merged": False,
        "mergeable": "MERGEABLE",
    }
    api("PATCH", f"{pulls}/1", {"state": "closed"})
    api("POST", pulls, {"title": "again", "head": "develop", "base": "main"})
    api("PUT", f"{pulls}/2/merge", {})
    newest = "first: 5, orderBy: {field: CREATED_AT, direction: DESC}"
    for arguments, numbers in (
        (newest, [2, 1]),
        ("first: 1", [1]),
        ("first: 5, states: [CLOSED]", [1]),
        ("first: 5, states: [MERGED, OPEN]", [2]),
        ('first: 5, headRefName: "develop", baseRefName: "main"', [1, 2]),
        ('first: 5, headRefName: "main"', []),
    ):
        found = of_billing(api, f"pullRequests({arguments}) {{ nodes {{ number }} }}")
        assert [each["number"] for each in found["pullRequests"]["nodes"]] == numbers, arguments
