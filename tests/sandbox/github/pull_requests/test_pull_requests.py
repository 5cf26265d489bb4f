"""Pull requests are opened, listed, changed and closed; wrong requests are refused."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import MEMBER, Api
from tests.sandbox.github.pull_requests.world import (
    PULLS,
    R,
    branch,
    opened,
    write,
)


def test_one_is_opened_and_found(api: Api, store: Store) -> None:
    """A pull request shares its numbers with issues, and is listed by head, base and state."""
    api("POST", f"{R}/issues", {"title": "First"})
    branch(api, store, "other")
    made = opened(api, body="why")
    assert (made["number"], made["state"], made["commits"], made["changed_files"]) == (
        2,
        "open",
        1,
        1,
    )
    assert (made["mergeable"], made["mergeable_state"]) == (True, "clean")
    shown = api("GET", f"{PULLS}/2", token=MEMBER).get_json()
    assert shown == made
    for query, expected in (
        ("", [2]),
        ("?head=acme:develop", [2]),
        ("?head=other:develop", []),
        ("?head=acme:other", []),
        ("?base=main", [2]),
        ("?base=develop", []),
        ("?state=closed", []),
    ):
        found = api("GET", f"{PULLS}{query}", token=MEMBER).get_json()
        assert [each["number"] for each in found] == expected, query
    api("PATCH", f"{PULLS}/2", {"state": "closed", "title": "Other"})
    (closed,) = api("GET", f"{PULLS}?state=closed").get_json()
    assert (closed["title"], closed["merged_at"]) == ("Other", None)
    assert closed["closed_at"] is not None


def test_a_page_has_as_many_as_asked_for(api: Api, store: Store) -> None:
    """A page has `per_page` items, the newest first; the header `Link` leads to the other pages."""
    for name in ("a", "b", "c"):
        branch(api, store, name)
        write(api, name, f"{name}.txt", name)
        opened(api, name)
    first = api("GET", f"{PULLS}?per_page=2")
    assert [each["number"] for each in first.get_json()] == [3, 2]
    assert 'rel="next"' in first.headers["Link"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"head": "main"}, {"code": "custom", "message": "No commits between main and main"}),
        ({"head": "none"}, {"code": "invalid", "field": "head"}),
        ({"head": "stranger:develop"}, {"code": "invalid", "field": "head"}),
        ({"base": "none"}, {"code": "invalid", "field": "base"}),
        ({"title": ""}, {"code": "missing_field", "field": "title"}),
        (
            {},
            {"code": "custom", "message": "A pull request already exists for acme:develop."},
        ),
    ],
    ids=["no commits", "head", "fork", "base", "title", "twice"],
)
def test_it_is_not_opened(api: Api, change: dict[str, Any], error: dict[str, str]) -> None:
    """A wrong request is refused with 422 and GitHub's code and message."""
    if not change:
        opened(api)
    answer = api("POST", PULLS, {"title": "t", "head": "develop", "base": "main"} | change)
    assert answer.status_code == 422
    assert error.items() <= answer.get_json()["errors"][0].items()


def test_its_base_is_changed_while_it_is_open(api: Api, store: Store) -> None:
    """Only an open pull request can get another base, and the base must exist."""
    branch(api, store, "release")
    opened(api)
    assert api("PATCH", f"{PULLS}/1", {"base": "none"}).status_code == 422
    assert api("PATCH", f"{PULLS}/1", {"base": "release"}).get_json()["base"]["ref"] == "release"
    api("PATCH", f"{PULLS}/1", {"state": "closed"})
    assert api("PATCH", f"{PULLS}/1", {"base": "main"}).status_code == 422
    assert api("PATCH", f"{PULLS}/1", {"title": "x"}, token=MEMBER).status_code == 403


def test_maintainers_edit_forks_only(api: Api) -> None:
    """`maintainer_can_modify` is false within one repository and cannot be set to true."""
    assert opened(api, maintainer_can_modify=True)["maintainer_can_modify"] is False
    assert api("PATCH", f"{PULLS}/1", {"maintainer_can_modify": False}).status_code == 200
    refusal = api("PATCH", f"{PULLS}/1", {"maintainer_can_modify": True})
    assert refusal.status_code == 422
    assert "cross-repo" in refusal.get_json()["errors"][0]["message"]


def test_it_is_an_issue_too(api: Api) -> None:
    """A pull request is in the list of issues with its address, and can have comments."""
    opened(api)
    (listed,) = api("GET", f"{R}/issues").get_json()
    assert listed["pull_request"]["url"].endswith("/pulls/1")
    assert api("POST", f"{R}/issues/1/comments", {"body": "seen"}).status_code == 201
    assert [each["body"] for each in api("GET", f"{R}/issues/1/comments").get_json()] == ["seen"]
    assert api("GET", f"{PULLS}/1").get_json()["comments"] == 1
