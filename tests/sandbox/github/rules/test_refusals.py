"""What rulesets refuse, in each way into a branch."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, Api
from tests.sandbox.github.rules.world import (
    BY_PULL,
    FILE,
    PULL,
    R,
    checks,
    heads,
    parametrised,
    pattern,
    refused,
    rule,
)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([{"type": "update"}], "Cannot update this protected ref."),
        ([PULL], BY_PULL),
        ([{"type": "required_signatures"}], "Commits must have verified signatures."),
        ([checks("ci")], 'Required status check "ci" is expected.'),
        ([checks("ci", "lint")], "2 of 2 required status checks are expected."),
        ([PULL, checks("ci")], f'{BY_PULL}\n\nRequired status check "ci" is expected.'),
        (
            [pattern("commit_message_pattern", "starts_with", "feat")],
            "Commit message must start with: feat",
        ),
        (
            [pattern("commit_message_pattern", "regex", "^fix", negate=True)],
            "Commit message must not match a given regex pattern: ^fix",
        ),
        (
            [pattern("commit_author_email_pattern", "ends_with", "@acme.example")],
            "Commit author email must end with: @acme.example",
        ),
        (
            [pattern("committer_email_pattern", "contains", "acme.example")],
            "Committer email must contain: acme.example",
        ),
        (
            [pattern("branch_name_pattern", "starts_with", "feature/")],
            "Branch name must start with: feature/",
        ),
        (
            [pattern("commit_message_pattern", "regex", "^Signed-off-by: ")],
            "Commit message must match a given regex pattern: ^Signed-off-by: ",
        ),
        ([{"type": "merge_queue"}], "Changes must be made through the merge queue"),
        (
            [parametrised("required_deployments", required_deployment_environments=["prod"])],
            "Required deployments have not succeeded: prod",
        ),
        (
            [parametrised("workflows", workflows=[{"path": "ci.yml", "repository_id": 1}])],
            'Required workflow "ci.yml" is expected.',
        ),
    ],
    ids=lambda value: value[0]["type"] if isinstance(value, list) else "",
)
def test_a_ruleset_refuses_a_file(
    api: Api, store: Store, rules: list[dict[str, Any]], sentence: str
) -> None:
    """A file is refused with 409 and one sentence a rule; without the ruleset it is written."""
    made = rule(api, *rules)
    path = f"{R}/contents/.github/x"
    said = refused(api, store, ("PUT", path, FILE))
    assert said == (409, f"Repository rule violations found\n\n{sentence}\n\n")
    assert api("PUT", f"{R}/rulesets/{made['id']}", {"enforcement": "disabled"}).status_code == 200
    assert api("PUT", path, FILE).status_code == 201


@pytest.mark.parametrize(
    ("parameters", "body", "sentence"),
    [
        ({"restricted_file_extensions": [".x"]}, b"", "File extension is restricted"),
        ({"restricted_file_extensions": ["*.x"]}, b"", "File extension is restricted"),
        ({"restricted_file_paths": ["folder/**/*"]}, b"", "File path is restricted"),
        (
            {"max_file_path_length": 9},
            b"",
            "File path must be 9 characters or less",
        ),
        (
            {"max_file_size": 1},
            b"x" * (1024 * 1024 + 1),
            "File size must be 1 MB or less",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_push_ruleset_is_about_files(
    api: Api, store: Store, parameters: dict[str, Any], body: bytes, sentence: str
) -> None:
    """It applies to every branch of a private repository, and lets other files pass."""
    (name,) = parameters
    kind = name
    if name.startswith("restricted"):
        kind = f"file_{name.removeprefix('restricted_file_').removesuffix('s')}_restriction"
    store.repositories[41].private = True
    members = {"target": "push", "conditions": None}
    rule(api, {"type": kind, "parameters": parameters}, **members)
    sent = FILE | {"branch": "develop", "content": b64encode(body).decode()}
    said = refused(api, store, ("PUT", f"{R}/contents/folder/file.x", sent))
    assert said == (409, f"Repository rule violations found\n\n{sentence}\n\n")
    assert api("PUT", f"{R}/contents/a.py", FILE).status_code == 201


def test_a_deleted_file_is_a_commit_as_well(api: Api, store: Store) -> None:
    """DELETE of a file is refused like PUT."""
    rule(api, PULL)
    entry = api("GET", f"{R}/contents/README.md").get_json()
    body = {"message": "m", "sha": entry["sha"]}
    assert refused(api, store, ("DELETE", f"{R}/contents/README.md", body))[0] == 409


@pytest.mark.parametrize(
    ("kind", "request_", "sentence"),
    [
        (
            "creation",
            ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": "{main}"}),
            "Cannot create ref due to creations being restricted.",
        ),
        (
            "update",
            ("PATCH", "/git/refs/heads/main", {"sha": "{develop}"}),
            "Cannot update this protected ref.",
        ),
        (
            "non_fast_forward",
            ("PATCH", "/git/refs/heads/develop", {"sha": "{main}", "force": True}),
            "Cannot force-push to this branch",
        ),
        ("deletion", ("DELETE", "/git/refs/heads/develop", {}), "Cannot delete this branch"),
    ],
)
def test_a_ruleset_refuses_a_reference(
    api: Api, store: Store, kind: str, request_: tuple[str, str, Any], sentence: str
) -> None:
    """A reference is refused with 422."""
    method, path, body = request_
    rule(api, {"type": kind})
    ids = heads(store)
    sent = body | ({"sha": body["sha"].format(**ids)} if body else {})
    said = refused(api, store, (method, f"{R}{path}", sent))
    assert said == (422, f"Repository rule violations found\n\n{sentence}\n\n")


def test_a_line_is_no_text(api: Api) -> None:
    """`^` is the beginning of the message, and of each line with `(?m)` only."""
    sent = FILE | {"message": "fix: m\n\nSigned-off-by: a"}
    made = rule(api, pattern("commit_message_pattern", "regex", "^Signed-off-by: "))
    assert api("PUT", f"{R}/contents/x", sent).status_code == 409
    lines = {"rules": [pattern("commit_message_pattern", "regex", "(?m)^Signed-off-by: ")]}
    api("PUT", f"{R}/rulesets/{made['id']}", lines)
    assert api("PUT", f"{R}/contents/x", sent).status_code == 201


def test_code_that_was_not_scanned_is_refused(api: Api, store: Store) -> None:
    """The sentence names the tools and the commit."""
    tool = {"tool": "CodeQL", "alerts_threshold": "none", "security_alerts_threshold": "none"}
    rule(api, parametrised("code_scanning", code_scanning_tools=[tool]))
    status, message = refused(api, store, ("PUT", f"{R}/contents/x", FILE))
    assert status == 409
    assert "Code scanning is waiting for results from CodeQL for the commit " in message


@pytest.mark.parametrize("name", ["develop/next", "a"])
def test_a_branch_is_not_beside_a_folder_of_its_name(api: Api, store: Store, name: str) -> None:
    """Git keeps branches as files and folders; without the other branch it is made."""
    main = heads(store)["main"]
    store.repositories[41].git.set_ref("refs/heads/a/b", main)
    create = ("POST", f"{R}/git/refs", {"ref": f"refs/heads/{name}", "sha": main})
    assert refused(api, store, create) == (422, "Reference update failed")
    for other in ("develop", "a/b"):
        store.repositories[41].git.delete_ref(f"refs/heads/{other}")
    assert api(*create).status_code == 201


def test_a_branch_is_made_without_a_pull_request(api: Api, store: Store) -> None:
    """Rules about pull requests and the merge queue refuse no creation and no deletion."""
    required = [{"path": "ci.yml", "repository_id": 1}]
    later = parametrised("workflows", workflows=required, do_not_enforce_on_create=True)
    rule(api, PULL, checks("ci", on_create=False), {"type": "merge_queue"}, later)
    body = {"ref": "refs/heads/new", "sha": heads(store)["main"]}
    assert api("POST", f"{R}/git/refs", body).status_code == 201
    assert api("DELETE", f"{R}/git/refs/heads/new").status_code == 204


@pytest.mark.parametrize("kind", ["creation", "deletion"])
def test_a_rename_makes_and_deletes_a_branch(api: Api, store: Store, kind: str) -> None:
    """A ruleset that refuses one of the two refuses the rename."""
    rule(api, {"type": kind})
    rename = ("POST", f"{R}/branches/develop/rename", {"new_name": "next"})
    assert refused(api, store, rename)[0] == 422


def test_a_linear_history_has_no_merge_commit(api: Api, store: Store) -> None:
    """`POST /merges` is refused with 409."""
    rule(api, {"type": "required_linear_history"})
    api("PUT", f"{R}/contents/y", FILE)
    status, message = refused(
        api, store, ("POST", f"{R}/merges", {"base": "main", "head": "develop"})
    )
    assert status == 409
    assert "This branch must not contain merge commits." in message


def test_a_tag_ruleset_is_about_tags(api: Api, store: Store) -> None:
    """It refuses tags and no branch."""
    rule(api, {"type": "creation"}, target="tag")
    sha = heads(store)["main"]
    tag = ("POST", f"{R}/git/refs", {"ref": "refs/tags/v1", "sha": sha})
    assert refused(api, store, tag)[0] == 422
    assert api("POST", f"{R}/git/refs", {"ref": "refs/heads/v1", "sha": sha}).status_code == 201


def test_a_check_that_succeeded_lets_a_commit_in(api: Api, store: Store) -> None:
    """The checks of the new commit count, with the word of their result."""
    rule(api, checks("ci"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    develop = heads(store)["develop"]
    move = ("PATCH", f"{R}/git/refs/heads/main", {"sha": develop})
    results = store.repositories[41].checks.setdefault(develop, {})
    for result, word in (("pending", "pending"), ("failure", "failing")):
        results["ci"] = result
        assert f'Required status check "ci" is {word}.' in refused(api, store, move)[1]
    results["ci"] = "success"
    assert api(*move).status_code == 200


def test_checks_in_several_states(api: Api, store: Store) -> None:
    """One sentence counts them by state."""
    rule(api, checks("a", "b", "c"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    develop = heads(store)["develop"]
    store.repositories[41].checks[develop] = {"a": "success", "b": "pending"}
    said = refused(api, store, ("PATCH", f"{R}/git/refs/heads/main", {"sha": develop}))[1]
    words = "2 of 3 required status checks have not succeeded: 1 pending and 1 expected."
    assert words in said


def test_commits_of_an_app_are_signed(api: Api, store: Store) -> None:
    """GitHub signs an App's commit unless it names an author; nobody else's by this route."""
    app = {"token": "app", "login": "boss", "kind": "app", "app": "change-gate"}
    plant(store, Seed.model_validate({"tokens": [app]}))
    rule(api, {"type": "required_signatures"})
    named = FILE | {"author": {"name": "Bot", "email": "bot@acme.example"}}
    for token, body, status in ((ADMIN, FILE, 409), ("app", named, 409), ("app", FILE, 201)):
        assert api("PUT", f"{R}/contents/x", body, token=token).status_code == status
    tip = api("GET", f"{R}/commits/main").get_json()
    assert tip["commit"]["verification"]["reason"] == "valid"
    assert (
        api("GET", f"{R}/commits/develop").get_json()["commit"]["verification"]["verified"] is False
    )
