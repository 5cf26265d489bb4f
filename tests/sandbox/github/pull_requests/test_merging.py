"""The three ways to merge, with their commits."""

from base64 import b64encode

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.contract_cases import PROTECTION
from tests.sandbox.github.pull_requests.world import (
    PULLS,
    R,
    branch,
    merged,
    opened,
    tip,
    write,
)
from tests.sandbox.github.rules.world import PULL, rule


def test_a_merge_commit_has_both_parents(api: Api, store: Store) -> None:
    """The merge commit has both parents, its title names the branch, and GitHub signs it."""
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
    """By default a squash quotes the message of the one commit, or the messages of all commits."""
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
    """Authors other than the pull request's are named at the end of the message."""
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


@pytest.mark.parametrize("classic", [False, True])
def test_unsigned_commits_are_squashed_by_their_author_alone(
    api: Api, store: Store, *, classic: bool
) -> None:
    """Where signed commits are demanded; a merge and a rebase bring unsigned ones.

    docs.github.com: about protected branches.
    """
    branch(api, store, "topic")
    write(api, "topic", "a.txt", "x")
    opened(api, "topic")
    api("PUT", f"{R}/collaborators/octocat", {"permission": "admin"})
    if classic:
        body = PROTECTION | {"required_pull_request_reviews": None}
        api("PUT", f"{R}/branches/main/protection", body)
        api("POST", f"{R}/branches/main/protection/required_signatures")
    else:
        rule(api, {"type": "required_signatures"})
    words = "Commits must have verified signatures."
    for method in ("merge", "rebase"):
        status, said = merged(api, merge_method=method)
        assert (status, words in said) == (405, True)
    answer = api("PUT", f"{PULLS}/1/merge", {"merge_method": "squash"}, token=MEMBER)
    assert (answer.status_code, words in answer.get_json()["message"]) == (405, True)
    assert merged(api, merge_method="squash")[0] == 200


def test_a_rebase_writes_the_commits_again(api: Api, store: Store) -> None:
    """The rewritten commits keep message and author, follow the base, and are not signed."""
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
    """If both branches add the same file with different texts, every merge is refused with 405."""
    branch(api, store, "topic")
    write(api, "topic", "same.txt", "ours")
    write(api, "main", "same.txt", "theirs")
    made = opened(api, "topic")
    assert (made["mergeable"], made["mergeable_state"]) == (False, "dirty")
    assert merged(api) == (405, "Pull Request is not mergeable")
    assert merged(api, merge_method="rebase") == (405, "This branch can't be rebased")


def test_changes_of_other_lines_are_merged(api: Api, store: Store) -> None:
    """If both branches change different lines of one file, the merge has both changes."""
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
    """A merge that names another head than the present one is refused with 409."""
    opened(api)
    sha = tip(api, "main")["sha"]
    words = "Head branch was modified. Review and try the merge again."
    assert merged(api, sha=sha) == (409, words)
    assert merged(api, sha=tip(api, "develop")["sha"])[0] == 200


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_way_that_is_switched_off_is_405(api: Api, method: str) -> None:
    """A merge method is refused with 405 by the repository's setting or by a rule."""
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
