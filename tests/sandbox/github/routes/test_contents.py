"""Files, commits, branches and references are one git repository."""

import hashlib
from base64 import b64decode, b64encode
from typing import Any

from tests.sandbox.github.conftest import Api

R = "/repos/acme/billing"
WORKFLOW = ".github/workflows/ci.yml"


def put(api: Api, path: str, text: str, **more: str) -> dict[str, Any]:
    """Write a file; returns the JSON of the answer."""
    sent = {"message": f"Write {path}", "content": b64encode(text.encode()).decode(), **more}
    answer = api("PUT", f"{R}/contents/{path}", sent)
    assert answer.status_code in {200, 201}, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_ids_are_gits_own(api: Api) -> None:
    """The id of a blob is the hash that git computes from its content."""
    written = put(api, WORKFLOW, "on: push\n", branch="develop")
    expected = hashlib.sha1(b"blob 9\0on: push\n", usedforsecurity=False).hexdigest()
    assert written["content"]["sha"] == expected


def test_a_write_is_a_commit_on_its_branch_only(api: Api) -> None:
    """The branch moves to a commit with the old head as parent; other branches stay."""
    head = api("GET", f"{R}/git/ref/heads/develop").get_json()["object"]["sha"]
    main = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    commit = put(api, WORKFLOW, "on: push\n", branch="develop")["commit"]
    assert [parent["sha"] for parent in commit["parents"]] == [head]
    assert api("GET", f"{R}/branches/develop").get_json()["commit"]["sha"] == commit["sha"]
    assert api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"] == main
    assert api("GET", f"{R}/contents/{WORKFLOW}?ref=main").status_code == 404


def test_what_was_written_is_read(api: Api) -> None:
    """A read returns the content as lines of Base64, and an address with the branch."""
    text = "grüße\n" * 100
    put(api, "a b/ü.txt", text, branch="develop")
    found = api("GET", f"{R}/contents/a%20b/%C3%BC.txt?ref=develop").get_json()
    assert b64decode(found["content"]).decode() == text
    assert max(map(len, found["content"].splitlines())) == 60
    assert found["url"].endswith("/contents/a%20b/%C3%BC.txt?ref=develop")
    assert found["html_url"].endswith("/acme/billing/blob/develop/a%20b/%C3%BC.txt")


def test_an_update_changes_one_file(api: Api) -> None:
    """The commit lists its changed file, and commits can be listed by path."""
    first = put(api, WORKFLOW, "a\nb\n")
    second = put(api, WORKFLOW, "a\nc\nd\n", sha=first["content"]["sha"])
    shown = api("GET", f"{R}/commits/{second['commit']['sha']}").get_json()
    (file,) = shown["files"]
    assert (file["filename"], file["status"]) == (WORKFLOW, "modified")
    assert (file["additions"], file["deletions"], shown["stats"]["total"]) == (2, 1, 3)
    listed = api("GET", f"{R}/commits?path={WORKFLOW}").get_json()
    assert [c["sha"] for c in listed] == [second["commit"]["sha"], first["commit"]["sha"]]


def test_a_deletion_leaves_the_rest(api: Api) -> None:
    """The file is deleted, also its folder if it was the last file there; others stay."""
    written = put(api, WORKFLOW, "x")
    sent = {"message": "away", "sha": written["content"]["sha"]}
    assert api("DELETE", f"{R}/contents/{WORKFLOW}", sent).get_json()["content"] is None
    names = [entry["name"] for entry in api("GET", f"{R}/contents/").get_json()]
    assert names == ["README.md", "src"]


def test_the_author_is_who_asks_or_who_is_named(api: Api) -> None:
    """Without an author the commit has the token's user, and the answer has its account."""
    first = put(api, "a", "1")["commit"]["sha"]
    shown = api("GET", f"{R}/commits/{first}").get_json()
    assert shown["commit"]["author"]["name"] == "The Boss"
    assert shown["author"]["login"] == "boss"
    sent = {
        "message": "m",
        "content": "MQ==",
        "committer": {"name": "Bot", "email": "bot@example.com"},
    }
    second = api("PUT", f"{R}/contents/b", sent).get_json()["commit"]
    assert second["author"]["email"] == second["committer"]["email"] == "bot@example.com"


def test_the_first_commit_of_an_empty_repository(api: Api) -> None:
    """The first commit creates the default branch and has no parent."""
    sent = {"message": "m", "content": "MQ=="}
    answer = api("PUT", "/repos/acme/empty/contents/a", sent)
    assert answer.status_code == 201
    assert answer.get_json()["commit"]["parents"] == []
    assert [b["name"] for b in api("GET", "/repos/acme/empty/branches").get_json()] == ["main"]


def test_an_empty_repository_lists_no_branch(api: Api) -> None:
    """The list of branches is empty, although the repository has a default branch name."""
    assert api("GET", "/repos/acme/empty/branches").get_json() == []
    assert api("GET", "/repos/acme/empty").get_json()["default_branch"] == "main"


def test_references_match_by_prefix(api: Api) -> None:
    """`matching-refs` lists all names with the prefix; the list may be empty."""
    main = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    for name in ("refs/heads/dev", "refs/tags/v1"):
        api("POST", f"{R}/git/refs", {"ref": name, "sha": main})
    found = api("GET", f"{R}/git/matching-refs/heads/dev").get_json()
    assert [ref["ref"] for ref in found] == ["refs/heads/dev", "refs/heads/develop"]
    assert api("GET", f"{R}/git/matching-refs/heads/x").get_json() == []
    assert api("GET", f"{R}/commits/v1").get_json()["sha"] == main


def test_a_branch_moves_forward_or_by_force(api: Api) -> None:
    """A move that loses commits needs `force`."""
    main = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    refused = api("PATCH", f"{R}/git/refs/heads/develop", {"sha": main})
    assert refused.get_json()["message"] == "Update is not a fast forward"
    moved = api("PATCH", f"{R}/git/refs/heads/develop", {"sha": main, "force": True})
    assert moved.get_json()["object"]["sha"] == main


def test_a_renamed_default_branch_stays_the_default(api: Api) -> None:
    """The repository has the new name as its default branch; the old name redirects."""
    api("POST", f"{R}/branches/main/rename", {"new_name": "trunk"})
    assert api("GET", R).get_json()["default_branch"] == "trunk"
    old = api("GET", f"{R}/branches/main")
    assert (old.status_code, old.get_json()["message"]) == (301, "Moved Permanently")
    assert api("GET", f"{R}/contents/README.md").status_code == 200


def test_branches_with_slashes_are_branches(api: Api) -> None:
    """A slash in a branch name works escaped and unescaped."""
    main = api("GET", f"{R}/git/ref/heads/main").get_json()["object"]["sha"]
    api("POST", f"{R}/git/refs", {"ref": "refs/heads/feature/x", "sha": main})
    for name in ("feature/x", "feature%2Fx"):
        assert api("GET", f"{R}/branches/{name}").get_json()["name"] == "feature/x"
    listed = [branch["name"] for branch in api("GET", f"{R}/branches").get_json()]
    assert listed == ["develop", "feature/x", "main"]


def test_a_large_file_comes_without_its_content(api: Api) -> None:
    """For a file of more than a megabyte the answer has the size, but no content."""
    put(api, "large", "x" * 1_000_001)
    found = api("GET", f"{R}/contents/large").get_json()
    assert (found["size"], found["encoding"], found["content"]) == (1_000_001, "none", "")
