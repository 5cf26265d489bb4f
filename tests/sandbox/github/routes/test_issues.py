"""The behaviour of issues, comments and labels."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, OUTSIDER, Api
from tests.sandbox.github.refusals import BROKEN, Refusal, assert_refused

R = "/repos/acme/billing"
LONG = "x" * 101
REFUSALS: list[Refusal] = [
    ("no title", ("POST", f"{R}/issues", {"body": "b"}), 422, '"title" wasn\'t supplied'),
    ("blank title", ("POST", f"{R}/issues", {"title": " "}), 422, "Validation Failed"),
    ("no JSON", ("POST", f"{R}/issues", BROKEN), 400, "Problems parsing JSON"),
    ("no such issue", ("GET", f"{R}/issues/9", None), 404, "Not Found"),
    ("no such issue", ("POST", f"{R}/issues/9/comments", {"body": "b"}), 404, "Not Found"),
    ("unknown state", ("GET", f"{R}/issues?state=some", None), 422, "Validation Failed"),
    ("unknown order", ("GET", f"{R}/issues?sort=size", None), 422, "Validation Failed"),
    ("no moment", ("GET", f"{R}/issues?since=once", None), 422, "Validation Failed"),
    ("no such label", ("GET", f"{R}/labels/none", None), 404, "Not Found"),
    ("no colour", ("POST", f"{R}/labels", {"name": "x", "color": "red"}), 422, "Validation"),
    ("blank label", ("POST", f"{R}/labels", {"name": ""}), 422, "Validation Failed"),
    ("long text", ("POST", f"{R}/labels", {"name": "x", "description": LONG}), 422, "Validation"),
    ("archived", ("POST", "/repos/acme/old/issues", {"title": "t"}), 403, "read-only"),
]


def create(api: Api, title: str, *labels: str, token: str = ADMIN) -> int:
    """Create an issue; returns its number."""
    body = {"title": title, "labels": list(labels)}
    number: int = api("POST", f"{R}/issues", body, token=token).get_json()["number"]
    return number


def titles(api: Api, query: str = "") -> list[str]:
    """The titles of the listed issues, in order."""
    return [issue["title"] for issue in api("GET", f"{R}/issues{query}").get_json()]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_refusals(api: Api, store: Store, row: Refusal) -> None:
    """The request is refused, and changed nothing."""
    assert_refused(api, store, row)


def test_numbers_count_up_in_each_repository(api: Api) -> None:
    """The first issue of a repository is number 1."""
    assert [create(api, "a"), create(api, "b")] == [1, 2]
    other = api("POST", "/repos/acme/empty/issues", {"title": 3}).get_json()
    assert (other["number"], other["title"]) == (1, "3")
    assert api("GET", R).get_json()["open_issues_count"] == 2


def test_a_list_is_filtered(api: Api) -> None:
    """The list has open issues, newest first; filters are labels (all of them), creator, state."""
    create(api, "a", "drift", "aws")
    create(api, "b", "drift")
    create(api, "c", token=OUTSIDER)
    api("PATCH", f"{R}/issues/2", {"state": "closed"})
    assert titles(api) == ["c", "a"]
    assert titles(api, "?state=all&direction=asc") == ["a", "b", "c"]
    assert titles(api, "?state=closed&labels=Drift") == ["b"]
    assert titles(api, "?state=all&labels=drift,aws") == ["a"]
    assert titles(api, "?creator=stranger") == ["c"]
    assert titles(api, "?since=2999-01-01T00:00:00Z") == []


def test_lists_are_paged(api: Api) -> None:
    """The `Link` header leads from page to page."""
    for number in range(3):
        create(api, str(number))
    first = api("GET", f"{R}/issues?per_page=2")
    assert len(first.get_json()) == 2
    assert 'page=2>; rel="next"' in first.headers["Link"]
    assert titles(api, "?per_page=2&page=2") == ["0"]


def test_a_label_that_is_not_there_is_made(api: Api) -> None:
    """A missing label is created, grey and without description; names ignore case."""
    api("POST", f"{R}/labels", {"name": "Drift", "color": "F29513"})
    create(api, "a", "drift", "new")
    made: Any = api("GET", f"{R}/labels").get_json()
    assert [(label["name"], label["color"]) for label in made] == [
        ("Drift", "f29513"),
        ("new", "ededed"),
    ]
    assert made[1]["description"] is None
    twice = api("POST", f"{R}/labels", {"name": "DRIFT"})
    assert (twice.status_code, twice.get_json()["errors"][0]["code"]) == (422, "already_exists")


def test_who_may_not_push_sets_no_labels(api: Api) -> None:
    """Without the permission to push, labels are dropped without an error, and none is created."""
    number = create(api, "a", "drift", token=OUTSIDER)
    assert api("GET", f"{R}/issues/{number}").get_json()["labels"] == []
    assert api("GET", f"{R}/labels").get_json() == []
    assert api("POST", f"{R}/labels", {"name": "x"}, token=OUTSIDER).status_code == 403


def test_an_issue_is_changed_by_its_author_and_who_may_triage(api: Api) -> None:
    """Only the author, or a user with the permission to triage, can close an issue."""
    number = create(api, "a", token=OUTSIDER)
    path = f"{R}/issues/{number}"
    assert api("PATCH", path, {"title": "b"}, token=MEMBER).status_code == 403
    assert api("PATCH", path, {"title": "b", "body": None}, token=OUTSIDER).status_code == 200
    changed = api("PATCH", path, {"labels": ["x"], "body": "text"}).get_json()
    assert (changed["title"], changed["body"], changed["labels"][0]["name"]) == ("b", "text", "x")
    assert api("PATCH", path, {"labels": []}).get_json()["labels"] == []


def test_closing_and_reopening(api: Api) -> None:
    """The default reason is `completed`; reopening removes `closed_by`."""
    path = f"{R}/issues/{create(api, 'a')}"
    closed = api("PATCH", path, {"state": "closed"}).get_json()
    assert (closed["state"], closed["state_reason"]) == ("closed", "completed")
    assert closed["closed_by"]["login"] == "boss"
    assert closed["closed_at"]
    opened = api("PATCH", path, {"state": "open"}).get_json()
    assert (opened["state"], opened["state_reason"]) == ("open", "reopened")
    assert opened["closed_by"] is opened["closed_at"] is None
    reason = {"state": "closed", "state_reason": "not_planned"}
    assert api("PATCH", path, reason).get_json()["state_reason"] == "not_planned"


def test_comments_are_kept_in_order(api: Api) -> None:
    """All users who may read the repository may comment; comments stay in order."""
    path = f"{R}/issues/{create(api, 'a')}"
    api("POST", f"{path}/comments", {"body": "one"})
    api("POST", f"{path}/comments", {"body": "two"}, token=OUTSIDER)
    assert api("POST", f"{path}/comments", {"body": " "}).status_code == 422
    said = api("GET", f"{path}/comments").get_json()
    assert [(each["body"], each["user"]["login"]) for each in said] == [
        ("one", "boss"),
        ("two", "stranger"),
    ]
    assert api("GET", path).get_json()["comments"] == 2
    create(api, "b")
    assert titles(api, "?sort=comments") == ["a", "b"]
    assert titles(api, "?sort=updated&direction=asc") == ["a", "b"]


def test_disabled_issues_are_gone(api: Api) -> None:
    """Every request is 410 while issues are disabled; enabling them brings them back."""
    create(api, "a")
    api("PATCH", R, {"has_issues": False})
    for method, path in (("POST", "issues"), ("GET", "issues"), ("GET", "issues/1")):
        assert api(method, f"{R}/{path}", {"title": "t"}).status_code == 410
    api("PATCH", R, {"has_issues": True})
    assert titles(api) == ["a"]
