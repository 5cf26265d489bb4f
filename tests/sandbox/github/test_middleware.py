"""The steps before and after every route."""

import re

import pytest

from sandbox.github.accounts import Token, TokenKind
from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, Api

R = "/repos/acme/billing"


def test_an_unchanged_answer_is_304_and_free(api: Api) -> None:
    """With the entity tag of the last answer, the answer is 304 and does not count."""
    first = api("GET", R)
    again = api("GET", R, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]


def test_an_entity_tag_is_one_tokens(api: Api, store: Store) -> None:
    """Another token gets another entity tag, even for the same content."""
    store.tokens["next"] = Token("next", "boss")
    first, other = api("GET", R), api("GET", R, token="next")
    assert first.data == other.data
    again = api("GET", R, token="next", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert store.tokens["next"].used["core"] == 2


def test_a_changed_answer_is_not_304(api: Api) -> None:
    """A changed object has another entity tag."""
    tag = api("GET", R).headers["ETag"]
    api("PATCH", R, {"description": "changed"})
    assert api("GET", R, headers={"If-None-Match": tag}).status_code == 200


def test_answers_vary_with_the_token(api: Api) -> None:
    """A cache must not give one token's answer to another."""
    assert api("GET", R).headers["Vary"] == "Accept, Authorization, Cookie"


def test_limits_are_told_and_counted(api: Api) -> None:
    """Each answer has the remaining requests; requests for the limit do not count."""
    first, second = api("GET", R).headers, api("GET", R).headers
    assert int(first["X-RateLimit-Remaining"]) - 1 == int(second["X-RateLimit-Remaining"])
    rate = api("GET", "/rate_limit").get_json()["rate"]
    assert rate["used"] == int(second["X-RateLimit-Used"])
    assert rate["reset"] == int(second["X-RateLimit-Reset"])


def test_a_classic_token_tells_its_scopes(api: Api, store: Store) -> None:
    """Every answer has the scopes; without `workflow`, writing a workflow file is 404."""
    store.tokens["narrow"] = Token("narrow", "boss", scopes=frozenset({"repo", "gist"}))
    assert api("GET", R, token="narrow").headers["X-OAuth-Scopes"] == "gist, repo"
    sent = {"message": "m", "content": "b246IHB1c2gK"}
    place = f"{R}/contents/.github"
    assert api("PUT", f"{place}/workflows/ci.yml", sent, token="narrow").status_code == 404
    assert api("PUT", f"{place}/CODEOWNERS", sent, token="narrow").status_code == 201


def test_other_tokens_tell_none(api: Api, store: Store) -> None:
    """Answers to fine-grained and App tokens have no header with scopes."""
    store.tokens["fine"] = Token("fine", "boss", TokenKind.FINE_GRAINED)
    assert "X-OAuth-Scopes" not in api("GET", R, token="fine").headers


def test_a_used_up_hour_is_refused(api: Api, store: Store) -> None:
    """After the limit every request is 403 with 0 remaining, until the hour is over."""
    store.tokens["poor"] = Token("poor", "boss", rate_limit=1)
    assert api("GET", R, token="poor").status_code == 200
    refused = api("GET", R, token="poor")
    assert refused.status_code == 403
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert "rate limit exceeded" in refused.get_json()["message"]
    store.tokens["poor"].window -= 3600
    assert api("GET", R, token="poor").status_code == 200


def test_lists_come_in_linked_pages(api: Api) -> None:
    """A client that follows `next` from the first page gets every item once."""
    seen, url = [], "/orgs/acme/repos?per_page=3"
    for _ in range(10):
        answer = api("GET", url)
        seen += [repository["name"] for repository in answer.get_json()]
        following = re.search(r'/api/v3([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        if following is None:
            break
        url = following[1]
    assert seen == ["billing", "empty", "hidden", "old"]


def test_an_unknown_route_is_501(api: Api, store: Store) -> None:
    """An unknown route is 501 with method and path, never 404, and is logged."""
    for method, path in (("GET", f"{R}/pages"), ("PATCH", f"{R}/environments/prod")):
        answer = api(method, path)
        assert answer.status_code == 501
        assert answer.get_json()["method"] == method
        assert answer.get_json()["path"].endswith(path)
    unserved = store.log.report()["unserved"]
    assert unserved == [f"GET /api/v3{R}/pages", f"PATCH /api/v3{R}/environments/prod"]


def test_an_escaped_slash_is_part_of_a_name(api: Api) -> None:
    """The escaped environment name `a/b` is one segment of the path."""
    assert api("PUT", f"{R}/environments/a%2Fb").get_json()["name"] == "a/b"
    assert api("GET", f"{R}/environments/a%2fb").status_code == 200
    made = api("POST", f"{R}/environments/a%2Fb/variables", {"name": "X", "value": "1"})
    assert made.status_code == 201


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("PUT", 307)])
def test_a_renamed_repository_redirects(api: Api, method: str, status: int) -> None:
    """The old name redirects to the address with the id; path and query stay."""
    api("PATCH", R, {"name": "invoices"})
    moved = api(method, f"{R}/environments/prod?x=1")
    assert moved.status_code == status
    place = moved.headers["Location"].partition("/api/v3")[2]
    assert place == "/repositories/41/environments/prod?x=1"
    assert api(method, place).status_code == 200


def test_a_new_repository_takes_the_old_name(api: Api) -> None:
    """A redirect ends when a new repository takes the name."""
    api("PATCH", R, {"name": "invoices"})
    api("POST", "/orgs/acme/repos", {"name": "billing"})
    assert api("GET", R).get_json()["id"] != 41


def test_requests_are_counted_by_route(api: Api, store: Store) -> None:
    """Requests are counted by method and route, not by path; control requests are not counted."""
    api("GET", R)
    api("GET", "/repos/acme/empty")
    api("PUT", f"{R}/environments/dev")
    api.client.get("/_sandbox/faults")
    report = store.log.report()
    assert (report["total"], report["writes"]) == (3, 1)
    assert report["routes"][0] == {"method": "GET", "route": "/repos/{owner}/{repo}", "count": 2}
    assert report["statuses"] == {"200": 3}


def test_a_password_is_a_token_too(api: Api) -> None:
    """Basic authentication with the token as password works as a bearer token."""
    answer = api.client.get(f"/api/v3{R}", auth=("anybody", ADMIN))
    assert answer.status_code == 200


def test_an_empty_last_name_is_not_found(api: Api) -> None:
    """A path with an empty last name is 404; it does not return the list."""
    assert api("GET", "/orgs/acme/teams/").status_code == 404
    assert api("GET", f"{R}/contents").status_code == 200
