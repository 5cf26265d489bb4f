"""Pull requests: opened, listed, changed, merged in three ways, closed, and what is refused."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.rules.test_refusals import APPROVED, PULL, checks, refused, rule
from tests.sandbox.github.test_contract import PROTECTION

R = "/repos/acme/billing"
PULLS = f"{R}/pulls"


def write(api: Api, branch: str, path: str, text: str, message: str = "m") -> None:
    """Commit one new file to a branch."""
    body = {"message": message, "content": b64encode(text.encode()).decode(), "branch": branch}
    answer = api("PUT", f"{R}/contents/{path}", body)
    assert answer.status_code == 201, answer.text


def branch(api: Api, store: Store, name: str) -> None:
    """Make a branch at main."""
    sha = store.repositories[41].git.branches()["main"]
    assert (
        api("POST", f"{R}/git/refs", {"ref": f"refs/heads/{name}", "sha": sha}).status_code == 201
    )


def opened(api: Api, head: str = "develop", **members: Any) -> dict[str, Any]:
    """Open a pull request into main."""
    answer = api("POST", PULLS, {"title": "Change", "head": head, "base": "main"} | members)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def merged(api: Api, number: int = 1, **members: Any) -> tuple[int, str]:
    """Merge; returns status and message."""
    answer = api("PUT", f"{PULLS}/{number}/merge", members)
    return answer.status_code, answer.get_json()["message"]


def tip(api: Api, name: str = "main") -> Any:
    """The last commit of a branch."""
    return api("GET", f"{R}/commits/{name}").get_json()


def test_one_is_opened_and_found(api: Api, store: Store) -> None:
    """Its number is no issue's; it is found by head, base and state."""
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
    """The newest comes first; links lead to the other pages."""
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
    """422 with GitHub's code and words."""
    if not change:
        opened(api)
    answer = api("POST", PULLS, {"title": "t", "head": "develop", "base": "main"} | change)
    assert answer.status_code == 422
    assert error.items() <= answer.get_json()["errors"][0].items()


def test_a_merge_commit_has_both_parents(api: Api, store: Store) -> None:
    """Its title names the branch; the commits of the branch stay as they are, and GitHub signs."""
    before = store.repositories[41].git.branches()
    opened(api, title="Add new")
    assert merged(api) == (200, "Pull Request successfully merged")
    last = tip(api)
    assert [each["sha"] for each in last["parents"]] == [before["main"], before["develop"]]
    assert last["commit"]["message"] == "Merge pull request #1 from acme/develop\n\nAdd new"
    assert last["commit"]["verification"]["verified"] is True
    shown = api("GET", f"{PULLS}/1").get_json()
    assert (shown["state"], shown["merged"], shown["merged_by"]["login"]) == (
        "closed",
        True,
        "boss",
    )
    assert shown["merge_commit_sha"] == last["sha"]
    assert api("GET", f"{PULLS}/1/merge").status_code == 204
    assert merged(api) == (405, "Pull Request is not mergeable")


@pytest.mark.parametrize(
    ("settings", "messages", "expected"),
    [
        ({}, ["feat: a\n\nWhy"], "feat: a (#1)\n\nWhy"),
        (
            {},
            ["feat: a\n\nWhy [skip ci]", "fix: b"],
            "Change (#1)\n\n* feat: a\n\nWhy [skip ci]\n\n* fix: b",
        ),
        ({"squash_merge_commit_title": "PR_TITLE"}, ["feat: a"], "Change (#1)"),
        ({"squash_merge_commit_message": "PR_BODY"}, ["a", "b"], "Change (#1)\n\nthe body"),
        ({"squash_merge_commit_message": "BLANK"}, ["a", "b"], "Change (#1)"),
    ],
    ids=["one commit", "all messages", "title", "body", "blank"],
)
def test_a_squash_quotes_what_the_settings_say(
    api: Api, store: Store, settings: dict[str, str], messages: list[str], expected: str
) -> None:
    """By default the one commit's own message, or every message in full."""
    api("PATCH", R, settings)
    before = store.repositories[41].git.branches()["main"]
    branch(api, store, "topic")
    for number, message in enumerate(messages):
        write(api, "topic", f"{number}.txt", "x", message)
    opened(api, "topic", body="the body")
    assert merged(api, merge_method="squash")[0] == 200
    last = tip(api)
    assert last["commit"]["message"] == expected
    assert [each["sha"] for each in last["parents"]] == [before]


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        (["a"], "Co-authored-by: Bot <bot@acme.example>"),
        (["a", "b"], "* a\n\n* b\n\n---------\n\nCo-authored-by: Bot <bot@acme.example>"),
    ],
)
def test_a_squash_names_other_authors(
    api: Api, store: Store, messages: list[str], body: str
) -> None:
    """Authors who did not open the pull request are named at the end, after every trailer."""
    branch(api, store, "topic")
    bot = {"name": "Bot", "email": "bot@acme.example"}
    for number, message in enumerate(messages):
        sent = {"message": message, "content": "eA==", "branch": "topic", "author": bot}
        path = f"{R}/contents/{number}.txt"
        headers = {"Authorization": f"Bearer {ADMIN}"}
        assert api.client.put(f"/api/v3{path}", json=sent, headers=headers).status_code == 201
    opened(api, "topic")
    assert merged(api, merge_method="squash")[0] == 200
    assert tip(api)["commit"]["message"].partition("\n\n")[2] == body


