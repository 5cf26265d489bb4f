"""The effect on a pull request if its branches move, are renamed or are deleted."""

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api
from tests.sandbox.github.pull_requests.world import (
    PULLS,
    R,
    branch,
    merged,
    opened,
    tip,
    write,
)


def test_the_deleted_head_closes_it(api: Api) -> None:
    """A deleted head closes the pull request; a client can reopen it when the branch is back."""
    opened(api)
    sha = tip(api, "develop")["sha"]
    api("DELETE", f"{R}/git/refs/heads/develop")
    assert api("GET", f"{PULLS}/1").get_json()["state"] == "closed"
    refusal = api("PATCH", f"{PULLS}/1", {"state": "open"})
    assert refusal.status_code == 422
    (error,) = refusal.get_json()["errors"]
    assert error["message"] == "state cannot be changed. The develop branch has been deleted."
    api("POST", f"{R}/git/refs", {"ref": "refs/heads/develop", "sha": sha})
    assert api("PATCH", f"{PULLS}/1", {"state": "open"}).get_json()["state"] == "open"


def test_a_closed_one_stays_closed_if_its_head_lost_commits(api: Api, store: Store) -> None:
    """A closed pull request can be reopened after further commits, but not after a forced push."""
    opened(api)
    api("PATCH", f"{PULLS}/1", {"state": "closed"})
    write(api, "develop", "more.txt", "x")
    assert api("PATCH", f"{PULLS}/1", {"state": "open"}).status_code == 200
    api("PATCH", f"{PULLS}/1", {"state": "closed"})
    main = store.repositories[41].git.branches()["main"]
    api("PATCH", f"{R}/git/refs/heads/develop", {"sha": main, "force": True})
    write(api, "develop", "other.txt", "x")
    refusal = api("PATCH", f"{PULLS}/1", {"state": "open"})
    (error,) = refusal.get_json()["errors"]
    assert (refusal.status_code, error["code"], error["field"]) == (422, "custom", "state")
    words = "state cannot be changed. The develop branch was force-pushed or recreated."
    assert error["message"] == words
    assert opened(api)["number"] == 2


def test_the_merged_head_is_deleted_by_the_setting(api: Api, store: Store) -> None:
    """Other pull requests into the deleted head get its base; the merged one cannot be reopened."""
    api("PATCH", R, {"delete_branch_on_merge": True})
    branch(api, store, "topic")
    write(api, "topic", "t.txt", "t")
    opened(api)
    opened(api, "topic", base="develop")
    assert merged(api)[0] == 200
    assert "develop" not in store.repositories[41].git.branches()
    other = api("GET", f"{PULLS}/2").get_json()
    assert (other["state"], other["base"]["ref"]) == ("open", "main")
    api("POST", f"{R}/git/refs", {"ref": "refs/heads/develop", "sha": tip(api)["sha"]})
    assert api("PATCH", f"{PULLS}/1", {"state": "open"}).status_code == 422


def test_pushes_change_it(api: Api, store: Store) -> None:
    """The pull request gets pushed commits, and follows from them whether it is merged or closed.

    It is merged if its base has all of its commits, and closed if its head has none of its own.
    """
    opened(api)
    write(api, "develop", "more.txt", "x")
    head = tip(api, "develop")["sha"]
    shown = api("GET", f"{PULLS}/1").get_json()
    assert (shown["head"]["sha"], shown["commits"]) == (head, 2)
    files = {each["filename"] for each in api("GET", f"{PULLS}/1/files").get_json()}
    assert files == {"src/new.py", "more.txt"}
    api("PATCH", f"{R}/git/refs/heads/main", {"sha": head})
    assert api("GET", f"{PULLS}/1").get_json()["merged"] is True
    branch(api, store, "topic")
    write(api, "topic", "t.txt", "t")
    opened(api, "topic")
    api("PATCH", f"{R}/git/refs/heads/topic", {"sha": head, "force": True})
    shown = api("GET", f"{PULLS}/2").get_json()
    assert (shown["state"], shown["merged"]) == ("closed", False)


def test_it_follows_a_renamed_branch(api: Api) -> None:
    """After a rename, head and base of the pull request have the new names."""
    opened(api)
    api("POST", f"{R}/branches/develop/rename", {"new_name": "next"})
    api("POST", f"{R}/branches/main/rename", {"new_name": "trunk"})
    shown = api("GET", f"{PULLS}/1").get_json()
    assert (shown["head"]["ref"], shown["base"]["ref"]) == ("next", "trunk")
    assert merged(api)[0] == 200