def test_a_rebase_writes_the_commits_again(api: Api, store: Store) -> None:
    """They keep message and author, lie on top of the base, and are not signed."""
    branch(api, store, "topic")
    for name in ("a", "b"):
        write(api, "topic", f"{name}.txt", name, f"add {name}")
    write(api, "main", "c.txt", "c", "add c")
    opened(api, "topic")
    old = tip(api, "topic")["sha"]
    assert merged(api, merge_method="rebase")[0] == 200
    listed = api("GET", f"{R}/commits").get_json()
    assert [each["commit"]["message"] for each in listed[:3]] == ["add b", "add a", "add c"]
    assert listed[0]["sha"] != old
    assert listed[0]["commit"]["verification"]["verified"] is False
    files = {each["path"] for each in api("GET", f"{R}/contents/").get_json()}
    assert {"a.txt", "b.txt", "c.txt"} <= files


def test_a_conflict_is_not_merged(api: Api, store: Store) -> None:
    """Two texts of one new file: 405; other lines of one file are merged."""
    branch(api, store, "topic")
    write(api, "topic", "same.txt", "ours")
    write(api, "main", "same.txt", "theirs")
    made = opened(api, "topic")
    assert (made["mergeable"], made["mergeable_state"]) == (False, "dirty")
    assert merged(api) == (405, "Pull Request is not mergeable")
    assert merged(api, merge_method="rebase") == (405, "This branch can't be rebased")


def test_changes_of_other_lines_are_merged(api: Api, store: Store) -> None:
    """Both changes of one file are in the merge."""
    write(api, "main", "long.txt", "".join(f"{line}\n" for line in range(9)))
    branch(api, store, "topic")
    for name, line in (("topic", "0"), ("main", "8")):
        old = api("GET", f"{R}/contents/long.txt?ref={name}").get_json()["sha"]
        text = "".join(f"{'x' if str(each) == line else each}\n" for each in range(9))
        body = {"message": "m", "content": b64encode(text.encode()).decode(), "branch": name}
        assert api("PUT", f"{R}/contents/long.txt", body | {"sha": old}).status_code == 200
    opened(api, "topic")
    assert merged(api)[0] == 200
    git = store.repositories[41].git
    entry = git.lookup(git.branches()["main"], "long.txt")
    assert entry is not None
    assert git.blob(entry.sha) == b"x\n1\n2\n3\n4\n5\n6\n7\nx\n"


def test_another_head_is_409(api: Api) -> None:
    """A client that knows an older head merges nothing."""
    opened(api)
    sha = tip(api, "main")["sha"]
    words = "Head branch was modified. Review and try the merge again."
    assert merged(api, sha=sha) == (409, words)
    assert merged(api, sha=tip(api, "develop")["sha"])[0] == 200


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_way_that_is_switched_off_is_405(api: Api, method: str) -> None:
    """By the repository's setting, or by the rule about pull requests."""
    opened(api)
    setting = {"merge": "allow_merge_commit"}.get(method, f"allow_{method}_merge")
    api("PATCH", R, {setting: False})
    assert merged(api, merge_method=method)[0] == 405
    api("PATCH", R, {setting: True})
    others = [each for each in ("merge", "squash", "rebase") if each != method]
    parameters = PULL["parameters"] | {"allowed_merge_methods": others}
    parameters["required_approving_review_count"] = 0
    rule(api, {"type": "pull_request", "parameters": parameters})
    status, message = merged(api, merge_method=method)
    assert status == 405
    assert message.endswith("are not allowed on this repository.")
    assert merged(api, merge_method=others[0])[0] == 200


def approve(api: Api, token: str = MEMBER, event: str = "APPROVE") -> int:
    """Review the pull request."""
    return api("POST", f"{PULLS}/1/reviews", {"event": event}, token=token).status_code


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "ruleset"])
def test_a_review_is_required(api: Api, store: Store, classic: bool) -> None:  # noqa: FBT001
    """405 until somebody who may push approves; the author's own approval is refused."""
    if classic:
        api("PUT", f"{R}/branches/main/protection", PROTECTION)
    else:
        rule(api, PULL)
    opened(api)
    words = APPROVED if classic else f"Repository rule violations found\n\n{APPROVED}\n\n"
    merge = ("PUT", f"{PULLS}/1/merge", None)
    assert refused(api, store, merge) == (405, words)
    assert api("GET", f"{PULLS}/1").get_json()["mergeable_state"] == "blocked"
    assert approve(api, ADMIN) == 422
    assert approve(api) == 200
    assert refused(api, store, merge)[0] == 405  # octocat may only read
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    assert approve(api, event="REQUEST_CHANGES") == 200
    assert refused(api, store, merge)[0] == 405
    assert approve(api) == 200
    assert merged(api)[0] == 200


def test_a_push_dismisses_approvals_if_a_rule_says_so(api: Api) -> None:
    """A new head needs a new approval."""
    parameters = PULL["parameters"] | {"dismiss_stale_reviews_on_push": True}
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"]}}
    rule(api, {"type": "pull_request", "parameters": parameters}, conditions=conditions)
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    opened(api)
    approve(api)
    write(api, "develop", "more.txt", "x")
    (review,) = api("GET", f"{PULLS}/1/reviews").get_json()
    assert review["state"] == "DISMISSED"
    assert merged(api)[0] == 405


def test_checks_of_the_head_are_required(api: Api, store: Store) -> None:
    """The head's checks count, not those of the merge commit."""
    rule(api, checks("ci"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    opened(api)
    status, message = merged(api)
    assert status == 405
    assert 'Required status check "ci" is expected.' in message
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert merged(api)[0] == 200


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "ruleset"])
def test_strict_checks_need_the_newest_base(api: Api, store: Store, classic: bool) -> None:  # noqa: FBT001
    """Checks of a head that is behind its base count as expected."""
    write(api, "main", "new.txt", "x")
    if classic:
        body = PROTECTION | {
            "required_pull_request_reviews": None,
            "enforce_admins": False,
            "required_status_checks": {"strict": True, "contexts": ["ci"]},
        }
        api("PUT", f"{R}/branches/main/protection", body)
    else:
        required = checks("ci")
        required["parameters"]["strict_required_status_checks_policy"] = True
        rule(api, required, conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    opened(api)
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert api("GET", f"{PULLS}/1").get_json()["mergeable_state"] == "behind"
    answer = api("PUT", f"{PULLS}/1/merge", {}, token=MEMBER)
    assert answer.status_code == 405
    assert 'Required status check "ci" is expected.' in answer.get_json()["message"]
    api("POST", f"{R}/merges", {"base": "develop", "head": "main"})
    store.repositories[41].checks[tip(api, "develop")["sha"]] = {"ci": "success"}
    assert api("PUT", f"{PULLS}/1/merge", {}, token=MEMBER).status_code == 200


def test_unsigned_commits_are_squashed_only(api: Api, store: Store) -> None:
    """GitHub signs the squash commit; a merge would bring the unsigned commits along."""
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"]}}
    rule(api, {"type": "required_signatures"}, conditions=conditions)
    opened(api)
    for method in ("merge", "rebase"):
        put = ("PUT", f"{PULLS}/1/merge", {"merge_method": method})
        status, message = refused(api, store, put)
        assert status == 405
        assert "Commits must have verified signatures." in message
    assert merged(api, merge_method="squash")[0] == 200


def test_the_deleted_head_closes_it(api: Api) -> None:
    """It is not opened again, unless the branch is back."""
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
    """It opens again after further commits, not after a forced push."""
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
    """Other pull requests into it get its base; a merged one is not opened again."""
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
    """It gets pushed commits, is merged if its base has them all, closed if it has none."""
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


def test_its_base_is_changed_while_it_is_open(api: Api, store: Store) -> None:
    """A closed one keeps its base; an unknown base is refused."""
    branch(api, store, "release")
    opened(api)
    assert api("PATCH", f"{PULLS}/1", {"base": "none"}).status_code == 422
    assert api("PATCH", f"{PULLS}/1", {"base": "release"}).get_json()["base"]["ref"] == "release"
    api("PATCH", f"{PULLS}/1", {"state": "closed"})
    assert api("PATCH", f"{PULLS}/1", {"base": "main"}).status_code == 422
    assert api("PATCH", f"{PULLS}/1", {"title": "x"}, token=MEMBER).status_code == 403


def test_maintainers_edit_forks_only(api: Api) -> None:
    """The permission for maintainers is false in one repository, and cannot be given later."""
    assert opened(api, maintainer_can_modify=True)["maintainer_can_modify"] is False
    assert api("PATCH", f"{PULLS}/1", {"maintainer_can_modify": False}).status_code == 200
    refusal = api("PATCH", f"{PULLS}/1", {"maintainer_can_modify": True})
    assert refusal.status_code == 422
    assert "cross-repo" in refusal.get_json()["errors"][0]["message"]


def test_it_is_an_issue_too(api: Api) -> None:
    """Lists of issues have it with its address, and it has comments like an issue."""
    opened(api)
    (listed,) = api("GET", f"{R}/issues").get_json()
    assert listed["pull_request"]["url"].endswith("/pulls/1")
    assert api("POST", f"{R}/issues/1/comments", {"body": "seen"}).status_code == 201
    assert [each["body"] for each in api("GET", f"{R}/issues/1/comments").get_json()] == ["seen"]
    assert api("GET", f"{PULLS}/1").get_json()["comments"] == 1


def test_it_follows_a_renamed_branch(api: Api) -> None:
    """Head and base have the new names."""
    opened(api)
    api("POST", f"{R}/branches/develop/rename", {"new_name": "next"})
    api("POST", f"{R}/branches/main/rename", {"new_name": "trunk"})
    shown = api("GET", f"{PULLS}/1").get_json()
    assert (shown["head"]["ref"], shown["base"]["ref"]) == ("next", "trunk")
    assert merged(api)[0] == 200
